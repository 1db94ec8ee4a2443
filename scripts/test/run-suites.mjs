import { line, none, sum } from "./counts.mjs";

/**
 * Runs suites one after another. At the end it shows what failed, a line for each suite, and last of all the totals.
 * With `CI` in the environment a suite that was skipped counts as a failure: there, everything must have run.
 *
 * @param {import("./suites.mjs").Suite[]} suites
 * @returns {Promise<0 | 1>} the exit status
 */
export async function runSuites(suites) {
  const strict = process.env.CI !== undefined && process.env.CI !== "false";
  let total = none();
  /** @type {string[]} */
  const report = [];
  let failures = "";
  for (const [i, suite] of suites.entries()) {
    process.stderr.write(`\n[${i + 1}/${suites.length}] ${suite.name}\n`);
    const began = performance.now();
    let counts = await suite.run();
    if (counts.skippedBecause && strict) counts = { ...counts, skipped: 0, failed: 1 };
    for (const failure of counts.failures ?? []) {
      failures += `\nWhat failed in ${suite.name}:\n\n${failure}\n`;
    }
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const why = counts.skippedBecause ? ` (skipped: ${counts.skippedBecause})` : "";
    report.push(
      `${counts.failed > 0 ? "✗" : "✓"} ${suite.name}: ${line(counts)}${why}, ${seconds} s`,
    );
    total = sum(total, counts);
  }
  process.stdout.write(`${failures}\n${report.join("\n")}\n\n${line(total)}\n`);
  return total.failed > 0 ? 1 : 0;
}
