import { createHash } from "node:crypto";

/** @typedef {import("@silt/sandbox").LogEntry} LogEntry @typedef {import("@silt/sandbox").LogGap} LogGap */

/** What a reader of the log `exec` must see: every number once, in order, as an entry or inside a gap. */
export class Model {
  /** Unknown before the first item: a log whose beginning was evicted is read from what is left. */
  #next = 0;
  /** @type {Map<string, { hash: import("node:crypto").Hash, bytes: number }>} */
  #sources = new Map();
  gaps = 0;
  /** The number of the first item. */
  first = 0;

  /** @param {LogEntry | LogGap} item */
  add(item) {
    if (item.log !== "exec") return;
    if (item.type === "gap") {
      this.#expect(item.from, `a gap from ${item.from} to ${item.to}`);
      this.#next = item.to + 1;
      this.gaps += 1;
      return;
    }
    this.#expect(item.sequence, `entry ${item.sequence}`);
    this.#next += 1;
    const source = this.#sources.get(item.source) ?? { hash: createHash("sha256"), bytes: 0 };
    source.hash.update(item.data);
    source.bytes += item.data.length;
    this.#sources.set(item.source, source);
  }

  /** @param {number} number @param {string} what */
  #expect(number, what) {
    if (this.#next === 0) {
      this.first = number;
      this.#next = number;
    }
    if (number !== this.#next) throw new Error(`${what} came where ${this.#next} was due`);
  }

  /** The number that is due next. */
  get next() {
    return this.#next;
  }

  /** @param {string} source */
  digest(source) {
    const { hash, bytes } = this.#sources.get(source) ?? { hash: createHash("sha256"), bytes: 0 };
    return { bytes, sha256: hash.copy().digest("hex") };
  }
}
