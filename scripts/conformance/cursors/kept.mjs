// Cursors of releases, as they were given out then, with what has to follow them.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../paths.mjs";
import { shown } from "../by-hand.mjs";
import { expectation, isGap, logNames } from "../model/expect.mjs";
import { manifestOf } from "../play.mjs";

/**
 * @typedef {import("../model/expect.mjs").Item} Item
 * @typedef {import("../model/expect.mjs").LogName} LogName
 * @typedef {Partial<Record<LogName, string>>} Ranges as in `"7-9, gap 10-12 rotated, 13"`; logs without anything are left out
 *
 * @typedef {object} Kept
 * @property {string} cursor
 * @property {string[]} by the clients that gave it out
 * @property {any} options with which it is resumed
 * @property {Ranges} follows
 * @property {string} sha256 of the data of its data, the logs one after another
 */

export const keptFolder = join(root, "conformance/cursors");
const sums = join(keptFolder, "SHA256SUMS");

/** The names of those plans whose cursors are kept: the others' are of the same kinds. */
export const plansKept = ["all sources", "stderr", "a tail", "gaps as errors", "a snapshot"];

/** @returns {Promise<string>} the version that is being worked on */
export async function currentVersion() {
  const text = await readFile(join(root, "Cargo.toml"), "utf8");
  const version = text.match(/^version = "(.*)"$/m)?.[1];
  if (!version) throw new Error("Cargo.toml has no version");
  return version;
}

/** @returns {Promise<string[]>} as `0.1.0/plain.json` */
export async function keptFiles() {
  const entries = await readdir(keptFolder, { withFileTypes: true }).catch(() => []);
  const versions = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const files = versions.map(async (version) =>
    (await readdir(join(keptFolder, version))).map((name) => `${version}/${name}`),
  );
  return (await Promise.all(files)).flat().sort();
}

/** @param {string} file @returns {Promise<{ fixture: string, cursors: Kept[] }>} */
export async function readKept(file) {
  return JSON.parse(await readFile(join(keptFolder, file), "utf8"));
}

/** @returns {Promise<string[]>} what is not as it was when it was kept */
export async function changedKept() {
  const lines = (await readFile(sums, "utf8").catch(() => "")).split("\n").filter(Boolean);
  const known = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
  const files = await keptFiles();
  const gone = [...known.keys()].filter((file) => !files.includes(file));
  const found = await Promise.all(
    files.map(async (file) => {
      const content = await readFile(join(keptFolder, file));
      return sha256(content) === known.get(file) ? [] : [file];
    }),
  );
  return [...gone, ...found.flat()];
}

/**
 * Keeps cursors of a version, of each fixture once and for all.
 *
 * @param {string} version
 * @param {(import("./save.mjs").Saved & { client: string })[]} saved
 * @param {string} [folder]
 * @returns {Promise<number>} how many
 */
export async function keepCursors(version, saved, folder = keptFolder) {
  // Who has such a cursor keeps it: what it means is settled.
  const fresh = saved.filter(
    ({ fixture }) => !existsSync(join(folder, version, `${fixture}.json`)),
  );
  if (fresh.length === 0) {
    throw new Error(`cursors of ${version} are kept already, and never written again`);
  }
  await mkdir(join(folder, version), { recursive: true });
  const kept = new Map();
  for (const one of fresh) {
    const key = JSON.stringify([one.fixture, one.cursor, one.options]);
    const { by } = kept.get(key) ?? { by: [] };
    kept.set(key, { one, by: [...new Set([...by, one.client])].sort() });
  }
  const lines = [];
  for (const fixture of new Set(fresh.map((one) => one.fixture))) {
    const ofFixture = [...kept.values()].filter(({ one }) => one.fixture === fixture);
    const cursors = await Promise.all(ofFixture.map(({ one, by }) => described(one, by)));
    const texts = cursors.map((cursor) => `\n  ${JSON.stringify(cursor)}`).sort();
    const content = `{"fixture":"${fixture}","cursors":[${texts.join(",")}\n]}\n`;
    const file = `${version}/${fixture}.json`;
    await writeFile(join(folder, file), content);
    lines.push(`${sha256(content)}  ${file}\n`);
  }
  await writeFile(join(folder, "SHA256SUMS"), lines.sort().join(""), { flag: "a" });
  return kept.size;
}

/** @param {import("./save.mjs").Saved} saved @param {string[]} by @returns {Promise<Kept>} */
async function described({ fixture, cursor, options, after }, by) {
  const { items } = expectation(await manifestOf(fixture), options, after);
  const data = logNames.flatMap((log) =>
    items[log].flatMap((item) => (isGap(item) ? [] : [Buffer.from(item.data, "base64")])),
  );
  return { cursor, by, options, follows: rangesOf(items), sha256: sha256(Buffer.concat(data)) };
}

/** @param {Record<LogName, Item[]>} items @returns {Ranges} */
export function rangesOf(items) {
  const found = logNames.filter((log) => items[log].length > 0);
  return Object.fromEntries(found.map((log) => [log, shown(items[log])]));
}

/** @param {string | Buffer} content */
export function sha256(content) {
  return createHash("sha256").update(content).digest("hex");
}
