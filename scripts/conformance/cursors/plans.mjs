// In which ways a log is read while cursors are saved.
import { timeText } from "../fixtures/ids.mjs";
import { isGap } from "../model/expect.mjs";

/**
 * @typedef {import("../model/expect.mjs").Manifest} Manifest
 *
 * @typedef {object} Plan
 * @property {string} name
 * @property {any} options
 * @property {boolean} [lateStart] begins within the log, so that its first position does not say what follows
 * @property {boolean} [snapshot] of `logs()`
 */

/** The fixture that no reader of this version gets an item from: there is nothing to save. */
export const withoutCursors = ["newer-version"];

/** @param {Manifest} manifest @returns {Plan[]} */
export function plansFor(manifest) {
  const { items } = manifest.logs.exec;
  const middle = items[Math.floor(items.length / 2)];
  const since = middle && !isGap(middle) ? timeText(BigInt(middle.nanos)) : undefined;
  const report = { onGap: "report" };
  return [
    { name: "all sources", options: { sources: "all", ...report } },
    { name: "commands' output", options: report },
    { name: "stderr", options: { sources: ["stderr"], ...report } },
    { name: "system", options: { sources: ["system"], ...report } },
    { name: "a pattern", options: { grep: "[13579]$", ...report } },
    { name: "a level", options: { level: "WARNING", sources: "all", ...report } },
    { name: "a session", options: { sessions: [2], ...report } },
    { name: "followed", options: { follow: true, sources: "all", ...report } },
    { name: "a tail", options: { tail: 6, ...report }, lateStart: true },
    ...(since ? [{ name: "since", options: { since, ...report }, lateStart: true }] : []),
    { name: "gaps as errors", options: {} },
    { name: "a snapshot", options: { tail: 5 }, snapshot: true },
  ];
}
