import { columns, go } from "./text.mjs";

/** The list of words, and the name and description of their type. */
const types = /** @type {const} */ ({
  logs: [
    "Log",
    "One of the three logs: what commands wrote, what the supervisor did, what the kernel did.",
  ],
  sources: ["Source", "Where an entry's bytes came from; output is a terminal."],
  parts: ["Part", "Which part of a split line an entry is; PartWhole is none."],
  levels: ["Level", "How severe a line is."],
  gapReasons: ["GapReason", "Why entries are missing."],
  endReasons: ["EndReason", "Why a stream ended."],
  cursorReasons: ["CursorReason", "Why a cursor was refused."],
  sandboxStatuses: [
    "SandboxStatus",
    "Whether a sandbox runs; crashed: its supervisor ended without ending the log.",
  ],
  fileKinds: ["FileKind", "What a path leads to."],
  damageKinds: ["DamageKind", "What is wrong with a log."],
  formats: ["Format", "A form of a log as bytes."],
});

/** Those that stand as numbers in a batch. */
const numbered = new Set(["logs", "sources", "parts", "levels", "gapReasons"]);

/** The types of words, as fields of errors and options name them. */
export const wordType = new Map(Object.entries(types).map(([list, [type]]) => [list, type]));

/** @param {import("../definition.mjs").Interface["words"]} words */
export function words(words) {
  return Object.entries(types)
    .map(([list, [type, doc]]) => {
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
