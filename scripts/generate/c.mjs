const folder = "bindings/c/include";
const note = "/* Generated from crates/silt-interface by `npm run generate`. Do not edit. */\n";

/** @typedef {import("./definition.mjs").Interface} Interface */

/**
 * The generated headers of the C library, beside `silt.h`.
 *
 * @type {import("./definition.mjs").Language}
 */
export function c(definition) {
  return {
    [`${folder}/silt_definition.h`]: header("SILT_DEFINITION_H", [
      "/* Words, error codes and numbers of Silt. */",
      "#include <stdint.h>\n#include <string.h>",
      abi(definition),
      ...words(definition.words),
      errors(definition.errors),
    ]),
    [`${folder}/silt_layout.h`]: header("SILT_LAYOUT_H", [
      "/* Where what lies in a packed batch. Little endian; read it by silt_batch.h. */",
      layout(definition.batch),
    ]),
  };
}

/** @param {string} guard @param {string[]} parts */
function header(guard, parts) {
  return [
    note.trimEnd(),
    `#ifndef ${guard}\n#define ${guard}`,
    ...parts,
    `#endif /* ${guard} */\n`,
  ].join("\n\n");
}

/** @param {Interface} definition */
function abi({ abi, version }) {
  return [
    "/* What silt_abi() of the library has to return. */",
    `#define SILT_ABI UINT64_C(${abi})`,
    `#define SILT_VERSION "${version}"`,
  ].join("\n");
}

/** The list of words, and the name of its enumeration. */
export const enumerations = /** @type {const} */ ({
  logs: "SiltLog",
  sources: "SiltSource",
  parts: "SiltPart",
  levels: "SiltLevel",
  gapReasons: "SiltGapReason",
});

/** @param {Interface["words"]} words */
function words(words) {
  return Object.entries(enumerations).map(([list, name]) => {
    const held = words[list] ?? [];
    const prefix = shout(name);
    const members = held.map(
      (word, number) => `  ${prefix}_${shout(word ?? "whole")} = ${number},`,
    );
    const texts = held.map((word) => (word === null ? '""' : JSON.stringify(word)));
    return [
      `enum ${name} {\n${members.join("\n")}\n};`,
      `static inline const char *${snake(name)}_name(enum ${name} value) {`,
      `  static const char *const names[] = {${texts.join(", ")}};`,
      `  return (unsigned)value < ${held.length} ? names[(unsigned)value] : "";`,
      "}",
    ].join("\n");
  });
}

/** @param {Interface["errors"]} errors */
function errors(errors) {
  const members = errors.map(({ code, doc }) => `  /* ${doc} */\n  SILT_CODE_${shout(code)},`);
  const names = errors.map(({ code }) => `    "${code}",`);
  return [
    "/* Codes of errors. A switch over them without a default tells, by -Wswitch, of new ones. */",
    `enum SiltCode {\n${members.join("\n")}\n};`,
    "",
    "/* The code of this name; -1 for one that came with a newer library. */",
    "static inline int silt_code_of(const char *name, size_t len) {",
    `  static const char *const names[] = {\n${names.join("\n")}\n  };`,
    `  for (int code = 0; code < ${errors.length}; code++) {`,
    "    if (strlen(names[code]) == len && memcmp(names[code], name, len) == 0) return code;",
    "  }",
    "  return -1;",
    "}",
  ].join("\n");
}

/** @param {Interface["batch"]} batch */
function layout({ magic, header, columns, meta, metaBits, position, segment, gap }) {
  let before = 0;
  const columnLines = columns.map(({ name, bytes, type }) => {
    const line = define(`COLUMN_${shout(name)}`, before, type);
    before += bytes;
    return line;
  });
  /** @param {string} name @param {import("./definition.mjs").Member[]} members */
  const record = (name, members) =>
    members.map((member) => define(`${name}_${shout(member.name)}`, member.offset, member.type));
  const bits = Object.entries(meta).map(([name, offset]) => [
    define(`META_${shout(name)}`, offset),
    define(`META_${shout(name)}_MASK`, 2 ** (metaBits[name] ?? 0) - 1),
  ]);
  return [
    `#define SILT_BATCH_MAGIC UINT32_C(${magic})`,
    "",
    "/* Byte offsets in the header, and sizes in bytes. */",
    ...Object.entries(header).map(([name, value]) => define(`HEADER_${shout(name)}`, value)),
    "",
    "/* Bytes that an item takes in the columns before this one. */",
    ...columnLines,
    "",
    "/* The column of meta: how far to shift, and what to mask then. */",
    ...bits.flat(),
    "",
    "/* Byte offsets in a position (of one log), a segment and a gap. */",
    ...record("POSITION", position),
    ...record("SEGMENT", segment),
    ...record("GAP", gap),
  ].join("\n");
}

/** @param {string} name @param {number} value @param {string} [about] */
function define(name, value, about) {
  return `#define SILT_${name} ${value}${about ? ` /* ${about} */` : ""}`;
}

/** `SiltGapReason` and `disk-full` as `SILT_GAP_REASON` and `DISK_FULL`. @param {string} name */
export function shout(name) {
  return snake(name).toUpperCase();
}

/** @param {string} name */
function snake(name) {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]/g, "_")
    .toLowerCase();
}
