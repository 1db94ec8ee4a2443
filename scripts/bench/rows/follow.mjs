import { quantile } from "../median.mjs";
import { startReader } from "../readers/start.mjs";

/** @typedef {import("./row.mjs").Row} Row */

/**
 * How a program's log is written while a reader follows it.
 *
 * @typedef {(kind: "lines" | "stamps", count: number, number: number, name?: string) => Promise<{ sandbox: string, write: () => Promise<void>, stop: () => Promise<void> }>} Live
 */

const STAMPS = 1000;
const STAMP_INTERVAL_MS = 5;
const ROTATED_LINES = 20_000;
const ROTATE_EVERY = 500;

/** @param {string} peer @param {Live} live @param {"lines" | "stamps"} kind @param {number} count @param {number} number */
async function follow(peer, live, kind, count, number) {
  const { sandbox, write, stop } = await live(kind, count, number);
  const reader = startReader("follow", peer, sandbox, kind, String(count));
  await reader.next();
  const result = reader.next();
  await write();
  const seen = await result;
  await stop();
  return seen;
}

/** @param {Record<string, Live>} peers @returns {Promise<Row[]>} */
export async function followRows(peers) {
  /** @type {Row} */
  const half = {
    id: "follow-p50",
    what: "Follow, from the write to Node's callback, median",
    unit: "ms",
    better: "lower",
    figures: {},
  };
  /** @type {Row} */
  const most = { ...half, id: "follow-p99", what: "… and 99th percentile", figures: {} };
  /** @type {Row} */
  const rotated = {
    id: "rotation",
    what: `Entries lost of ${ROTATED_LINES.toLocaleString("en")} followed live, rotated every ${ROTATE_EVERY}`,
    unit: "lost",
    better: "lower",
    figures: {},
  };
  for (const [peer, live] of Object.entries(peers)) {
    const stamped = await follow(peer, live, "stamps", STAMPS, STAMP_INTERVAL_MS);
    half.figures[peer] = { value: quantile(stamped.delays, 0.5), lost: stamped.lost, repeated: 0 };
    most.figures[peer] = { value: quantile(stamped.delays, 0.99) };
    const { lost, repeated } = await follow(peer, live, "lines", ROTATED_LINES, ROTATE_EVERY);
    rotated.figures[peer] = { value: lost, lost, repeated };
  }
  return [half, most, rotated];
}
