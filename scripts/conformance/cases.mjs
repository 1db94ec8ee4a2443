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
 * @property {any} [expect]
 * @property {boolean} [byHand] what is expected is more than the model knows
 * @property {boolean} [mistyped] a language may be unable to ask for it
 * @property {string[]} [ways] only these
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
  const names = new Set(all.map(({ name }) => name));
  if (names.size !== all.length) throw new Error("two cases have one name");
  return all;
}

/** @param {string} subject @returns {Promise<Case[]>} */
async function casesOf(subject) {
  const files = (await readdir(join(folder, subject)))
    .filter((name) => name.endsWith(".json"))
    .sort();
  const cases = await Promise.all(
    files.map(async (file) => {
      const { fixture, cases } = JSON.parse(await readFile(join(folder, subject, file), "utf8"));
      return cases.map((/** @type {any} */ given) => complete(subject, { fixture, ...given }));
    }),
  );
  return cases.flat();
}

/** @param {string} subject @param {any} given @returns {Case} */
function complete(subject, { name, options = {}, steps, ...given }) {
  const streamOnly = "follow" in options || "onGap" in options || steps !== undefined;
  return {
    ...{ options, steps: steps ?? ["drain"], snapshot: !streamOnly },
    ...given,
    name: `${subject}/${name}`,
  };
}
