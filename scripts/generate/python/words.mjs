import { wordTypes } from "../words.mjs";
import { module, snake, text } from "./spelling.mjs";

/** @typedef {import("../definition.mjs").Interface} Interface */

/** @param {Interface["words"]} words */
export function words(words) {
  const parts = Object.entries(wordTypes).map(([list, [type, doc]]) => {
    const held = words[list] ?? [];
    const named = held.flatMap((word) => (word === null ? [] : [text(word)]));
    const item = held.includes(null) ? `${type} | None` : type;
    const values = held.map((word) => (word === null ? "None" : text(word)));
    return [
      `${type}: TypeAlias = Literal[${named.join(", ")}]`,
      `"""${doc}"""`,
      "",
      "# In the order of their numbers, where they have one.",
      `${snake(list).toUpperCase()}: Final[tuple[${item}, ...]] = (${values.join(", ")},)`,
    ].join("\n");
  });
  return module("The words that entries, gaps, ends and errors are described with.", [
    "from __future__ import annotations",
    "from typing import Final, Literal, TypeAlias",
    ...parts,
  ]);
}
