/**
 * @typedef {object} Call that has returned
 * @property {string} name
 * @property {string} segment
 * @property {number} began in seconds
 * @property {number} ended
 * @property {number} result
 */

const LINE =
  /^\d+ +(?<time>[\d.]+) (?:<\.\.\. )?(?<name>\w+)(?: resumed>|\(\d+<[^>]*\/(?<segment>exec\.log\.\d+)[^>]*>)(?<rest>.*)$/;
const RETURNED = /= (?<result>-?\d+)(?: .*)?<(?<took>[\d.]+)>$/;

/** A smaller write is a control line, or the little that a starting program says. */
const OUTPUT = 4096;

/**
 * What is written to `exec` and not synced, from the lines of a trace: at the median moment between the first and
 * the last write of a program's output, and at the worst.
 *
 * @param {string[]} lines of `strace -f -y -ttt -T`
 */
export function unsynced(lines) {
  /** @type {Map<string, { written: number, synced: number }>} by segment */
  const files = new Map();
  const file = (/** @type {string} */ segment) => {
    const known = files.get(segment) ?? { written: 0, synced: 0 };
    files.set(segment, known);
    return known;
  };
  /** @type {{ at: number, change: () => void, writes: boolean }[]} */
  const events = [];
  for (const call of calls(lines)) {
    const of = file(call.segment);
    if (call.name.includes("write")) {
      if (call.result > 0) {
        events.push({
          at: call.ended,
          change: () => (of.written += call.result),
          writes: call.result >= OUTPUT,
        });
      }
    } else if (call.result === 0) {
      // It vouches for what was written before it began, once it has returned.
      let vouched = 0;
      events.push({ at: call.began, change: () => (vouched = of.written), writes: false });
      events.push({ at: call.ended, change: () => (of.synced = vouched), writes: false });
    }
  }
  events.sort((a, b) => a.at - b.at);
  const [first, last] = [
    events.findIndex(({ writes }) => writes),
    events.findLastIndex(({ writes }) => writes),
  ];
  /** @type {{ bytes: number, seconds: number }[]} */
  const moments = [];
  let most = 0;
  let total = 0;
  for (const [index, { at, change }] of events.slice(0, last + 1).entries()) {
    change();
    total = [...files.values()].reduce((sum, { written, synced }) => sum + written - synced, 0);
    most = Math.max(most, total);
    const next = events[index + 1];
    if (next && index >= first && index < last)
      moments.push({ bytes: total, seconds: next.at - at });
  }
  return { median: weightedMedian(moments), most };
}

/** @param {string[]} lines @returns {Call[]} */
function calls(lines) {
  /** @type {Map<string, { segment: string, began: number }>} by thread, what has not returned */
  const unfinished = new Map();
  /** @type {Call[]} */
  const found = [];
  for (const line of lines) {
    const { time, name, segment, rest } = line.match(LINE)?.groups ?? {};
    if (time === undefined || name === undefined || rest === undefined) continue;
    const thread = line.slice(0, line.indexOf(" "));
    if (rest.includes("<unfinished")) {
      if (segment) unfinished.set(thread, { segment, began: Number(time) });
      continue;
    }
    const begun = segment ? { segment, began: Number(time) } : unfinished.get(thread);
    unfinished.delete(thread);
    const { result, took } = rest.match(RETURNED)?.groups ?? {};
    if (begun === undefined || result === undefined) continue;
    found.push({ name, ...begun, ended: begun.began + Number(took), result: Number(result) });
  }
  return found;
}

/** @param {{ bytes: number, seconds: number }[]} moments */
function weightedMedian(moments) {
  const sorted = moments.toSorted((a, b) => a.bytes - b.bytes);
  let left = sorted.reduce((sum, { seconds }) => sum + seconds, 0) / 2;
  for (const { bytes, seconds } of sorted) {
    left -= seconds;
    if (left <= 0) return bytes;
  }
  return 0;
}
