import { median, quantile } from "../median.mjs";

/** @typedef {import("./row.mjs").Row} Row @typedef {import("./row.mjs").Figure} Figure */
/** @typedef {import("../languages/language.mjs").Language} Language @typedef {import("../languages/language.mjs").Peer} Peer */

// A peer that takes more than a minute is measured once.
/** @type {Record<Peer, number>} */
const DRAINS = { silt: 5, microsandbox: 1 };
/** @type {Record<Peer, number>} */
const FOLLOWS = { silt: 3, microsandbox: 3 };
const STAMPS = 1000;
const STAMP_INTERVAL_MS = 5;

/** @param {{ lost: number, repeated: number }[]} runs what any of them lost or got twice */
function counts(runs) {
  const lost = Math.max(...runs.map((run) => run.lost));
  return { lost, repeated: Math.max(...runs.map((run) => run.repeated)) };
}

/**
 * A whole log, read in each language. In turns, so that a slow moment of the machine meets all of them.
 *
 * @param {Language[]} languages
 * @param {string} sandbox
 * @param {number} count how many entries it has
 * @param {Record<Peer, number>} [times]
 * @returns {Promise<Row[]>}
 */
export async function drainRows(languages, sandbox, count, times = DRAINS) {
  /** @type {Map<string, { seconds: number, lost: number, repeated: number }[]>} */
  const runs = new Map();
  for (let run = 0; run < Math.max(...Object.values(times)); run += 1) {
    for (const { id, peers } of languages) {
      for (const [peer, readers] of Object.entries(peers)) {
        if (run >= times[/** @type {Peer} */ (peer)]) continue;
        const key = `${id} ${peer}`;
        const told = await readers.read(sandbox, count).next();
        runs.set(key, [...(runs.get(key) ?? []), told]);
      }
    }
  }
  return languages.map(({ id, title, peers }) => ({
    id: `drain-${id}`,
    what: title,
    unit: "entries/s",
    better: "higher",
    figures: figures(peers, (peer) => {
      const told = runs.get(`${id} ${peer}`) ?? [];
      return { value: count / median(told.map(({ seconds }) => seconds)), ...counts(told) };
    }),
  }));
}

/**
 * How long an entry takes from its writing into the hands of a follower, in each language.
 *
 * @param {Language[]} languages
 * @param {Record<Peer, import("./follow.mjs").Live>} live
 * @param {{ times?: Record<Peer, number>, stamps?: number }} [options]
 * @returns {Promise<Row[]>}
 */
export async function wakeRows(languages, live, { times = FOLLOWS, stamps = STAMPS } = {}) {
  /** @type {Row[]} */
  const rows = [];
  for (const { id, title, peers } of languages) {
    /** @type {Record<string, Figure>} */
    const half = {};
    /** @type {Record<string, Figure>} */
    const most = {};
    for (const [name, readers] of Object.entries(peers)) {
      const peer = /** @type {Peer} */ (name);
      /** @type {{ delays: number[], lost: number, repeated: number }[]} */
      const runs = [];
      for (let run = 0; run < times[peer]; run += 1) {
        const { sandbox, write, stop } = await live[peer](
          ...[/** @type {const} */ ("stamps"), stamps, STAMP_INTERVAL_MS],
          `${id}-${run}`,
        );
        const reader = readers.follow(sandbox, stamps);
        await reader.next();
        const told = reader.next();
        await write();
        runs.push(await told);
        await stop();
      }
      const at = (/** @type {number} */ share) =>
        median(runs.map(({ delays }) => quantile(delays, share)));
      half[peer] = { value: at(0.5), ...counts(runs) };
      most[peer] = { value: at(0.99) };
    }
    const common = /** @type {const} */ ({ unit: "ms", better: "lower" });
    rows.push(
      { id: `wake-${id}-p50`, what: `${title}, median`, ...common, figures: half },
      { id: `wake-${id}-p99`, what: "… and 99th percentile", ...common, figures: most },
    );
  }
  return rows;
}

/** @param {Language["peers"]} peers @param {(peer: Peer) => Figure} figure */
function figures(peers, figure) {
  const names = /** @type {Peer[]} */ (Object.keys(peers));
  return Object.fromEntries(names.map((peer) => [peer, figure(peer)]));
}
