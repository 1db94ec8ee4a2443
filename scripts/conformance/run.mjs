import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { executable } from "../paths.mjs";
import { Agent } from "./agent.mjs";
import { Difference, Inexpressible } from "./check.mjs";
import { manifestOf, Play, playSnapshot } from "./play.mjs";

/**
 * @typedef {import("./cases.mjs").Case} Case
 * @typedef {{ client: string, way: string, batch: number, name: string, why: string }} Failure
 * @typedef {{ client: string, way: string, batch: number, passed: number, failed: number, skipped: number }} Row
 */

/** How many entries a client takes at most at once. */
export const batchSizes = [1, 2, 7, 1024];

/**
 * Puts cases to one client with one size of batches.
 *
 * @param {string} client
 * @param {import("./clients.mjs").Started} started
 * @param {number} batch
 * @param {Case[]} cases
 * @param {(way: string) => boolean} wanted
 * @returns {Promise<{ rows: Row[], failures: Failure[] }>}
 */
export async function runClient(client, started, batch, cases, wanted) {
  const home = await mkdtemp(join(tmpdir(), "silt-conformance-"));
  const agent = new Agent(started, {
    SILT_HOME: home,
    SILT_EXECUTABLE: executable,
    SILT_BATCH_ENTRIES: String(batch),
  });
  const rows = [];
  /** @type {Failure[]} */
  const failures = [];
  try {
    const { ways } = await agent.ask("hello");
    for (const way of [...ways.filter(wanted), "snapshot"]) {
      const row = { client, way, batch, passed: 0, failed: 0, skipped: 0 };
      for (const given of cases) {
        if (!fits(given, way)) continue;
        const why = await attempt(agent, way === "snapshot" ? ways[0] : way, given, way);
        if (why === null) row.passed += 1;
        else if (why === inexpressible) row.skipped += 1;
        else {
          row.failed += 1;
          failures.push({ client, way, batch, name: given.name, why });
        }
      }
      if (row.passed + row.failed + row.skipped > 0) rows.push(row);
    }
    return { rows, failures };
  } finally {
    await agent.close();
    await rm(home, { recursive: true, force: true });
  }
}

/** @param {Case} given @param {string} way */
function fits(given, way) {
  if (way === "snapshot") return given.snapshot;
  if (given.ways && !given.ways.includes(way)) return false;
  // As plain text, items can not be told apart: only what is read as a whole can be compared.
  return way !== "bytes text" || given.steps.every((step) => step === "drain");
}

/** The fixture of cases that are about a folder that there is not. */
const nowhere = "no such folder";
/** @type {any} */
const noManifest = { logs: {} };
const inexpressible = "Inexpressible";

/** @param {Agent} agent @param {string} way @param {Case} given @param {string} kind @returns {Promise<string | null>} why it failed */
async function attempt(agent, way, given, kind) {
  try {
    const manifest = given.fixture === nowhere ? noManifest : await manifestOf(given.fixture);
    if (kind === "snapshot") await playSnapshot(agent, way, given, manifest);
    else await new Play(agent, way, given, manifest).run();
    return null;
  } catch (error) {
    if (error instanceof Inexpressible && given.mistyped) return inexpressible;
    if (error instanceof Difference) return error.message;
    return error instanceof Error ? String(error.stack) : String(error);
  }
}
