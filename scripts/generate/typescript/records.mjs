import { wordType } from "../words.mjs";

/**
 * @typedef {import("../definition.mjs").Interface} Interface
 * @typedef {import("../definition.mjs").RecordField} RecordField
 */

/** What the client turns into a type of its own, which has the name. */
const renamed = new Map([
  ["SessionEnd", "SessionEndJson"],
  ["StreamEnd", "EndJson"],
]);

/**
 * The interfaces of what the core answers.
 *
 * @param {Interface} definition
 */
export function records({ records }) {
  const names = new Set(records.map(({ name }) => name));
  /** @type {Set<string>} */
  const imported = new Set();

  /** @param {string} name */
  function one(name) {
    switch (name) {
      case "text":
      case "time":
        return "string";
      case "integer":
        return "number";
      case "flag":
        return "boolean";
    }
    if (names.has(name)) return renamed.get(name) ?? name;
    const type = wordType(name);
    if (!type) throw new Error(`The type ${name} of a record's field has no TypeScript type yet.`);
    imported.add(type);
    return type;
  }

  /** @param {RecordField} field */
  function member({ name, type, list, byLog, nullable, optional, doc }) {
    let written = one(type);
    if (list) written += "[]";
    if (byLog) {
      imported.add("LogName");
      written = `Partial<Record<LogName, ${written}>>`;
    }
    if (nullable) written += " | null";
    return `  /** ${doc} */\n  ${name}${optional ? "?" : ""}: ${written};`;
  }

  const parts = records.map(
    ({ name, doc, fields }) =>
      `/** ${doc} */\nexport interface ${renamed.get(name) ?? name} {\n${fields.map(member).join("\n")}\n}`,
  );
  const kinds = [...imported].sort().map((type) => `  ${type},`);
  return `import type {\n${kinds.join("\n")}\n} from "./kinds.js";\n\n${parts.join("\n\n")}\n`;
}
