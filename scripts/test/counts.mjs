import { excerpt } from "./excerpt.mjs";

/**
 * What a suite reports. A suite as a whole may be skipped, with the reason.
 *
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string} [skippedBecause]
 * @property {string[]} [failures] what commands that failed said of it
 *
 * @typedef {import("./command.mjs").Ended} Ended
 */

/** @returns {Counts} */
export function none() {
  return { passed: 0, failed: 0, skipped: 0 };
}

/** @param {string} because @returns {Counts} */
export function skipped(because) {
  return { passed: 0, failed: 0, skipped: 1, skippedBecause: because };
}

/** @param {Counts} a @param {Counts} b @returns {Counts} */
export function sum(a, b) {
  const failures = [...(a.failures ?? []), ...(b.failures ?? [])];
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    ...(failures.length > 0 && { failures }),
  };
}

/** @param {Counts} counts */
export function line(counts) {
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}

/**
 * A command that failed without counting a failure, or that ran no test at all, is one failure.
 *
 * @param {Counts} counts
 * @param {Ended} ended
 * @returns {Counts}
 */
export function checked(counts, { succeeded, output }) {
  const ran = counts.passed + counts.failed + counts.skipped > 0;
  if (succeeded && ran && counts.failed === 0) return counts;
  return { ...counts, failed: Math.max(counts.failed, 1), failures: [excerpt(output)] };
}

/** One check, such as a formatter's: it holds or not. @param {Ended} ended @returns {Counts} */
export function ofCheck({ succeeded, output }) {
  if (succeeded) return { passed: 1, failed: 0, skipped: 0 };
  return { passed: 0, failed: 1, skipped: 0, failures: [excerpt(output)] };
}

/** @param {string} output of `cargo test` @returns {Counts} */
export function ofCargo(output) {
  let counts = none();
  for (const [, passed, failed, ignored] of output.matchAll(
    /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;/gm,
  )) {
    counts = sum(counts, {
      passed: Number(passed),
      failed: Number(failed),
      skipped: Number(ignored),
    });
  }
  return counts;
}

/** @param {string} report the JSON that vitest writes @returns {Counts} */
export function ofVitest(report) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numFailedTestSuites } =
    JSON.parse(report);
  const failed = numFailedTests === 0 && numFailedTestSuites > 0 ? 1 : numFailedTests;
  return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests };
}

/** @param {string} output whose last line is as {@link line} writes it @returns {Counts} */
export function ofLine(output) {
  const [, ...found] = output.trimEnd().match(/(\d+) passed, (\d+) failed, (\d+) skipped$/) ?? [];
  const [passed = 0, failed = 0, skipped = 0] = found.map(Number);
  return { passed, failed, skipped };
}

/** @param {string} output of `pytest` @returns {Counts} */
export function ofPytest(output) {
  const [summary = ""] =
    output.match(/^.*\b\d+ (?:passed|failed|skipped|errors?)\b.* in [\d.]+s.*$/m) ?? [];
  /** @param {string} name */
  const total = (name) => Number(summary.match(new RegExp(`(\\d+) ${name}`))?.[1] ?? 0);
  const failed = total("failed") + total("error");
  return { passed: total("passed"), failed, skipped: total("skipped") };
}

/** @param {string} output of `node --test` with the TAP reporter @returns {Counts} */
export function ofNodeTest(output) {
  /** @param {string} name */
  const total = (name) => Number(output.match(new RegExp(`^# ${name} (\\d+)$`, "m"))?.[1] ?? 0);
  return {
    passed: total("pass"),
    failed: total("fail") + total("cancelled"),
    skipped: total("skipped") + total("todo"),
  };
}
