import { go, local, prose } from "./text.mjs";
import { wordType } from "./words.mjs";

/**
 * @typedef {import("../definition.mjs").Interface} Interface
 * @typedef {{ name: string, doc: string, type: string, nullable?: boolean, optional?: boolean, list?: boolean, byLog?: boolean }} Field
 */

/** What only the client itself reads. */
const internal = new Set(["StreamEnd", "SpawnedSession", "WriteResult", "ExposedPort"]);

/** What methods answer. @param {Interface} definition */
export function records({ records }) {
  return [
    'import "time"',
    ...records.map(({ name, doc, fields }) => struct(name, doc, fields)),
  ].join("\n\n");
}

/** @param {string} name */
const typeName = (name) => (internal.has(name) ? local(name) : name);

/** @param {string} name @param {string} doc @param {Field[]} fields */
function struct(name, doc, fields) {
  const names = fields.map((field) => field.name);
  const members = fields.map((field) => {
    const text = prose(field.doc, names)
      .replaceAll(/\[([A-Za-z]+)\]/g, "$1")
      .replace(/\b(N|n)ull\b/, "$1il");
    const unit = field.name.endsWith("Ms") ? " In milliseconds." : "";
    // An empty list is not one that is absent.
    const json = field.optional ? `${field.name},omitzero` : field.name;
    return `\t// ${text}${unit}\n\t${go(field.name)} ${fieldType(field)} \`json:"${json}"\``;
  });
  const type = typeName(name);
  return `// ${type} is what a call answers. ${doc}\ntype ${type} struct {\n${members.join("\n")}\n}`;
}

/** @param {Field} field */
function fieldType({ type, nullable, optional, list, byLog }) {
  const one = scalar(type);
  if (list) return `[]${one}`;
  if (byLog) return `map[Log]${one}`;
  return nullable || (optional && type !== "flag") ? `*${one}` : one;
}

/** @param {string} type */
function scalar(type) {
  switch (type) {
    case "text":
      return "string";
    case "flag":
      return "bool";
    case "integer":
      return "int64";
    case "time":
      return "time.Time";
    default:
      return wordType(type) ?? typeName(type);
  }
}
