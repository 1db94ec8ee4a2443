import { wordTypes } from "../words.mjs";
import { comment } from "./text.mjs";

/** @typedef {import("../definition.mjs").Interface} Interface */

/** @param {Interface["words"]} words */
export function kinds(words) {
  const parts = Object.entries(wordTypes).map(([list, [type, doc]]) => {
    const held = words[list] ?? [];
    const named = held.filter((word) => word !== null).map((word) => JSON.stringify(word));
    const item = held.includes(null) ? `(${type} | undefined)` : type;
    const values = held.map((word) => (word === null ? "undefined" : JSON.stringify(word)));
    return [
      comment(doc, ""),
      `export type ${type} = ${named.join(" | ")};`,
      "",
      "/** In the order of their numbers, where they have one. */",
      `export const ${list}: readonly ${item}[] = [${values.join(", ")}];`,
    ].join("\n");
  });
  return `\n${parts.join("\n\n")}\n`;
}
