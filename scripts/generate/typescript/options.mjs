import { comment } from "./text.mjs";

/**
 * @typedef {import("../definition.mjs").Interface} Interface
 * @typedef {import("../definition.mjs").Option} Option
 */

/** @param {Interface["options"]} shapes */
export function options(shapes) {
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
  return `import type { Source } from "./kinds.js";\n\n${parts.join("\n\n")}\n`;
}

/** @param {Option} option */
export function optionType(option) {
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
