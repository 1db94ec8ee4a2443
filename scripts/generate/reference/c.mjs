import { enumerations, shout } from "../c.mjs";

/** @typedef {import("../definition.mjs").Option} Option */

/** @returns {import("./spelling.mjs").Spelling} */
export function c() {
  return {
    title: "C",
    about:
      "What crosses into `libsilt` and out of it, in tables: options, ends and errors are JSON, entries are `struct SiltEntry` of `silt_batch.h`, with `len` bytes of `data` and the `time` in nanoseconds since 1970. [c.md](../c.md) says how it is called.",
    prose: (text) => text,
    name: (name) => name,
    shapes: (name) => [name],
    optionType,
    choices: (option) => (option.words ?? []).map((word) => JSON.stringify(word)),
    units: {
      duration: 'milliseconds, or text such as `"90s"`',
      time: 'RFC 3339, or back from now, such as `"5m"`',
    },
    entry: ({ name, type }) => [members[name] ?? name, entryType(type)],
    entryProse: (text) => text.replace("null", "0").replace("absent", "`SILT_PART_WHOLE`"),
    endReason: (reason) => JSON.stringify(reason),
    error: ({ code }) => `SILT_CODE_${shout(code)}`,
    errorColumn: "`enum SiltCode`",
    errorFieldType,
  };
}

/** What silt_batch.h, written by hand, names in another way. @type {Record<string, string>} */
const members = { sessionId: "session", timestamp: "time", cursor: "silt_batch_cursor()" };

/** @param {string} type */
function entryType(type) {
  switch (type) {
    case "text":
      return "struct SiltBuffer";
    case "integer":
    case "integer or null":
      return "uint64_t";
    case "time":
      return "int64_t";
    case "bytes":
      return "const uint8_t *";
    case "levels":
      // Or SILT_LEVEL_UNKNOWN, which is none of them.
      return "int";
    default: {
      const found = Object.entries(enumerations).find(([list]) => list === type);
      if (!found) throw new Error(`The type ${type} of an entry's field has no C type yet.`);
      return `enum ${found[1]}`;
    }
  }
}

/** What JSON has to have. @param {Option} option */
function optionType({ type, name, shape }) {
  switch (type) {
    case "text":
    case "choice":
    case "time":
      return "string";
    case "flag":
      return "boolean";
    case "integer":
      return "number";
    case "duration":
      return "number | string";
    case "sources":
      return '"all" | array of strings';
    case "sessionIds":
      return "array of numbers";
    case "environment":
      return "object of strings";
    case "object":
      return `${shape}`;
    case "objects":
      return `array of ${shape}`;
    case "flagOrObject":
      return `boolean | ${shape}`;
    default:
      throw new Error(`The type ${type} of ${name} has no JSON type yet.`);
  }
}

/** @param {string} type */
function errorFieldType(type) {
  switch (type) {
    case "text":
    case "cursorReason":
      return "string";
    case "gaps":
      return "array of GapRange";
    case "verifyReport":
      return "VerifyReport";
    default:
      throw new Error(`The type ${type} of an error's field has no JSON type yet.`);
  }
}
