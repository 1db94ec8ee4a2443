// Every client goes on from every client's cursors.
import { ensure } from "../check.mjs";
import { allFixtures } from "../fixtures/all.mjs";
import { Post } from "../post.mjs";
import { columns } from "../report.mjs";
import { explained } from "../run.mjs";
import { withoutCursors } from "./plans.mjs";
import { resumeFrom } from "./resume.mjs";
import { saveCursors } from "./save.mjs";

/**
 * @typedef {import("../run.mjs").Failure} Failure
 * @typedef {{ name: string, started: import("../clients.mjs").Started }} Ready a client whose agent can be started
 * @typedef {{ from: string, to: string, passed: number, failed: number }} Cell
 */

/** So few that positions lie both within what was read ahead and at its ends. */
const BATCH = 7;
/** How many resumes one agent is asked for at once. */
const AT_ONCE = 3;

/** @returns {string[]} */
export function fixturesWithCursors() {
  const names = allFixtures().map(({ name }) => name);
  return names.filter((name) => !withoutCursors.includes(name));
}

/**
 * @param {Ready[]} clients
 * @returns {Promise<{ cells: Cell[], failures: Failure[] }>}
 */
export async function cursorTable(clients) {
  /** @type {Failure[]} */
  const failures = [];
  const at = clients.map(({ name, started }) => ({ name, post: new Post(started, BATCH) }));
  const saved = await Promise.all(
    at.map(({ name, post }, turn) => savedBy(name, post, turn, failures)),
  );
  const cells = await Promise.all(
    at.map(({ name, post }) => resumedBy(name, post, saved.flat(), failures)),
  );
  for (const { name, post } of at) {
    const why = await post.close();
    if (why) failures.push({ client: name, way: "cursors", batch: BATCH, name: "the end", why });
  }
  return { cells: cells.flat(), failures };
}

/**
 * What clients give out today.
 *
 * @param {Ready[]} clients
 * @returns {Promise<Awaited<ReturnType<typeof savedBy>>>}
 */
export async function cursorsOf(clients) {
  /** @type {Failure[]} */
  const failures = [];
  const all = [];
  for (const [turn, { name, started }] of clients.entries()) {
    const post = new Post(started, BATCH);
    all.push(...(await savedBy(name, post, turn, failures)));
    await post.close();
  }
  if (failures.length > 0) throw new Error(failures.map(({ why }) => why).join("\n"));
  return all;
}

/**
 * @param {string} client @param {Post} post @param {number} turn @param {Failure[]} failures
 * @returns {Promise<(import("./save.mjs").Saved & { client: string })[]>}
 */
async function savedBy(client, post, turn, failures) {
  const all = [];
  for (const [i, fixture] of fixturesWithCursors().entries()) {
    try {
      const saved = await saveCursors(await post.agent(), await post.ways(), fixture, turn + i);
      ensure(saved.length > 0, "no cursor was saved");
      all.push(...saved.map((one) => ({ ...one, client })));
    } catch (error) {
      const why = explained(error);
      failures.push({ client, way: "saves", batch: BATCH, name: `cursors/${fixture}`, why });
    }
  }
  return all;
}

/**
 * @param {string} client @param {Post} post @param {Awaited<ReturnType<typeof savedBy>>} saved @param {Failure[]} failures
 * @returns {Promise<Cell[]>} one for each client that saved
 */
async function resumedBy(client, post, saved, failures) {
  /** @type {Map<string, Cell>} */
  const cells = new Map();
  const queue = [...saved.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [i, one] = next;
      const cell = cells.get(one.client) ?? { from: one.client, to: client, passed: 0, failed: 0 };
      cells.set(one.client, cell);
      try {
        const ways = (await post.ways()).filter((way) => way !== "bytes text");
        await resumeFrom(await post.agent(), String(ways[i % ways.length]), one);
        cell.passed += 1;
      } catch (error) {
        cell.failed += 1;
        const why = `${one.place}: ${explained(error)}`;
        const name = `cursors/${one.fixture}, saved by ${one.client}`;
        failures.push({ client, way: "resumes", batch: BATCH, name, why });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return [...cells.values()];
}

/** A line a client that saved, a column a client that went on. @param {Cell[]} cells @returns {string} */
export function cursorTableText(cells) {
  const names = [...new Set(cells.map(({ to }) => to))];
  const lines = names.map((from) => [
    `saved by ${from}`,
    ...names.map((to) => {
      const cell = cells.find((cell) => cell.from === from && cell.to === to);
      if (!cell) return "";
      return cell.failed > 0 ? `${cell.passed}, ${cell.failed} differ` : `${cell.passed}`;
    }),
  ]);
  return columns([["cursors", ...names.map((to) => `resumed by ${to}`)], ...lines]);
}
