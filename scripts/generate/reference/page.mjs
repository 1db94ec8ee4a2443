import { code, table } from "./table.mjs";

/**
 * @typedef {import("../definition.mjs").Interface} Interface
 * @typedef {import("../definition.mjs").Option} Option
 * @typedef {import("./spelling.mjs").Spelling} Spelling
 */

const note = "<!-- Generated from crates/silt-interface by `npm run generate`. Do not edit. -->";

/**
 * The reference of a language.
 *
 * @param {Interface} definition
 * @param {Spelling} spelling
 * @param {string[]} others links to those of the other languages
 */
export function page(definition, spelling, others) {
  const { title, about } = spelling;
  const last = others.at(-1);
  const parts = [
    note,
    `# ${title}: reference`,
    about,
    `The same for ${others.slice(0, -1).join(", ")} and ${last}. [Ten tasks](../tasks.md) show it in use.`,
    "## Options",
    ...definition.options.flatMap((shape) => options(shape, spelling)),
    "## Entries",
    entries(definition.entry, spelling),
    "## Why a stream ends",
    ends(definition, spelling),
    "## Errors",
    errors(definition.errors, spelling),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** @param {import("../definition.mjs").Shape} shape @param {Spelling} spelling */
function options({ name, doc, options }, spelling) {
  const rows = options.map((option) => [
    code(spelling.name(option.name)),
    code(spelling.optionType(option)),
    unit(option, spelling),
    spelling.prose(option.default),
    range(option, spelling),
    (option.excludes ?? []).map((other) => code(spelling.name(other))).join(", "),
    spelling.prose(option.doc),
  ]);
  const heads = ["Option", "Type", "Unit", "Default", "Range", "Not together with", "Meaning"];
  const types = spelling.shapes(name).map(code).join(", ");
  return [`### ${types}`, spelling.prose(doc), table(heads, rows)];
}

/** @param {Option} option @param {Spelling} spelling */
function unit({ type, unit }, { units }) {
  return type === "duration" || type === "time" ? units[type] : (unit ?? "");
}

/** @param {Option} option @param {Spelling} spelling */
function range(option, spelling) {
  const { type, min, max } = option;
  if (type === "choice") return spelling.choices(option).map(code).join(", ");
  if (type === "duration") return "at least 1 ms";
  if (min === undefined) return "";
  return max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `${min} to ${max}`;
}

/** @param {Interface["entry"]} fields @param {Spelling} spelling */
function entries(fields, spelling) {
  const rows = fields.map((field) => {
    const [name, type] = spelling.entry(field);
    return [code(name), code(type), spelling.entryProse(field.doc)];
  });
  return table(["Field", "Type", "Meaning"], rows);
}

/** @param {Interface} definition @param {Spelling} spelling */
function ends({ words, doc }, spelling) {
  const rows = (words.endReasons ?? []).map((reason, at) => [
    code(spelling.endReason(reason ?? "")),
    spelling.prose(doc.endReasons?.[at] ?? ""),
  ]);
  return table(["Reason", "When"], rows);
}

/** @param {Interface["errors"]} errors @param {Spelling} spelling */
function errors(errors, spelling) {
  const rows = errors.map((error) => {
    const fields = error.fields.map(({ name, type, doc }) => {
      const typed = `${code(spelling.name(name))}, ${code(spelling.errorFieldType(type))}`;
      return `${typed}: ${spelling.prose(doc)}`;
    });
    return [
      code(error.code),
      code(spelling.error(error)),
      fields.join("<br>"),
      error.retryable ? "yes" : "no",
      spelling.prose(error.doc),
    ];
  });
  const heads = ["Code", spelling.errorColumn, "Fields", "Retryable", "When, and what to do"];
  return table(heads, rows);
}
