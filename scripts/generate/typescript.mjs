import { errorClasses, errorCode, errors } from "./typescript/errors.mjs";
import { options } from "./typescript/options.mjs";
import { records } from "./typescript/records.mjs";
import { kinds } from "./typescript/words.mjs";

const folder = "packages/sandbox/src/generated";
const note = "// Generated from crates/silt-interface by `npm run generate`. Do not edit.\n";

/** @typedef {import("./definition.mjs").Interface} Interface */

/**
 * The generated files of the TypeScript client.
 *
 * @type {import("./definition.mjs").Language}
 */
export function typescript(definition) {
  const files = {
    "kinds.ts": kinds(definition.words),
    "options.ts": options(definition.options),
    "error-code.ts": errorCode(definition.errors),
    "errors.ts": errors(definition.errors),
    "error-classes.ts": errorClasses(definition.errors),
    "methods.ts": methods(definition.methods),
    "records.ts": records(definition),
    "batch-layout.ts": layout(definition.batch),
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`${folder}/${name}`, `${note}${text}`]),
  );
}

/** @param {Interface["methods"]} methods */
function methods(methods) {
  const names = methods.map(({ name }) => `  | "${name}"`);
  return `\n/** A method of the core. */\nexport type Method =\n${names.join("\n")};\n`;
}

/** @param {Interface["batch"]} batch */
function layout({ header, columns, meta }) {
  let words = 0;
  const before = columns.map(({ name, bytes }) => {
    const line = `  ${name}: ${words},`;
    words += bytes / 4;
    return line;
  });
  /** @param {Record<string, number>} numbers */
  const members = (numbers) =>
    Object.entries(numbers).map(([name, value]) => `  ${name}: ${value},`);
  return [
    "",
    "/** Byte offsets in the header, and sizes in bytes. */",
    `export const header = {\n${members(header).join("\n")}\n} as const;`,
    "",
    "/** How many 32-bit words an item takes in the columns before this one, and in all. */",
    `export const column = {\n${[...before, `  words: ${words},`].join("\n")}\n} as const;`,
    "",
    "/** Bit offsets in the column `meta`. */",
    `export const meta = {\n${members(meta).join("\n")}\n} as const;`,
    "",
  ].join("\n");
}
