// What a reader of a log is to be given, from what the log's writer was asked to write.
import { nanosOf } from "../fixtures/ids.mjs";
import { plainText } from "./text.mjs";

/**
 * @typedef {"exec" | "runtime" | "kernel"} LogName
 * @typedef {{ from: number, to: number, lost: number | null, reason: string }} GapRange
 * @typedef {object} Entry
 * @property {number} sequence
 * @property {string} nanos
 * @property {string} source
 * @property {number | null} session
 * @property {string} level
 * @property {string | null} part
 * @property {string} data base64
 * @property {number} [segment]
 * @property {number} [from]
 * @property {number} [to]
 * @typedef {{ gap: GapRange, newest?: string }} Gap `newest`: when the last of what is gone was written
 * @typedef {Entry | Gap} Item
 *
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} logId
 * @property {{ logId: string, exec: number, runtime: number, kernel: number }[]} [ancestors]
 * @property {"stopped" | "crashed"} state
 * @property {Record<LogName, { evicted: number, last: number, segments?: { number: number, tag: string, form: string }[], items: Item[] }>} logs
 *
 * @typedef {Partial<Record<LogName, number | null>>} Start the number that a cursor stands after, null for unread
 *
 * @typedef {object} Expected
 * @property {LogName[]} selected
 * @property {Record<LogName, Item[]>} items
 * @property {Record<LogName, number>} reach how far a position may stand at the end
 * @property {Start} start
 * @property {boolean} truncated
 * @property {boolean} stopsAtGap the last item of a log is a gap that ends the stream
 * @property {string} end
 */

/** @type {LogName[]} */
export const logNames = ["exec", "runtime", "kernel"];
const levels = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

/** @param {Item} item @returns {item is Gap} */
export function isGap(item) {
  return "gap" in item;
}

/** @param {Item} item the first number that it accounts for */
export function firstOf(item) {
  return isGap(item) ? item.gap.from : item.sequence;
}

/** @param {Item} item the last number that it accounts for */
export function lastOf(item) {
  return isGap(item) ? item.gap.to : item.sequence;
}

/**
 * @param {Manifest} manifest
 * @param {any} options
 * @param {Start} [start]
 * @returns {Expected}
 */
export function expectation(manifest, options, start = {}) {
  const selected = logsOf(options);
  const wants = filterOf(options, partsBefore(manifest));
  const until = options.until === undefined ? undefined : timeOf(options.until);
  const items = /** @type {Record<LogName, Item[]>} */ ({ exec: [], runtime: [], kernel: [] });
  const reach = { exec: 0, runtime: 0, kernel: 0 };
  let truncated = false;
  let cut = false;
  for (const log of logNames) {
    const { evicted, last } = manifest.logs[log];
    reach[log] = start[log] ?? 0;
    if (!selected.includes(log)) continue;
    const after = itemsAfter(manifest.logs[log], start[log] ?? null);
    const all = options.since === undefined ? after : itemsSince(after, timeOf(options.since));
    const stop =
      until === undefined
        ? -1
        : all.findIndex((item) => !isGap(item) && BigInt(item.nanos) >= until);
    const begin = options.since === undefined ? -1 : firstSince(all, timeOf(options.since));
    const stopped = all[stop];
    const read = stopped ? all.slice(0, stop) : all;
    reach[log] = stopped ? firstOf(stopped) - 1 : Math.max(last, start[log] ?? 0);
    // What lies before the time that was asked for counts as skipped.
    if (begin >= 0) reach[log] = Math.max(reach[log], begin - 1);
    cut ||= stopped !== undefined;
    items[log] = read.filter((item) => isGap(item) || wants(item));
    if ((start[log] ?? null) === null && evicted > 0) truncated = true;
  }
  if (options.tail !== undefined) truncated = keepNewest(items, options.tail) || truncated;
  const stopsAtGap = options.onGap !== "report" && cutAtGap(items);
  return {
    ...{ selected, items, reach, start, truncated, stopsAtGap },
    end:
      cut || (options.follow && isPast(until))
        ? "until"
        : options.follow
          ? manifest.state
          : "drained",
  };
}

/**
 * From the first entry that is not before `since`, with the gap before it where what is missing may be as late.
 *
 * @param {Item[]} items
 * @param {bigint} since
 */
function itemsSince(items, since) {
  const first = items.findIndex((item) => !isGap(item) && BigInt(item.nanos) >= since);
  if (first < 0) return [];
  const before = items[first - 1];
  const isTold = before && isGap(before) && mayReach(since, before, items, first);
  return items.slice(isTold ? first - 1 : first);
}

/**
 * The next segment's header states until when there were entries, but for those that were never kept.
 *
 * @param {bigint} since
 * @param {Gap} gap
 * @param {Item[]} items
 * @param {number} next the index of the item after the gap
 */
function mayReach(since, { gap, newest }, items, next) {
  if (gap.reason === "rotated") return newest !== undefined && BigInt(newest) >= since;
  const [before, after] = [items[next - 2], items[next]];
  const isWithin = before && after && segmentOf(before) === segmentOf(after);
  return gap.reason !== "damage" || isWithin === true;
}

/** @param {Item} item */
function segmentOf(item) {
  return isGap(item) ? undefined : item.segment;
}

/** @param {Item[]} items @param {bigint} since @returns {number} -1 where there is none */
function firstSince(items, since) {
  const found = items.find((item) => !isGap(item) && BigInt(item.nanos) >= since);
  return found ? firstOf(found) : -1;
}

/** A follower waits for a time that is still to come only. @param {bigint | undefined} time */
function isPast(time) {
  return time !== undefined && time < BigInt(Date.now()) * 1_000_000n;
}

/** @param {any} options @returns {LogName[]} */
function logsOf({ sources = ["stdout", "stderr", "output"] }) {
  return [sources].flat().some((name) => name === "all" || name === "system") ? logNames : ["exec"];
}

/** @param {Manifest["logs"]["exec"]} log @param {number | null} after @returns {Item[]} */
function itemsAfter({ evicted, items }, after) {
  if (after === null) return items;
  const rest = items.filter((item) => lastOf(item) > after).map((item) => fromWithin(item, after));
  if (after >= evicted) return rest;
  const gap = { from: after + 1, to: evicted, lost: evicted - after, reason: "rotated" };
  return [{ gap }, ...rest];
}

/** Of a gap that a reader stands in, the rest. @param {Item} item @param {number} after @returns {Item} */
function fromWithin(item, after) {
  if (!isGap(item) || item.gap.from > after) return item;
  const { to, lost } = item.gap;
  return { gap: { ...item.gap, from: after + 1, lost: lost === null ? null : to - after } };
}

/**
 * The text of the part before, of the parts of split lines after the first.
 *
 * @param {Manifest} manifest
 * @returns {Map<Entry, string>}
 */
function partsBefore(manifest) {
  const before = new Map();
  /** @type {Map<string, string>} */
  const open = new Map();
  for (const item of manifest.logs.exec.items) {
    if (isGap(item) || item.part === null) continue;
    const key = `${item.session} ${item.source}`;
    if (item.part !== "first") before.set(item, open.get(key) ?? "");
    open.set(key, plainText(Buffer.from(item.data, "base64")));
  }
  return before;
}

/** A match belongs to the part in which it ends. @param {RegExp} pattern @param {string} before @param {string} text */
function matchesIn(pattern, before, text) {
  if (before === "") return pattern.test(text);
  const found = (before + text).matchAll(new RegExp(pattern.source, "gu"));
  return [...found].some((match) => match.index + match[0].length > before.length);
}

/** @param {any} options @param {Map<Entry, string>} before @returns {(entry: Entry) => boolean} */
function filterOf(
  { sources = ["stdout", "stderr", "output"], sessions, level, grep, since },
  before,
) {
  const wantedSources = [sources].flat();
  const wantedSessions = sessions === undefined ? undefined : [sessions].flat();
  const pattern = grep === undefined ? undefined : new RegExp(grep, "u");
  const begin = since === undefined ? undefined : timeOf(since);
  return (entry) =>
    (wantedSources.includes("all") || wantedSources.includes(entry.source)) &&
    (wantedSessions === undefined || wantedSessions.includes(entry.session)) &&
    (level === undefined || levels.indexOf(entry.level) >= levels.indexOf(level)) &&
    (begin === undefined || BigInt(entry.nanos) >= begin) &&
    (pattern === undefined ||
      matchesIn(pattern, before.get(entry) ?? "", plainText(Buffer.from(entry.data, "base64"))));
}

/** @param {string | { time: string }} time */
function timeOf(time) {
  return nanosOf(typeof time === "string" ? time : time.time);
}

/**
 * Keeps the newest entries of all logs together, by time, and the gaps between them.
 *
 * @param {Record<LogName, Item[]>} items
 * @param {number} count
 * @returns {boolean} whether any were left out
 */
function keepNewest(items, count) {
  const entries = merged(items).filter((item) => !isGap(item.item));
  const kept = new Set(entries.slice(Math.max(0, entries.length - count)).map(({ item }) => item));
  for (const log of logNames) {
    const first = items[log].findIndex((item) => kept.has(item));
    items[log] = first < 0 ? [] : items[log].slice(first);
  }
  return entries.length > kept.size;
}

/**
 * In the order of a snapshot: by time, each log in its own order.
 *
 * @param {Record<LogName, Item[]>} items
 * @returns {{ log: LogName, item: Item }[]}
 */
export function merged(items) {
  const rest = logNames.map((log) => ({ log, queue: [...items[log]] }));
  const out = [];
  for (;;) {
    const [next] = rest
      .filter(({ queue }) => queue.length > 0)
      .sort((a, b) => Number(timeAt(a.queue) - timeAt(b.queue)));
    if (!next) return out;
    out.push({ log: next.log, item: /** @type {Item} */ (next.queue.shift()) });
  }
}

/** A gap goes with what follows it. @param {Item[]} queue */
function timeAt(queue) {
  const entry = queue.find((item) => !isGap(item));
  return entry && !isGap(entry) ? BigInt(entry.nanos) : 0n;
}

/** @param {Record<LogName, Item[]>} items */
function cutAtGap(items) {
  let found = false;
  for (const log of logNames) {
    const first = items[log].findIndex(isGap);
    if (first < 0) continue;
    items[log] = items[log].slice(0, first + 1);
    found = true;
  }
  return found;
}
