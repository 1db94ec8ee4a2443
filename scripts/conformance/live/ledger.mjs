import { ensure } from "../check.mjs";
import { nanosOf } from "../fixtures/ids.mjs";
import { isGap, lastOf, logNames } from "../model/expect.mjs";

/**
 * @typedef {import("../model/expect.mjs").Manifest} Manifest
 * @typedef {import("../model/expect.mjs").Item} Item
 */

/** What a writer was told to write, as it goes on: a manifest that grows. */
export class Ledger {
  /** @type {Item[]} */
  items = [];
  /** How far retention took the log, where the reader has to be told. */
  #last = 0;
  /** @type {Map<number, [bigint, bigint]>} between which times an entry was written, in nanoseconds since 1970 */
  #times = new Map();

  get last() {
    return this.#last;
  }

  /**
   * @param {{ data: string, source: string, session: number, level?: string, part?: string | null }} entry
   * @param {[bigint, bigint]} between
   */
  add({ data, source, session, level = "INFO", part = null }, between) {
    this.#last += 1;
    this.#times.set(this.#last, between);
    this.items.push({
      ...{ sequence: this.#last, nanos: "", source, session, level, part },
      data: Buffer.from(data).toString("base64"),
    });
  }

  /** An entry's time is the writer's to say, within what is possible. @param {any} found */
  timed(found) {
    const sequence = found.sequence ?? found.json.sequence;
    const item = this.items.find((item) => !isGap(item) && item.sequence === sequence);
    const between = this.#times.get(sequence);
    if (!item || isGap(item) || !between) return;
    const text = found.timestampNanos ?? String(nanosOf(found.json.timestamp));
    const nanos = BigInt(text);
    ensure(
      nanos >= between[0] && nanos <= between[1],
      `entry ${sequence} was written between ${between.join(" and ")}, not ${text}`,
    );
    item.nanos = text;
  }

  /** What retention took before it was read is a gap. @param {{ from: number, to: number }} range */
  lose({ from, to }) {
    const held = this.items.filter(
      (item) => isGap(item) || item.sequence < from || item.sequence > to,
    );
    const at = held.filter((item) => lastOf(item) < from).length;
    held.splice(at, 0, { gap: { from, to, lost: to - from + 1, reason: "rotated" } });
    this.items = held;
  }

  /** @param {string} logId @param {Manifest["state"]} state @returns {Manifest} */
  manifest(logId, state) {
    const none = { evicted: 0, last: 0, items: [] };
    const exec = { ...none, last: this.#last, items: this.items };
    const logs = Object.fromEntries(logNames.map((log) => [log, log === "exec" ? exec : none]));
    return { name: "live", logId, state, logs: /** @type {Manifest["logs"]} */ (logs) };
  }
}

/** @returns {bigint} now, in nanoseconds since 1970, and at most a millisecond early */
export function nowNanos() {
  return BigInt(Date.now()) * 1_000_000n;
}
