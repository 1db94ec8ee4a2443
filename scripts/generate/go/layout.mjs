import { columns as aligned, go, local } from "./text.mjs";

/** @typedef {import("../definition.mjs").Batch} Batch @typedef {import("../definition.mjs").Member} Member */

const readers = { u32: ["u32", "uint32"], u64: ["u64", "uint64"], i64: ["u64", "int64"] };

/** Where what lies in a packed batch, and what reads it. @param {Batch} batch */
export function layout({ magic, header, columns, meta, metaBits, gap }) {
  const constants = [
    ["batchMagic", `= ${magic}`],
    ...Object.entries(header).map(([name, value]) => [`header${go(name)}`, `= ${value}`]),
  ];
  return [
    "// Byte offsets in the header of a batch, and sizes in bytes. Numbers are little endian.",
    `const (\n${aligned(constants, "\t")}\n)`,
    "",
    ...columnReaders(columns),
    ...metaReaders(meta, metaBits),
    ...gapReaders(gap),
  ].join("\n");
}

/** @param {Batch["columns"]} columns */
function columnReaders(columns) {
  let before = 0;
  return columns.map(({ name, bytes, type }) => {
    const [read, result] = readers[type];
    const start = `headerSize + ${before}*b.items + ${bytes}*i`;
    before += bytes;
    const value = `b.${read}(${start})`;
    return `func (b *batch) ${local(name)}(i int) ${result} { return ${cast(type, value)} }\n`;
  });
}

/** @param {Batch["meta"]} meta @param {Batch["metaBits"]} bits */
function metaReaders(meta, bits) {
  return Object.entries(meta).map(([name, offset]) => {
    const mask = 2 ** (bits[name] ?? 0) - 1;
    return `func (b *batch) meta${go(name)}(i int) uint32 { return b.meta(i) >> ${offset} & ${mask} }\n`;
  });
}

/** @param {Member[]} members */
function gapReaders(members) {
  return members.map(({ name, offset, type }, at) => {
    const [read, result] = readers[type];
    const value = cast(type, `b.${read}(at + ${offset})`);
    const end = at === members.length - 1 ? "" : "\n";
    return `// At the beginning of a gap's record.\nfunc (b *batch) gap${go(name)}(at int) ${result} { return ${value} }${end}`;
  });
}

/** @param {import("../definition.mjs").ScalarType} type @param {string} value */
function cast(type, value) {
  return type === "i64" ? `int64(${value})` : value;
}
