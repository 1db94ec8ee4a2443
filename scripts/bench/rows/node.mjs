import { startReader } from "../readers/start.mjs";

/** @typedef {import("./row.mjs").Row} Row */

/**
 * Reading a whole log in Node, as a stream and at once.
 *
 * @param {readonly ("silt" | "microsandbox")[]} peers
 * @param {string} sandbox
 * @param {number} count
 * @returns {Promise<Row[]>}
 */
export async function nodeRows(peers, sandbox, count) {
  /** @type {Row} */
  const stream = {
    id: "node-stream",
    what: `Node, \`for await\` over ${count.toLocaleString("en")} entries`,
    unit: "entries/s",
    better: "higher",
    figures: {},
  };
  /** @type {Row} */
  const snapshot = {
    ...stream,
    id: "node-snapshot",
    what: "Node, `logs()` of them all",
    figures: {},
  };
  /** @type {Row} */
  const memory = {
    id: "node-snapshot-memory",
    what: "… and its peak memory",
    unit: "MB",
    better: "lower",
    figures: {},
  };
  for (const peer of peers) {
    const streamed = await startReader("read", peer, sandbox, "stream", String(count)).next();
    const { lost, repeated } = streamed;
    stream.figures[peer] = { value: count / streamed.seconds, lost, repeated };
    const read = await startReader("read", peer, sandbox, "snapshot", String(count)).next();
    snapshot.figures[peer] = {
      value: count / read.seconds,
      lost: read.lost,
      repeated: read.repeated,
    };
    memory.figures[peer] = { value: read.peakBytes / 1e6 };
  }
  return [stream, snapshot, memory];
}
