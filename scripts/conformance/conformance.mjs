import { line, none, sum } from "../test/counts.mjs";
import { readCases } from "./cases.mjs";
import { clients } from "./clients.mjs";
import { checkLevels } from "./levels.mjs";
import { differences, table } from "./report.mjs";
import { batchSizes, runClient } from "./run.mjs";

/** How many agents work at once. */
const AT_ONCE = 3;

/**
 * @param {{ client?: string[] | undefined, case?: string[] | undefined, way?: string[] | undefined, batch?: string[] | undefined }} only
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
  const strict = process.env.CI !== undefined && process.env.CI !== "false";
  const cases = (await readCases()).filter(({ name }) => isWanted(only.case, name));
  const batches = batchSizes.filter((batch) => !only.batch || only.batch.includes(String(batch)));
  const way = (/** @type {string} */ name) => !only.way || only.way.includes(name);
  const jobs = [];
  for (const client of clients) {
    if (only.client && !only.client.includes(client.name)) continue;
    const started = await client.prepare();
    if ("missing" in started) {
      process.stdout.write(`${client.name}: skipped: ${started.missing}\n`);
      counts = sum(counts, { passed: 0, failed: strict ? 1 : 0, skipped: strict ? 0 : 1 });
      continue;
    }
    jobs.push(...batches.map((batch) => () => runClient(client.name, started, batch, cases, way)));
  }
  const results = await pooled(jobs, AT_ONCE);
  const rows = results.flatMap((result) => result.rows);
  for (const { passed, failed, skipped } of rows) counts = sum(counts, { passed, failed, skipped });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const ways = new Set(rows.map(({ client, way }) => `${client} ${way}`)).size;
  process.stdout.write(
    `${[
      table(rows, batches),
      differences(results.flatMap(({ failures }) => failures)),
      `${cases.length} cases, ${new Set(rows.map(({ client }) => client)).size} clients, ${ways} ways, ${batches.length} batch sizes, ${seconds} s`,
      line(counts),
    ].join("\n\n")}\n`,
  );
  return counts.failed > 0 ? 1 : 0;
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
