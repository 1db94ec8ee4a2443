import { wordType as sharedType, wordTypes } from "../words.mjs";
import { columns, go } from "./text.mjs";

/** Shorter where the package's name says the rest. */
const renamed = new Map([
  ["LogName", "Log"],
  ["BytesFormat", "Format"],
]);

/** Those that stand as numbers in a batch. */
const numbered = new Set(["logs", "sources", "parts", "levels", "gapReasons"]);

/** The type of a field, where that is a list of words. @param {string} list */
export function wordType(list) {
  const type = sharedType(list);
  return type && (renamed.get(type) ?? type);
}

/** @param {import("../definition.mjs").Interface["words"]} words */
export function words(words) {
  return Object.entries(wordTypes)
    .map(([list, [shared, doc]]) => {
      const type = renamed.get(shared) ?? shared;
      const held = words[list] ?? [];
      const rows = held.map((word) => [
        constant(type, word),
        type,
        `= ${JSON.stringify(word ?? "")}`,
      ]);
      const names = held.map((word) => constant(type, word));
      return [
        `// ${type} is a word. ${doc}`,
        `type ${type} string`,
        "",
        `const (\n${columns(rows, "\t")}\n)`,
        ...(numbered.has(list)
          ? ["", "// By their numbers.", `var ${list} = [...]${type}{${names.join(", ")}}`]
          : []),
      ].join("\n");
    })
    .join("\n\n");
}

/** @param {string} type @param {string | null} word */
export function constant(type, word) {
  return `${type}${go(word ?? "whole")}`;
}
