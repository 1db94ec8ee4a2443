import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../paths.mjs";

/**
 * A case; conformance/README.md says what its keys mean.
 *
 * @typedef {object} Case
 * @property {string} name `subject/name`
 * @property {string} fixture
 * @property {any} options
 * @property {any[]} steps
 * @property {any} [means] options that say the same in a way that the model understands
 * @property {any} [expect]
 * @property {boolean} [byHand] what is expected is more than the model knows
 * @property {boolean} [mistyped] a language may be unable to ask for it
 * @property {string[]} [ways] only these
 * @property {import("./live/writer.mjs").Sizes} [log] of one that is written while it is read
 * @property {boolean} [sandboxes] its steps are requests and what is answered
 * @property {boolean} [text] false: not as text, where entries are whole lines without a cursor
 * @property {boolean} [live] the log is written while it is read
 * @property {boolean} snapshot whether a snapshot is asked for too
 */

const folder = join(root, "conformance/cases");

/** @returns {Promise<Case[]>} */
export async function readCases() {
  const subjects = (await readdir(folder, { withFileTypes: true })).filter((entry) =>
    entry.isDirectory(),
  );
  const cases = await Promise.all(subjects.map(({ name }) => casesOf(name)));
  const all = cases.flat();
  const names = new Set();
  for (const { name } of all) {
    if (names.has(name)) throw new Error(`two cases have the name ${name}`);
    names.add(name);
  }
  return all;
}

/** @param {string} subject @returns {Promise<Case[]>} */
async function casesOf(subject) {
  const files = (await readdir(join(folder, subject)))
    .filter((name) => name.endsWith(".json"))
    .sort();
  const cases = await Promise.all(
    files.map(async (file) => {
      const { cases, ...all } = JSON.parse(await readFile(join(folder, subject, file), "utf8"));
      return cases.flatMap((/** @type {any} */ given) =>
        overFixtures(subject, { ...all, ...given }),
      );
    }),
  );
  return cases.flat();
}

/** One for each of its `fixtures`, if it has several. @param {string} subject @param {any} given @returns {Case[]} */
function overFixtures(subject, { fixtures, ...given }) {
  if (!fixtures) return [complete(subject, given)];
  return fixtures.map((/** @type {string} */ fixture) =>
    complete(subject, { ...given, fixture, name: `${given.name}, ${fixture}` }),
  );
}

/** @param {string} subject @param {any} given @returns {Case} */
function complete(subject, { name, options = {}, steps, ...given }) {
  const streamOnly = "follow" in options || "onGap" in options || steps !== undefined;
  return {
    ...{ options, steps: steps ?? ["drain"], snapshot: !streamOnly },
    ...given,
    ...(subject === "live" ? { live: true } : {}),
    ...(["lifecycle", "sandboxes"].includes(subject) ? { sandboxes: true } : {}),
    name: `${subject}/${name}`,
  };
}
