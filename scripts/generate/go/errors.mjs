import { columns, go } from "./text.mjs";

/** @typedef {import("../definition.mjs").ErrorKind} ErrorKind */

/** @param {string} type */
export function fieldType(type) {
  switch (type) {
    case "text":
      return "string";
    case "cursorReason":
      return "CursorReason";
    case "gaps":
      return "[]GapRange";
    case "verifyReport":
      return "*VerifyReport";
    default:
      throw new Error(`The type ${type} of an error's field has no Go type yet.`);
  }
}

/** @param {ErrorKind[]} errors */
export function errors(errors) {
  return [codes(errors), ...errors.map(type), visitor(errors), visit(errors), decode(errors)].join(
    "\n\n",
  );
}

/** @param {ErrorKind[]} errors */
function codes(errors) {
  const rows = errors.map(({ code }) => [`Code${code}`, "Code", `= "${code}"`]);
  return [
    "// Code is the name of a kind of error, the same in every language. Each has a type of its name.",
    "type Code string",
    "",
    `const (\n${columns(rows, "\t")}\n)`,
  ].join("\n");
}

/** @param {ErrorKind} kind */
function type({ code, doc, retryable, fields }) {
  const members = fields.map(
    (field) =>
      `\t// ${field.doc}\n\t${go(field.name)} ${fieldType(field.type)} \`json:"${field.name}"\``,
  );
  const retry = retryable ? " The same call can succeed later." : "";
  return [
    `// ${code} is a kind of error. ${doc}${retry}`,
    `type ${code} struct {\n\tSiltError \`json:"-"\`\n${members.join("\n")}${members.length > 0 ? "\n" : ""}}`,
    "",
    "// Unwrap gives what all errors of Silt have in common.",
    `func (e *${code}) Unwrap() error { return &e.SiltError }`,
  ].join("\n");
}

/** @param {ErrorKind[]} errors */
function visitor(errors) {
  const methods = errors.map(({ code }) => `\tVisit${code}(err *${code})`);
  return [
    "// ErrorVisitor has a method for each kind of error. A type that implements it no longer compiles when a release",
    "// brings a new kind that it does not handle.",
    `type ErrorVisitor interface {\n${methods.join("\n")}\n}`,
  ].join("\n");
}

/** @param {ErrorKind[]} errors */
function visit(errors) {
  const cases = errors.map(({ code }) => `\tcase *${code}:\n\t\tvisitor.Visit${code}(err)`);
  return [
    "// Of an error itself, not of what it wraps.",
    `func visitKind(err error, visitor ErrorVisitor) bool {\n\tswitch err := err.(type) {\n${cases.join("\n")}\n\tdefault:\n\t\treturn false\n\t}\n\treturn true\n}`,
  ].join("\n");
}

/** @param {ErrorKind[]} errors */
function decode(errors) {
  const cases = errors.map(
    ({ code }) => `\tcase Code${code}:\n\t\treturn withFields(&${code}{SiltError: base}, fields)`,
  );
  return [
    "// A code of a newer release is a plain *SiltError.",
    `func errorOf(base SiltError, fields []byte) error {\n\tswitch base.Code {\n${cases.join("\n")}\n\t}\n\treturn &base\n}`,
  ].join("\n");
}
