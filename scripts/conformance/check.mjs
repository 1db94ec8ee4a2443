// Compares what was delivered with what is expected, and says where they differ.
import { timeText } from "./fixtures/ids.mjs";
import { decodeCursor } from "./model/cursor.mjs";
import { firstOf, isGap, lastOf, logNames } from "./model/expect.mjs";
import { lineOf, textOf } from "./model/text.mjs";

/**
 * @typedef {import("./model/expect.mjs").Manifest} Manifest
 * @typedef {import("./model/expect.mjs").Expected} Expected
 * @typedef {import("./model/expect.mjs").Item} Item
 * @typedef {import("./model/expect.mjs").LogName} LogName
 * @typedef {Record<LogName, number>} Counts how many items of each log were handed over
 */

/** What a language has no way to ask for. */
export class Inexpressible extends Error {}

/** What is not as it should be. */
export class Difference extends Error {}

/** @param {boolean} holds @param {string} otherwise */
export function ensure(holds, otherwise) {
  if (!holds) throw new Difference(otherwise);
}

/** @param {string} what @param {unknown} found @param {unknown} wanted */
export function same(what, found, wanted) {
  const [a = "", b = ""] = [found, wanted].map((value) => JSON.stringify(value, sortedKeys));
  if (a === b) return;
  const at = [...a].findIndex((character, i) => character !== b[i]);
  const start = Math.max(0, at - 200);
  const [shownA, shownB] = [a, b].map((text) => text.slice(start, start + 600));
  ensure(false, `${what} is ${shownA}, expected is ${shownB}`);
}

/** @param {string} _ @param {any} value */
function sortedKeys(_, value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Follows one stream, or looks at one snapshot. */
export class Check {
  /** @type {Counts} */
  counts = { exec: 0, runtime: 0, kernel: 0 };
  /** Log and item of all that was handed over, in order. @type {{ log: LogName, item: Item }[]} */
  all = [];

  /** @param {Manifest} manifest @param {Expected} expected */
  constructor(manifest, expected) {
    this.manifest = manifest;
    this.expected = expected;
  }

  /** @param {any[]} items as the client handed them over */
  take(items) {
    for (const found of items) {
      const log = /** @type {LogName} */ (
        found.type === "gap" ? found.log : (found.log ?? found.json.log)
      );
      const list = this.expected.items[log];
      const wanted = list?.[this.counts[log]];
      const shown = JSON.stringify(found).slice(0, 300);
      if (!wanted) throw new Difference(`more than is expected of ${log}: ${shown}`);
      this.counts[log] += 1;
      this.all.push({ log, item: wanted });
      if (isGap(wanted)) this.#gap(log, found, wanted.gap);
      else this.#entry(log, found, wanted);
    }
  }

  /** @param {LogName} log @param {any} found @param {import("./model/expect.mjs").GapRange} wanted */
  #gap(log, { resumeCursor, json: _, ...found }, wanted) {
    same(`gap ${wanted.from} of ${log}`, found, { type: "gap", log, ...wanted });
    this.cursor(resumeCursor, { at: log });
  }

  /** @param {LogName} log @param {any} found @param {import("./model/expect.mjs").Entry} wanted */
  #entry(log, { cursor, json, ...found }, wanted) {
    const what = `entry ${wanted.sequence} of ${log}`;
    const bytes = Buffer.from(wanted.data, "base64");
    const { source, session, sequence, nanos, level, part } = wanted;
    if (Object.keys(found).length > 1) {
      same(what, found, {
        ...{ type: "entry", log, source, sessionId: session, sequence, timestampNanos: nanos },
        ...{ level, part, data: wanted.data, text: textOf(bytes), line: lineOf(bytes) },
      });
    }
    if (json !== undefined) {
      const utf8 = Buffer.from(textOf(bytes)).equals(bytes);
      same(`${what} as JSON`, json, {
        ...{ timestamp: timeText(BigInt(nanos)), log, source, sessionId: session, sequence, level },
        data: utf8 ? textOf(bytes) : wanted.data,
        ...(utf8 ? {} : { encoding: "base64" }),
        ...(part === null ? {} : { part }),
      });
    }
    if (cursor !== undefined) this.cursor(cursor, { at: log });
  }

  /**
   * A cursor, or a position, of a reader who has been handed what was counted so far: exact in the log of the
   * entry that it belongs to; else nothing between it and the next item is wanted.
   *
   * @param {string} text
   * @param {{ at?: LogName }} [how]
   */
  cursor(text, { at } = {}) {
    const cursor = decodeCursor(text);
    same("the cursor's log id", cursor.logId, this.manifest.logId);
    for (const log of logNames) {
      const position = cursor[log];
      const reached = position?.sequence ?? 0;
      const [low, high] = this.#bounds(log, at === log);
      ensure(
        reached >= low && reached <= high,
        `${at ? "a cursor" : "the position"} stands at ${reached} of ${log}, expected is ${low} to ${high}`,
      );
      if (position && position.segment !== 0) this.#hint(log, position, at === log);
    }
  }

  /** @param {LogName} log @param {boolean} exact @returns {[number, number]} */
  #bounds(log, exact) {
    const { items, reach, start, selected } = this.expected;
    const count = this.counts[log];
    const before = items[log][count - 1];
    const low = before ? lastOf(before) : (start[log] ?? 0);
    if (exact || !selected.includes(log)) return [low, low];
    const next = items[log][count];
    return [low, next ? Math.max(low, firstOf(next) - 1) : Math.max(low, reach[log])];
  }

  /** Stands not after the next entry, and of an entry's own cursor after that entry. @param {LogName} log @param {import("./model/cursor.mjs").LogPosition} position @param {boolean} own */
  #hint(log, { sequence, segment, offset, tag }, own) {
    const { segments, items } = this.manifest.logs[log];
    // Of a log that is being written, its author knows no segments.
    if (!segments) return;
    const known = segments.find(({ number }) => number === segment);
    if (!known) throw new Difference(`a cursor's hint is segment ${segment}, which there is not`);
    same(`the tag of segment ${segment} in a cursor`, tag, known.tag);
    for (const item of items) {
      if (isGap(item) || item.segment !== segment) continue;
      const { from = 0, to = 0 } = item;
      if (own && item.sequence <= sequence)
        ensure(offset >= to, `a hint stands before entry ${sequence}`);
      if (item.sequence > sequence) ensure(offset <= from, `a hint stands after ${item.sequence}`);
    }
  }

  /** All that is expected has been handed over. */
  complete() {
    for (const log of logNames) {
      const missing = this.expected.items[log][this.counts[log]];
      if (missing) throw new Difference(`${log} lacks all from ${firstOf(missing)} on`);
    }
  }

  /** @param {any} end @param {string} [reason] */
  end(end, reason = this.expected.end) {
    const logs = this.expected.selected.map((log) => [log, this.#totals(log)]);
    same("the end", end, { reason, logs: Object.fromEntries(logs) });
  }

  /** @param {LogName} log */
  #totals(log) {
    const items = this.expected.items[log].slice(0, this.counts[log]);
    const entries = items.flatMap((item) => (isGap(item) ? [] : [item]));
    return {
      entries: entries.length,
      bytes: entries.reduce((sum, { data }) => sum + Buffer.from(data, "base64").length, 0),
      firstSequence: entries.at(0)?.sequence ?? null,
      lastSequence: entries.at(-1)?.sequence ?? null,
      gaps: items.length - entries.length,
    };
  }
}
