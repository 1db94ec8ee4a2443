import { line, none, sum } from "../test/counts.mjs";
import { readCases } from "./cases.mjs";
import { clients } from "./clients.mjs";
import { changedKept, currentVersion, keepCursors, plansKept } from "./cursors/kept.mjs";
import { replayKept } from "./cursors/replay.mjs";
import { cursorsOf, cursorTable, cursorTableText } from "./cursors/table.mjs";
import { checkLevels } from "./levels.mjs";
import { differences, table } from "./report.mjs";
import { batchSizes, runClient } from "./run.mjs";
import { unequalAnswers } from "./sandboxes/unequal.mjs";

/**
 * @typedef {import("./run.mjs").Failure} Failure
 * @typedef {import("./cursors/table.mjs").Ready} Ready
 * @typedef {import("../test/counts.mjs").Counts} Counts
 * @typedef {{ client?: string[] | undefined, case?: string[] | undefined, way?: string[] | undefined, batch?: string[] | undefined }} Only
 *
 * @typedef {{ counts: Counts, failures: Failure[], text: string }} Part of a run
 */

/** How many agents work at once. */
const AT_ONCE = 3;

/**
 * @param {Only} only
 * @param {string[]} stale fixtures that are not what the script writes
 * @returns {Promise<0 | 1>} the exit status
 */
export async function conformance(only, stale) {
  const began = performance.now();
  let counts = none();
  if (stale.length > 0) {
    counts.failed += 1;
    process.stdout.write(`Stale: ${stale.join(", ")}. Run: npm run conformance -- --generate\n`);
  }
  if (!only.client && !only.case) counts = sum(counts, await checkLevels());
  const { ready, counts: missing } = await prepared(only);
  counts = sum(counts, missing);
  const parts = [await cases(ready, only)];
  if (isWanted(only.case, "cursors/kept")) parts.push(await kept(ready));
  if (isWanted(only.case, "cursors/table")) parts.push(await resumed(ready));
  for (const part of parts) counts = sum(counts, part.counts);
  if (only.case && counts.passed + counts.failed + counts.skipped === 0) {
    counts.failed += 1;
    process.stdout.write(`There is no case ${only.case.join(", ")}.\n`);
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const shown = [
    ...parts.map(({ text }) => text),
    differences(parts.flatMap(({ failures }) => failures)),
    `${ready.length} clients, ${seconds} s`,
    line(counts),
  ];
  process.stdout.write(`${shown.join("\n\n")}\n`);
  return counts.failed > 0 ? 1 : 0;
}

/** Keeps the cursors of this version, which has to be done once. @returns {Promise<number>} how many */
export async function keepThisVersion() {
  const { ready } = await prepared({});
  if (ready.length < clients.length) throw new Error("not all clients are on this machine");
  const saved = (await cursorsOf(ready)).filter(({ plan }) => plansKept.includes(plan));
  return keepCursors(await currentVersion(), saved);
}

/** @param {Only} only @returns {Promise<{ ready: Ready[], counts: Counts }>} */
async function prepared(only) {
  const strict = process.env.CI !== undefined && process.env.CI !== "false";
  const ready = [];
  let counts = none();
  for (const { name, prepare } of clients) {
    if (only.client && !only.client.includes(name)) continue;
    const started = await prepare();
    if ("missing" in started) {
      process.stdout.write(`${name}: skipped: ${started.missing}\n`);
      counts = sum(counts, { passed: 0, failed: strict ? 1 : 0, skipped: strict ? 0 : 1 });
    } else ready.push({ name, started });
  }
  return { ready, counts };
}

/** @param {Ready[]} ready @param {Only} only @returns {Promise<Part>} */
async function cases(ready, only) {
  const wanted = (await readCases()).filter(({ name }) => isWanted(only.case, name));
  const batches = batchSizes.filter((batch) => !only.batch || only.batch.includes(String(batch)));
  const way = (/** @type {string} */ name) => !only.way || only.way.includes(name);
  const jobs = ready.flatMap(({ name, started }) =>
    batches.map((batch) => () => runClient(name, started, batch, wanted, way)),
  );
  const results = await pooled(jobs, AT_ONCE);
  const rows = results.flatMap((result) => result.rows);
  const ways = new Set(rows.map(({ client, way }) => `${client} ${way}`)).size;
  const unequal = unequalAnswers(results);
  const total = (/** @type {"passed" | "failed" | "inexpressible"} */ column) =>
    rows.reduce((all, row) => all + row[column], 0);
  const ruledOut = total("inexpressible");
  const about =
    `${wanted.length} cases, ${ways} ways, ${batches.length} batch sizes` +
    (ruledOut > 0 ? `; the types of a language rule out its options ${ruledOut} times` : "");
  return {
    counts: { passed: total("passed"), failed: total("failed") + unequal.length, skipped: 0 },
    failures: [...results.flatMap(({ failures }) => failures), ...unequal],
    text: `${table(rows, batches)}\n\n${about}`,
  };
}

/** Cursors of releases. @param {Ready[]} ready @returns {Promise<Part>} */
async function kept(ready) {
  const changed = await changedKept();
  const results = await Promise.all(ready.map(replayKept));
  const failures = results.flatMap((result) => result.failures);
  for (const file of changed) {
    const why = "kept cursors are never changed: restore it from the history";
    failures.push({ client: "all", way: "kept", batch: 0, name: `cursors/${file}`, why });
  }
  const replayed = results.flatMap((result) => Object.entries(result.replayed));
  const passed = replayed.reduce((total, [, count]) => total + count, 0);
  const versions = [...new Set(replayed.map(([version]) => version))];
  const text = versions.map((version) => {
    const counts = replayed.filter(([of]) => of === version).map(([, count]) => count);
    return `Cursors of ${version} replayed by ${counts.length} clients: ${counts.join(", ")}`;
  });
  return {
    counts: { passed, failed: failures.length, skipped: 0 },
    failures,
    text: text.join("\n"),
  };
}

/** Each client's cursors in each client. @param {Ready[]} ready @returns {Promise<Part>} */
async function resumed(ready) {
  const { cells, failures } = await cursorTable(ready);
  const passed = cells.reduce((total, cell) => total + cell.passed, 0);
  const counts = { passed, failed: failures.length, skipped: 0 };
  return { counts, failures, text: cursorTableText(cells) };
}

/** @param {string[] | undefined} wanted beginnings @param {string} name */
function isWanted(wanted, name) {
  return !wanted || wanted.some((beginning) => name.startsWith(beginning));
}

/** @template T @param {(() => Promise<T>)[]} jobs @param {number} atOnce @returns {Promise<T[]>} in the order of the jobs */
async function pooled(jobs, atOnce) {
  /** @type {T[]} */
  const results = [];
  const queue = [...jobs.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) results[next[0]] = await next[1]();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
