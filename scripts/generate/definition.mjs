/**
 * `interface.json`: all that clients are generated from. What a language needs is here;
 * where it is not, it is added to crates/silt-interface and never written down in a generator.
 *
 * @typedef {{ name: string, type: string, doc: string }} Field
 * @typedef {Field & { default: string, min?: number, max?: number, unit?: string, words?: string[], shape?: string, excludes?: string[] }} Option
 * @typedef {{ name: string, doc: string, options: Option[] }} Shape
 * @typedef {{ code: string, class: boolean, retryable: boolean, doc: string, fields: Field[] }} ErrorKind
 * @typedef {Field & { list?: true, byLog?: true, nullable?: true, optional?: true }} RecordField of type `text`, `integer`,
 *   `flag`, `time` (RFC 3339 text in UTC), a list of `words`, or a record; `byLog` is an object with one by the name of a log
 * @typedef {{ name: string, doc: string, fields: RecordField[] }} RecordShape a shape of what is answered
 *
 * @typedef {object} Method
 * @property {string} name
 * @property {"home" | "sandbox" | "folder" | "log"} place parameters that say what it concerns: `home`; `home` and `name`; `folder`; either of the last two
 * @property {(Field & { optional: boolean })[]} parameters those beside the place; of type `text`, `texts`, `integer`, `flag`, or a shape of options
 * @property {string[]} params their names
 * @property {"none" | "in" | "out"} payload whether it takes or answers bytes beside the JSON
 * @property {string | null} answer the record that it answers, or null
 * @property {boolean} list whether it answers a list of these
 * @property {string} doc
 *
 * @typedef {{ name: string, bytes: number, type: ScalarType }} Column
 * @typedef {{ name: string, offset: number, type: ScalarType }} Member a field of a record in a batch
 * @typedef {"u32" | "u64" | "i64"} ScalarType
 *
 * @typedef {object} Batch the packed batch; all numbers are little endian
 * @property {number} magic the first four bytes
 * @property {Record<string, number>} header byte offsets in the header, its size, and sizes of records
 * @property {Column[]} columns one after the other from the end of the header, each of one value an item
 * @property {Record<string, number>} meta bit offsets in the column `meta`
 * @property {Record<string, number>} metaBits how many bits each takes
 * @property {Member[]} position one by log, in the header at `start` and at `end`
 * @property {Member[]} segment
 * @property {Member[]} gap
 *
 * @typedef {object} NativeFunction a function of the C library, in C's spelling
 * @property {string} name
 * @property {string} result
 * @property {{ name: string, type: string }[]} parameters
 *
 * @typedef {object} Interface
 * @property {string} abi what `silt_abi()` of the library has to return, as hexadecimal text
 * @property {string} version
 * @property {Record<string, string[]>} doc what words mean, in the order of their list
 * @property {Record<string, (string | null)[]>} words by their numbers, where they have one
 * @property {Shape[]} options
 * @property {Field[]} entry
 * @property {ErrorKind[]} errors
 * @property {Method[]} methods
 * @property {RecordShape[]} records those that others hold first
 * @property {{ entries: number, bytes: number }} limits what a client asks for in a batch, unless it knows better
 * @property {Batch} batch
 * @property {NativeFunction[]} functions
 *
 * @callback Language the generated files of a client: text by path, from the root of the repository
 * @param {Interface} definition
 * @returns {Record<string, string>}
 */
export {};
