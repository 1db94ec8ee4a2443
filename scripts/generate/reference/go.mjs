import { fieldType } from "../go/errors.mjs";
import { choiceType, extended, optionType, typeName } from "../go/options.mjs";
import { go, prose } from "../go/text.mjs";
import { constant, wordType } from "../go/words.mjs";

/** @param {import("../definition.mjs").Interface} definition @returns {import("./spelling.mjs").Spelling} */
export function golang({ options, errors, words }) {
  const named = [...options.flatMap((shape) => shape.options), ...errors.flatMap((e) => e.fields)];
  // `runtime` in documentation is the log: an option of this name is not spoken of.
  const names = [...new Set(named.map(({ name }) => name))].filter(
    (name) => !words.logs?.includes(name),
  );
  /** @param {string} text */
  const spelled = (text) =>
    prose(text, names)
      .replaceAll(/\b[a-z]+[A-Z]\w*\b/g, (name) => (names.includes(name) ? go(name) : name))
      .replaceAll(/\[(\w+)\]/g, "`$1`")
      .replaceAll(/`(\w+): ("?)([\w-]+)\2`/g, (_, name, quote, value) => {
        return `\`${go(name)}: ${quote ? constant(go(name), value) : value}\``;
      });
  return {
    title: "Go",
    about:
      "What the package `silt` takes and gives, in tables. A zero value is the default, and `silt.Given` makes a pointer. [go.md](../go.md) has what is this language's own, such as contexts and `OnStdout`.",
    prose: spelled,
    name: go,
    shapes: (name) => {
      const extending = extended.filter(({ base }) => base === name);
      return extending.length > 0 ? extending.map((one) => one.name) : [typeName(name)];
    },
    optionType: (option) => optionType(option, words),
    choices: (option) =>
      (option.words ?? []).map((word) => constant(choiceType(option, words), word)),
    units: { duration: "milliseconds, rounded up", time: "" },
    entry: ({ name, type }) => [`${go(name)}()`, entryType(type)],
    entryProse: (text) =>
      spelled(text)
        .replace("null", "0")
        .replace("absent", `\`${constant("Part", null)}\``),
    endReason: (reason) => constant("EndReason", reason),
    error: ({ code }) => `*${code}`,
    errorColumn: "Type",
    errorFieldType: fieldType,
  };
}

/** @param {string} type */
function entryType(type) {
  switch (type) {
    case "text":
      return "string";
    case "integer":
    case "integer or null":
      return "int64";
    case "time":
      return "time.Time";
    case "bytes":
      return "[]byte";
    default: {
      const word = wordType(type);
      if (!word) throw new Error(`The type ${type} of an entry's field has no Go type yet.`);
      return word;
    }
  }
}
