// Follows a log in a process of its own and hands on what it is given, until it has had enough or is killed:
//
//   node stint-program.mjs FOLDER ENTRIES [CURSOR]
//
// Frames on standard output: two little-endian u32 lengths, a header as JSON, the bytes of its parts one after another.
import { writeSync } from "node:fs";
import { LogDirectory } from "@silt/sandbox";

/** @typedef {import("@silt/sandbox").LogEntry} LogEntry @typedef {import("@silt/sandbox").LogGap} LogGap */

const [folder = "", enough = "0", cursor] = process.argv.slice(2);
const directory = await LogDirectory.open(folder);

/** The number of the oldest entry that there is. */
async function oldest() {
  const stream = await directory.logStream({ sources: "all", onGap: "report" });
  for await (const item of stream) {
    if (item.log === "exec") return item.type === "gap" ? item.from : item.sequence;
  }
  return Number.POSITIVE_INFINITY;
}

/** @param {(LogEntry | LogGap)[]} items @param {string} position */
async function frame(items, position) {
  /** @type {object[]} */
  const spans = [];
  /** @type {Map<string, Uint8Array[]>} */
  const parts = new Map();
  let span = { from: 0, to: -1 };
  for (const item of items) {
    if (item.log !== "exec") continue;
    if (item.type === "gap") {
      const { from, to, lost, reason } = item;
      // What is reported as gone must be gone.
      const held = reason === "rotated" ? await oldest() : undefined;
      spans.push({ gap: { from, to, lost, reason }, held });
      span = { from: 0, to: -1 };
      continue;
    }
    if (item.sequence === span.to + 1) span.to += 1;
    else {
      span = { from: item.sequence, to: item.sequence };
      spans.push(span);
    }
    const key = `${item.sessionId} ${item.source}`;
    const data = parts.get(key);
    if (data === undefined) parts.set(key, [item.data]);
    else data.push(item.data);
  }
  const payloads = [...parts].map(([key, data]) => ({ key, data: Buffer.concat(data) }));
  const header = Buffer.from(
    JSON.stringify({
      position,
      spans,
      parts: payloads.map(({ key, data }) => [key, data.length]),
    }),
  );
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32LE(header.length, 0);
  lengths.writeUInt32LE(
    payloads.reduce((sum, { data }) => sum + data.length, 0),
    4,
  );
  return Buffer.concat([lengths, header, ...payloads.map(({ data }) => data)]);
}

/** @param {Buffer} bytes */
function print(bytes) {
  for (let rest = bytes; rest.length > 0; ) rest = rest.subarray(writeSync(1, rest));
}

const stream = await directory.logStream({
  sources: "all",
  follow: true,
  onGap: "report",
  ...(cursor === undefined ? {} : { fromCursor: cursor }),
});
let taken = 0;
for await (const items of stream.batches()) {
  print(await frame(items, stream.position));
  taken += items.length;
  if (taken >= Number(enough)) process.exit(7);
}
