/**
 * How a language spells what the definition says. Each is made of the modules that generate the language's client.
 *
 * @typedef {import("../definition.mjs").Field} Field
 * @typedef {import("../definition.mjs").Option} Option
 *
 * @typedef {object} Spelling
 * @property {string} title the language
 * @property {string} about what to know before the tables
 * @property {(text: string) => string} prose
 * @property {(name: string) => string} name of an option, or of an error's field
 * @property {(shape: string) => string[]} shapes the types that have the options of a shape
 * @property {(option: Option) => string} optionType
 * @property {(option: Option) => string[]} choices the values of a choice, where its type does not show them
 * @property {{ duration: string, time: string }} units in what these are given
 * @property {(field: Field) => [name: string, type: string]} entry
 * @property {(text: string) => string} entryProse
 * @property {(reason: string) => string} endReason
 * @property {(error: import("../definition.mjs").ErrorKind) => string} error what tells it apart
 * @property {string} errorColumn what that is
 * @property {(type: string) => string} errorFieldType
 */
export {};
