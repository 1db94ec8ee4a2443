// What lies on disk, read without Silt: lines of JSON.
import { createReadStream } from "node:fs";
import { open, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

/**
 * @typedef {import("./ledger.mjs").Gap} Gap
 *
 * @typedef {object} OnDisk of the log `exec`
 * @property {number} first the lowest number that a header accounts for
 * @property {number} last the newest entry, 0 for none
 * @property {Gap[]} gaps that headers state, in order
 */

/** The numbers of the segments, oldest first. @param {string} folder */
async function segments(folder) {
  const found = (await readdir(folder)).map((name) => name.match(/^exec\.log\.(\d+)$/)?.[1]);
  return found
    .filter((number) => number !== undefined)
    .sort((a, b) => Number(a) - Number(b))
    .map((number) => join(folder, `exec.log.${number}`));
}

/** The first line. @param {string} path */
async function header(path) {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1 << 16), 0, 1 << 16, 0);
    const text = buffer.toString("utf8", 0, bytesRead);
    return JSON.parse(text.slice(0, text.indexOf("\n")));
  } finally {
    await file.close();
  }
}

/** The lowest number that is accounted for; of a log that is written meanwhile. @param {string} folder */
export async function oldestNumber(folder) {
  for (;;) {
    const [oldest] = await segments(folder);
    if (oldest === undefined) return Number.POSITIVE_INFINITY;
    try {
      return Number((await header(oldest)).first);
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOENT") throw error;
    }
  }
}

/** Of a log that nobody writes just now. @param {string} folder @returns {Promise<OnDisk>} */
export async function onDisk(folder) {
  const paths = await segments(folder);
  const headers = await Promise.all(paths.map(header));
  const last = await lastEntryOf(folder);
  const gaps = headers.flatMap(({ gap }) => gap ?? []);
  const first = Number(headers[0]?.first ?? 1);
  return { first, last: Math.max(last, ...gaps.map(({ to }) => to)), gaps };
}

/** The number of the last entry that there is; of a log that is written meanwhile too. @param {string} folder */
export async function lastEntryOf(folder) {
  for (const path of (await segments(folder)).toReversed()) {
    const last = await lastEntry(await open(path));
    if (last > 0) return last;
  }
  return 0;
}

/**
 * The newest segment that a stopped process has open, held: it can still be read when it was evicted. Which one that is
 * the process itself shows: a newer one may be there that it has not seen.
 *
 * @param {number} process its id
 */
export async function holdOpened(process) {
  const opened = `/proc/${process}/fd`;
  /** @type {[string, string][]} */
  const segments = [];
  for (const name of await readdir(opened)) {
    const descriptor = join(opened, name);
    const target = await readlink(descriptor).catch(() => "");
    const number = target.match(/\/exec\.log\.(\d+)(?: \(deleted\))?$/)?.[1];
    if (number !== undefined) segments.push([number, descriptor]);
  }
  const newest = segments.sort(([a], [b]) => Number(a) - Number(b)).at(-1);
  return newest === undefined ? undefined : await open(newest[1]);
}

/** The number of the last entry of a segment, which is closed; 0 for none. @param {import("node:fs/promises").FileHandle} file */
export async function lastEntry(file) {
  let last = 0;
  const stream = createReadStream("", { fd: file, start: 0 });
  for await (const line of createInterface({ input: stream })) {
    // A torn line at the end has no end to its data.
    const number = line.endsWith("}") ? line.match(/^\{"t":.*?"n":(\d+),/)?.[1] : undefined;
    last = Number(number ?? last);
  }
  return last;
}
