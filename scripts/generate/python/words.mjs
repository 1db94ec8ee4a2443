import { module, snake, text } from "./spelling.mjs";

/** @typedef {import("../definition.mjs").Interface} Interface */

/** The list of words, the name and the description of their type. */
const wordTypes = /** @type {const} */ ({
  logs: ["LogName", "One of the three logs: of commands, of the supervisor, of the kernel."],
  sources: ["Source", "Where an entry's bytes came from; `output` is a terminal."],
  parts: ["Part", "Which part of a split line an entry is."],
  levels: ["Level", "How severe a line is."],
  gapReasons: ["GapReason", "Why entries are missing."],
  endReasons: ["EndReason", "Why a stream ended."],
  cursorReasons: ["CursorReason", "Why a cursor was refused."],
  formats: ["BytesFormat", "What a log can be had as, in bytes."],
  sandboxStatuses: ["SandboxStatus", "Whether a sandbox runs, or how it ended."],
  fileKinds: ["FileKind", "What is at a path."],
  damageKinds: ["DamageKind", "What is wrong with a log."],
});

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

/** @param {string} type a list of words @returns {string | undefined} */
export function wordType(type) {
  return Object.entries(wordTypes).find(([list]) => list === type)?.[1][0];
}
