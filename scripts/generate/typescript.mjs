import { records } from "./typescript-records.mjs";

const folder = "packages/sandbox/src/generated";
const note = "// Generated from crates/silt-interface by `npm run generate`. Do not edit.\n";

/**
 * @typedef {import("./definition.mjs").Interface} Interface
 * @typedef {import("./definition.mjs").Option} Option
 */

/**
 * The generated files of the TypeScript client.
 *
 * @type {import("./definition.mjs").Language}
 */
export function typescript(definition) {
  return {
    [`${folder}/kinds.ts`]: kinds(definition.words),
    [`${folder}/options.ts`]: options(definition.options),
    [`${folder}/errors.ts`]: errors(definition.errors),
    [`${folder}/error-classes.ts`]: errorClasses(definition.errors),
    [`${folder}/methods.ts`]: methods(definition.methods),
    [`${folder}/records.ts`]: `${note}${records(definition, wordTypes)}`,
    [`${folder}/batch-layout.ts`]: layout(definition.batch),
  };
}

/** The list of words, and the name and description of their type. */
const wordTypes = /** @type {const} */ ({
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
function kinds(words) {
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
  return `${note}\n${parts.join("\n\n")}\n`;
}

/** @param {Interface["options"]} shapes */
function options(shapes) {
  const parts = shapes.map((shape) => {
    const members = shape.options.map((option) => {
      const required = option.default === "required";
      const about = [option.doc];
      if (!required) about.push(`Default: ${option.default}.`);
      if (option.excludes) about.push(`Not together with \`${option.excludes.join("`, `")}\`.`);
      const type = required ? optionType(option) : `${optionType(option)} | undefined`;
      return `${comment(about.join(" "), "  ")}\n  ${option.name}${required ? "" : "?"}: ${type};`;
    });
    return `${comment(shape.doc, "")}\nexport interface ${shape.name} {\n${members.join("\n")}\n}`;
  });
  return `${note}import type { Source } from "./kinds.js";\n\n${parts.join("\n\n")}\n`;
}

/** @param {Option} option */
function optionType(option) {
  switch (option.type) {
    case "text":
      return "string";
    case "flag":
      return "boolean";
    case "integer":
      return "number";
    case "duration":
      return "number | string";
    case "time":
      return "Date | string";
    case "choice":
      return (option.words ?? []).map((word) => JSON.stringify(word)).join(" | ");
    case "sources":
      return '"all" | readonly Source[]';
    case "sessionIds":
      return "readonly number[]";
    case "environment":
      return "Record<string, string>";
    case "object":
      return option.shape ?? "object";
    case "objects":
      return `readonly ${option.shape}[]`;
    case "flagOrObject":
      return `boolean | ${option.shape}`;
    default:
      throw new Error(`The type ${option.type} of ${option.name} has no TypeScript type yet.`);
  }
}

/** @param {string} type */
function fieldType(type) {
  switch (type) {
    case "text":
      return "string";
    case "cursorReason":
      return "CursorReason";
    case "gaps":
      return "readonly GapRange[]";
    case "verifyReport":
      return "VerifyReport | undefined";
    default:
      throw new Error(`The type ${type} of an error's field has no TypeScript type yet.`);
  }
}

/** @param {Interface["errors"]} errors */
function errors(errors) {
  const classes = errors.filter((error) => error.class);
  const parts = classes.map(({ code, doc, fields }) => {
    const members = fields.map(
      (field) =>
        `${comment(field.doc, "  ")}\n  declare readonly ${field.name}: ${fieldType(field.type)};`,
    );
    const name = `  static {\n    ${code}.prototype.name = "${code}";\n  }`;
    return `${comment(doc, "")}\nexport class ${code} extends SiltError {\n${[...members, name].join("\n")}\n}`;
  });
  const imports = [
    'import { SiltError } from "../errors/silt-error.js";',
    'import type { CursorReason } from "./kinds.js";',
    'import type { GapRange, VerifyReport } from "./records.js";',
  ].join("\n");
  return `${note}${imports}\n\n${parts.join("\n\n")}\n`;
}

/** In a file of its own: all of errors.ts is public. @param {Interface["errors"]} errors */
function errorClasses(errors) {
  const names = errors.filter((error) => error.class).map(({ code }) => code);
  const imports = [
    'import type { SiltError } from "../errors/silt-error.js";',
    `import {\n${names.map((name) => `  ${name},`).join("\n")}\n} from "./errors.js";`,
  ].join("\n");
  const table = names.map((name) => `  ${name},`).join("\n");
  return `${note}${imports}\n\n/** By code. */\nexport const errorClasses: Readonly<Record<string, typeof SiltError>> = {\n${table}\n};\n`;
}

/** @param {Interface["methods"]} methods */
function methods(methods) {
  const names = methods.map(({ name }) => `  | "${name}"`);
  return `${note}\n/** A method of the core. */\nexport type Method =\n${names.join("\n")};\n`;
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
    note,
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

/** @param {string} text @param {string} indent */
function comment(text, indent) {
  return `${indent}/** ${text} */`;
}
