import { fieldType } from "../typescript/errors.mjs";
import { optionType } from "../typescript/options.mjs";
import { wordType } from "../words.mjs";

/** @returns {import("./spelling.mjs").Spelling} */
export function typescript() {
  return {
    title: "TypeScript",
    about:
      "What `@silt/sandbox` takes and gives, in tables. [sdk.md](../sdk.md) says how the parts belong together, and has what is this language's own, such as `signal` and `onStdout`.",
    prose: (text) => text,
    name: (name) => name,
    shapes: (name) => [name],
    optionType,
    choices: () => [],
    units: {
      duration: 'milliseconds, or text such as `"90s"`',
      time: 'RFC 3339, or back from now, such as `"5m"`',
    },
    entry: ({ name, type }) => [name, entryType(type)],
    entryProse: (text) => text.replace("absent", "undefined"),
    endReason: (reason) => JSON.stringify(reason),
    error: (error) => (error.class ? error.code : "SiltError"),
    errorColumn: "Class",
    errorFieldType: fieldType,
  };
}

/** @param {string} type */
function entryType(type) {
  switch (type) {
    case "text":
      return "string";
    case "integer":
      return "number";
    case "integer or null":
      return "number | null";
    case "time":
      return "Date";
    case "bytes":
      return "Uint8Array";
    case "parts":
      return `${wordType(type)} | undefined`;
    default: {
      const word = wordType(type);
      if (!word)
        throw new Error(`The type ${type} of an entry's field has no TypeScript type yet.`);
      return word;
    }
  }
}
