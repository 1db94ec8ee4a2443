import { AgentGone } from "./agent.mjs";
import { Difference, Inexpressible } from "./check.mjs";
import { LivePlay } from "./live/play.mjs";
import { manifestOf, Play, playSnapshot } from "./play.mjs";
import { Post } from "./post.mjs";
import { SandboxPlay } from "./sandboxes/play.mjs";

/**
 * @typedef {import("./cases.mjs").Case} Case
 * @typedef {{ client: string, way: string, batch: number, name: string, why: string }} Failure
 * @typedef {Map<string, any[]>} Answers those to each step of a case about sandboxes, by case and way
 * @typedef {{ client: string, way: string, batch: number, passed: number, failed: number, inexpressible: number }} Row
 * `inexpressible`: options that the types of the client's language rule out
 */

/** How many entries a client takes at most at once. */
export const batchSizes = [1, 2, 7, 1024];
/** Those for logs that are written while they are read, where less is read ahead than is asked for. */
const liveBatchSizes = [7, 1024];

/**
 * Puts cases to one client with one size of batches.
 *
 * @param {string} client
 * @param {import("./clients.mjs").Started} started
 * @param {number} batch
 * @param {Case[]} cases
 * @param {(way: string) => boolean} wanted
 * @returns {Promise<{ client: string, rows: Row[], failures: Failure[], answers: Answers }>}
 */
export async function runClient(client, started, batch, cases, wanted) {
  const post = new Post(started, batch);
  const rows = [];
  /** @type {Answers} */
  const answers = new Map();
  /** @type {Failure[]} */
  const failures = [];
  // Without an agent there is nothing to put cases to.
  const without = (/** @type {string} */ name, /** @type {string} */ why) => {
    rows.push({ client, way: name, batch, passed: 0, failed: 1, inexpressible: 0 });
    failures.push({ client, way: name, batch, name, why });
  };
  try {
    const ways = await post.ways();
    for (const way of [...ways.filter(wanted), "snapshot"]) {
      const row = { client, way, batch, passed: 0, failed: 0, inexpressible: 0 };
      const play = async (/** @type {Case} */ given) => {
        if (!fits(given, way)) return;
        if (given.sandboxes && (batch !== 1024 || !kindsOf(ways).includes(way))) return;
        if (given.live && !liveBatchSizes.includes(batch)) return;
        const agent = await post.agent();
        const why = await attempt(
          agent,
          String(way === "snapshot" ? ways[0] : way),
          batch,
          given,
          way,
          answers,
        );
        if (why === null) row.passed += 1;
        else if (why === inexpressible) row.inexpressible += 1;
        else {
          row.failed += 1;
          failures.push({ client, way, batch, name: given.name, why });
        }
      };
      const waits = (/** @type {Case} */ { live, sandboxes }) => live || sandboxes;
      for (const given of cases) if (!waits(given)) await play(given);
      // These wait for the most part.
      await Promise.all(cases.filter(waits).map(play));
      if (row.passed + row.failed + row.inexpressible > 0) rows.push(row);
    }
  } catch (error) {
    without("hello", explained(error));
  }
  const complaint = await post.close();
  if (complaint) without("the end", complaint);
  return { client, rows, failures, answers };
}

/** One way for each kind of classes that a client has for sandboxes: blocking ones and such to await. @param {string[]} ways */
function kindsOf(ways) {
  const kinds = [ways[0], ways.find((way) => way.startsWith("async "))];
  return kinds.filter((way) => way !== undefined);
}

/** @param {Case} given @param {string} way */
function fits(given, way) {
  if (way === "snapshot") return given.snapshot;
  if (given.ways && !given.ways.includes(way)) return false;
  if (given.sandboxes) return way !== "snapshot";
  if (given.live) return way !== "bytes text" || given.text !== false;
  // As plain text, items can not be told apart: only what is read as a whole can be compared.
  return way !== "bytes text" || given.steps.every((step) => step === "drain");
}

/** The fixture of cases that are about a folder that there is not. */
const nowhere = "no such folder";
/** @type {any} */
const noManifest = { logs: {} };
const inexpressible = "Inexpressible";

/** @param {import("./agent.mjs").Agent} agent @param {string} way @param {number} batch @param {Case} given @param {string} kind @param {Answers} answers @returns {Promise<string | null>} why it failed */
async function attempt(agent, way, batch, given, kind, answers) {
  try {
    if (given.sandboxes) {
      const play = new SandboxPlay(agent, way, given);
      await play.run();
      answers.set(`${given.name}\t${way}`, play.answers);
      return null;
    }
    if (given.live) {
      await new LivePlay(agent, way, batch, given).run();
      return null;
    }
    const manifest = given.fixture === nowhere ? noManifest : await manifestOf(given.fixture);
    if (kind === "snapshot") await playSnapshot(agent, way, given, manifest);
    else await new Play(agent, way, given, manifest).run();
    return null;
  } catch (error) {
    if (error instanceof Inexpressible && given.mistyped) return inexpressible;
    return explained(error);
  }
}

/** @param {unknown} error */
export function explained(error) {
  if (error instanceof Difference || error instanceof AgentGone) return error.message;
  return error instanceof Error ? String(error.stack) : String(error);
}
