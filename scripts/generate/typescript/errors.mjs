import { comment } from "./text.mjs";

/** @typedef {import("../definition.mjs").Interface} Interface */

/** @param {string} type */
export function fieldType(type) {
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
export function errors(errors) {
  const classes = errors.filter((error) => error.class);
  const parts = classes.map(({ code, doc, fields }) => {
    const members = fields.map(
      (field) =>
        `${comment(field.doc, "  ")}\n  declare readonly ${field.name}: ${fieldType(field.type)};`,
    );
    const own = `  declare readonly code: "${code}";`;
    const name = `  static {\n    ${code}.prototype.name = "${code}";\n  }`;
    return `${comment(doc, "")}\nexport class ${code} extends SiltError {\n${[own, ...members, name].join("\n")}\n}`;
  });
  const imports = [
    'import { SiltError } from "../errors/silt-error.js";',
    'import type { CursorReason } from "./kinds.js";',
    'import type { GapRange, VerifyReport } from "./records.js";',
  ].join("\n");
  return `${imports}\n\n${parts.join("\n\n")}\n`;
}

/** @param {Interface["errors"]} errors */
export function errorCode(errors) {
  const codes = errors.map(({ code }) => `  | "${code}"`);
  const doc = "The name of a kind of error, the same in every language.";
  return `\n${comment(doc, "")}\nexport type ErrorCode =\n${codes.join("\n")};\n`;
}

/** In a file of its own: all of errors.ts is public. @param {Interface["errors"]} errors */
export function errorClasses(errors) {
  const names = errors.filter((error) => error.class).map(({ code }) => code);
  const imports = [
    'import { SiltError } from "../errors/silt-error.js";',
    'import type { ErrorCode } from "./error-code.js";',
    `import {\n${names.map((name) => `  ${name},`).join("\n")}\n} from "./errors.js";`,
  ].join("\n");
  const table = errors.map((error) =>
    error.class ? `  ${error.code},` : `  ${error.code}: SiltError,`,
  );
  const type = "Readonly<Record<ErrorCode, typeof SiltError>>";
  return `${imports}\n\n/** By code; the base where a code has no class of its own. */\nexport const errorClasses: ${type} = {\n${table.join("\n")}\n};\n`;
}
