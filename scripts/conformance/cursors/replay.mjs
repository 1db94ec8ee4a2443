// Has a client go on from cursors of releases.
import { ensure, same } from "../check.mjs";
import { itemsOf } from "../delivered.mjs";
import { logNames } from "../model/expect.mjs";
import { folderOf } from "../play.mjs";
import { Post } from "../post.mjs";
import { explained } from "../run.mjs";
import { keptFiles, rangesOf, readKept, sha256 } from "./kept.mjs";

/** @typedef {import("./kept.mjs").Kept} Kept */

const BATCH = 7;

/**
 * @param {import("./table.mjs").Ready} client
 * @returns {Promise<{ client: string, replayed: Record<string, number>, failures: import("../run.mjs").Failure[] }>}
 *   how many by version
 */
export async function replayKept({ name: client, started }) {
  const post = new Post(started, BATCH);
  /** @type {Record<string, number>} */
  const replayed = {};
  const failures = [];
  let turn = 0;
  for (const file of await keptFiles()) {
    const [version = ""] = file.split("/");
    const { fixture, cursors } = await readKept(file);
    for (const kept of cursors) {
      turn += 1;
      try {
        const ways = (await post.ways()).filter((way) => way !== "bytes text");
        await replay(await post.agent(), String(ways[turn % ways.length]), fixture, kept);
        replayed[version] = (replayed[version] ?? 0) + 1;
      } catch (error) {
        const why = `${kept.cursor}: ${explained(error)}`;
        failures.push({ client, way: "replays", batch: BATCH, name: `cursors/${file}`, why });
      }
    }
  }
  const why = await post.close();
  if (why) failures.push({ client, way: "replays", batch: BATCH, name: "the end", why });
  return { client, replayed, failures };
}

let streams = 0;

/** @param {import("../agent.mjs").Agent} agent @param {string} way @param {string} fixture @param {Kept} kept */
async function replay(agent, way, fixture, { cursor, options, follows, sha256: wanted }) {
  streams += 1;
  const stream = `replay ${streams}`;
  const request = { folder: folderOf(fixture), options: { ...options, fromCursor: cursor } };
  await agent.ask("open", { way, stream, ...request });
  const answer = await agent.ask("read", { way, stream, count: null });
  await agent.ask("close", { way, stream });
  same("the error", answer.error, null);
  ensure(answer.ended, "the stream has not ended");
  /** @type {any[]} */
  const items = itemsOf(way, answer) ?? [];
  const byLog = /** @type {any} */ (
    Object.fromEntries(logNames.map((log) => [log, items.filter((item) => logOf(item) === log)]))
  );
  same("what follows", rangesOf(mapped(byLog, numbered)), follows);
  const data = logNames.flatMap((log) => byLog[log].map(dataOf));
  same("the SHA-256 of what follows", sha256(Buffer.concat(data)), wanted);
}

/** @param {any} byLog @param {(item: any) => any} change */
function mapped(byLog, change) {
  return /** @type {any} */ (
    Object.fromEntries(logNames.map((log) => [log, byLog[log].map(change)]))
  );
}

/** @param {any} item */
function numbered(item) {
  return item.type === "gap" ? { gap: item } : { sequence: item.sequence ?? item.json.sequence };
}

/** @param {any} item */
function logOf(item) {
  return item.log ?? item.json.log;
}

/** @param {any} item */
function dataOf(item) {
  if (item.type === "gap") return Buffer.alloc(0);
  if (item.data !== undefined) return Buffer.from(item.data, "base64");
  const { data, encoding } = item.json;
  return Buffer.from(data, encoding === "base64" ? "base64" : "utf8");
}
