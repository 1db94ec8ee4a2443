import { same } from "./check.mjs";
import { isGap, logNames } from "./model/expect.mjs";

/**
 * What a case says itself about the items: by log, numbers and ranges of numbers, gaps with their reason, as in
 * `"1-4, gap 5-9 rotated, 10"`.
 *
 * @param {any} wanted
 * @param {import("./check.mjs").Check} check
 */
export function compareByHand(wanted, check) {
  for (const log of logNames) {
    if (wanted[log] !== undefined)
      same(`${log}, by hand`, shown(check.expected.items[log]), wanted[log]);
  }
  for (const key of /** @type {const} */ (["end", "truncated"])) {
    if (wanted[key] !== undefined) same(`${key}, by hand`, check.expected[key], wanted[key]);
  }
}

/** @param {import("./model/expect.mjs").Item[]} items */
export function shown(items) {
  /** @type {{ from: number, to: number, gap?: string }[]} */
  const ranges = [];
  for (const item of items) {
    const last = ranges.at(-1);
    if (isGap(item)) ranges.push({ ...item.gap, gap: item.gap.reason });
    else if (last && last.gap === undefined && last.to === item.sequence - 1) last.to += 1;
    else ranges.push({ from: item.sequence, to: item.sequence });
  }
  return ranges
    .map(({ from, to, gap }) => {
      const range = from === to ? `${from}` : `${from}-${to}`;
      return gap === undefined ? range : `gap ${range} ${gap}`;
    })
    .join(", ");
}
