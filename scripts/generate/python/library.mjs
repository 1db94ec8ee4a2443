import { module, snake, text } from "./spelling.mjs";

/** @typedef {import("../definition.mjs").Interface} Interface */

/** @param {Interface} definition */
export function version({ abi, version }) {
  return module("Which library this client is made for.", [
    `VERSION = ${text(version)}\n\n# What silt_abi() of the library has to return.\nABI = ${abi}`,
  ]);
}

/** @param {Interface["methods"]} methods */
export function methods(methods) {
  const names = methods.map(({ name }) => `    ${text(name)},`);
  return module("What the core can be asked to do.", [
    "from typing import Literal, TypeAlias",
    `Method: TypeAlias = Literal[\n${names.join("\n")}\n]`,
  ]);
}

/** What \`memoryview.cast\` and \`struct\` call the types of a batch. */
const codes = /** @type {const} */ ({ u32: "I", u64: "Q", i64: "q" });

/** @param {Interface["batch"]} batch */
export function layout({ magic, header, columns, meta, metaBits, position: _, segment: __, gap }) {
  const numbers = Object.entries(header).map(
    ([name, value]) => `HEADER_${snake(name).toUpperCase()}: Final = ${value}`,
  );
  const bits = Object.entries(meta).flatMap(([name, offset]) => [
    `META_${name.toUpperCase()}: Final = ${offset}`,
    `META_${name.toUpperCase()}_MASK: Final = ${2 ** (metaBits[name] ?? 0) - 1}`,
  ]);
  const slots = columns.map(({ name }) => `        ${text(snake(name))},`);
  let before = 0;
  const casts = columns.map(({ name, bytes, type }) => {
    const [begin, end] = [before, before + bytes];
    before = end;
    return `        self.${snake(name)} = columns[${begin} * items : ${end} * items].cast(${text(codes[type])})`;
  });
  const types = columns.map(({ name }) => `    ${snake(name)}: memoryview[int]`);
  const format = gap.map(({ type }) => codes[type]).join("");
  const fields = gap.map(({ name }) => name).join(", ");
  return module("Where what lies in a packed batch. Little endian.", [
    "from __future__ import annotations",
    "from struct import Struct\nfrom typing import Final",
    `MAGIC: Final = ${magic}\n\n# Byte offsets in the header, and sizes in bytes.\n${numbers.join("\n")}`,
    `# Bit offsets in the column of meta, and what to mask then.\n${bits.join("\n")}`,
    `# A gap: ${fields}.\nGAP: Final = Struct("<${format}")`,
    [
      "class Columns:",
      '    """The columns of a batch, each of one number an item."""',
      "",
      `    __slots__ = (\n${slots.join("\n")}\n    )`,
      types.join("\n"),
      "",
      "    def __init__(self, raw: memoryview, items: int) -> None:",
      "        columns = raw[HEADER_SIZE : HEADER_SIZE + HEADER_ITEM_BYTES * items]",
      casts.join("\n"),
    ].join("\n"),
  ]);
}

/** C's types: as `ctypes` has them, and as a caller sees them. */
const nativeTypes = /** @type {Record<string, [string, string]>} */ ({
  void: ["None", "None"],
  int32_t: ["c_int32", "int"],
  uint32_t: ["c_uint32", "int"],
  uint64_t: ["c_uint64", "int"],
  size_t: ["c_size_t", "int"],
  "const char *": ["c_char_p", "bytes"],
  "const uint8_t *": ["c_char_p", "bytes | None"],
  "uint64_t *": ["POINTER(c_uint64)", "Any"],
  "size_t *": ["POINTER(c_size_t)", "Any"],
  "struct SiltBuffer": ["SiltBuffer", "SiltBuffer"],
  "struct SiltBuffer *": ["POINTER(SiltBuffer)", "Any"],
  "struct SiltEvent *": ["POINTER(SiltEvent)", "Any"],
});

/** @param {Interface["functions"]} functions */
export function functions(functions) {
  /** @param {string} type */
  const native = (type) => {
    const known = nativeTypes[type];
    if (!known) throw new Error(`C's type ${type} has no ctypes type yet.`);
    return known;
  };
  const declared = functions.map(({ name, parameters, result }) => {
    const taken = parameters.map(({ type }) => native(type)[1]).join(", ");
    return `    ${name}: Callable[[${taken}], ${native(result)[1]}]`;
  });
  const slots = functions.map(({ name }) => `        ${text(name)},`);
  const bound = functions.map(({ name, parameters, result }) => {
    const types = parameters.map(({ type }) => native(type)[0]);
    const given = types.length === 1 ? `(${types[0]},)` : `(${types.join(", ")})`;
    return [
      `        self.${name} = library.${name}`,
      `        library.${name}.argtypes = ${given}`,
      `        library.${name}.restype = ${native(result)[0]}`,
    ].join("\n");
  });
  return module("The functions of the library, with the types of their parameters.", [
    "from __future__ import annotations",
    [
      "from collections.abc import Callable",
      "from ctypes import CDLL, POINTER, c_char_p, c_int32, c_size_t, c_uint32, c_uint64",
      "from typing import Any",
    ].join("\n"),
    "from .._native.structures import SiltBuffer, SiltEvent",
    [
      "class Functions:",
      '    """The functions of a library, which has the ABI of this client."""',
      "",
      `    __slots__ = (\n${slots.join("\n")}\n    )`,
      declared.join("\n"),
      "",
      "    def __init__(self, library: CDLL) -> None:",
      bound.join("\n"),
    ].join("\n"),
  ]);
}
