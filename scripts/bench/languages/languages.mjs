import { c } from "./c.mjs";
import { golang } from "./golang.mjs";
import { node } from "./node.mjs";
import { python } from "./python.mjs";

/**
 * Every way to read in every language that is here, its programs built; the others are named on stderr.
 *
 * @param {string} work an existing folder
 * @param {boolean} [beside] whether peers are fetched to be measured beside Silt
 * @returns {import("./language.mjs").Language[]}
 */
export function languages(work, beside = true) {
  return [...node(beside), ...python(beside), ...golang(), ...c(work)];
}
