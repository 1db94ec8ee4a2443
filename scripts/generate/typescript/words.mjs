import { comment } from "./text.mjs";

/** @typedef {import("../definition.mjs").Interface} Interface */

/** The list of words, and the name and description of their type. */
export const wordTypes = /** @type {const} */ ({
  logs: [
    "LogName",
    "One of the three logs: what commands wrote, what the supervisor did, what the kernel did.",
  ],
  sources: ["Source", "Where an entry's bytes came from; `output` is a terminal."],
  parts: ["Part", "Which part of a split line an entry is."],
  levels: ["Level", "How severe a line is."],
  gapReasons: ["GapReason", "Why entries are missing."],
  endReasons: ["EndReason", "Why a stream ended."],
  cursorReasons: ["CursorReason", "Why a cursor was refused."],
  sandboxStatuses: [
    "SandboxStatus",
    'Whether a sandbox runs; `"crashed"`: its supervisor ended without ending the log.',
  ],
  fileKinds: ["FileKind", "What is found under a name; a link is not followed."],
  damageKinds: ["DamageKind", "What is wrong with a log on disk."],
});

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
