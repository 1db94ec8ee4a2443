import { prepareC } from "./c.mjs";
import { prepareGo } from "./golang.mjs";
import { preparePython } from "./python.mjs";
import { prepareTypescript } from "./typescript.mjs";

/**
 * How the programs of a language are made ready to be run.
 *
 * @typedef {object} Language
 * @property {string} name
 * @property {string} block what Markdown calls it
 * @property {(folder: string) => Promise<Prepared | { missing: string }>} prepare checks and compiles all programs in an empty folder
 *
 * The command of each program, by its name, and the checks that all of them passed.
 *
 * @typedef {object} Prepared
 * @property {(name: string) => string[]} command
 * @property {Check[]} checks
 *
 * @typedef {{ name: string, output: string }} Check with what is wrong, or nothing
 */

/** @type {Language[]} */
export const languages = [
  { name: "TypeScript", block: "ts", prepare: prepareTypescript },
  { name: "Python", block: "python", prepare: preparePython },
  { name: "Go", block: "go", prepare: prepareGo },
  { name: "C", block: "c", prepare: prepareC },
];
