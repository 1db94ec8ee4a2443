import { fieldType } from "../python/errors.mjs";
import { optionType } from "../python/options.mjs";
import { documentation, snake } from "../python/spelling.mjs";
import { wordType } from "../words.mjs";

/** @param {import("../definition.mjs").Interface} definition @returns {import("./spelling.mjs").Spelling} */
export function python({ options }) {
  const names = options.flatMap((shape) => shape.options.map(({ name }) => name));
  const prose = documentation(new Set(names));
  return {
    title: "Python",
    about:
      "What `silt` takes and gives, in tables. Options are keyword arguments, those of options dictionaries; `None` is as if one was left out. [python.md](../python.md) has what is this language's own, such as `on_stdout` and asyncio.",
    prose: (text) =>
      /^(true|false)$/.test(text) ? value(prose(`Default: ${text}.`)) : prose(text),
    name: snake,
    shapes: (name) => [name],
    optionType,
    choices: () => [],
    units: {
      duration: 'seconds, or text such as `"90s"`',
      time: 'RFC 3339, or back from now, such as `"5m"`',
    },
    entry: ({ name, type }) => [snake(name), entryType(type)],
    entryProse: (text) => prose(text).replace("absent", "None"),
    endReason: (reason) => JSON.stringify(reason),
    error: (error) => (error.class ? error.code : "SiltError"),
    errorColumn: "Class",
    errorFieldType: fieldType,
  };
}

/** @param {string} told a default as the documentation of the client tells it */
function value(told) {
  return told.slice("Default: ".length, -".".length);
}

/** @param {string} type */
function entryType(type) {
  switch (type) {
    case "text":
      return "str";
    case "integer":
      return "int";
    case "integer or null":
      return "int | None";
    case "time":
      return "datetime";
    case "bytes":
      return "bytes";
    case "parts":
      return `${wordType(type)} | None`;
    default: {
      const word = wordType(type);
      if (!word) throw new Error(`The type ${type} of an entry's field has no Python type yet.`);
      return word;
    }
  }
}
