/**
 * A way to read a log in a language, measured in programs of their own.
 *
 * @typedef {object} Language
 * @property {string} id
 * @property {string} title
 * @property {Partial<Record<Peer, Readers>>} peers whose clients have it
 *
 * @typedef {"silt" | "microsandbox"} Peer
 *
 * @typedef {object} Readers
 * @property {(sandbox: string, count: number) => Reader} read says `{ seconds, lost, repeated }`
 * @property {(sandbox: string, count: number) => Reader} follow says "following", then `{ delays, lost }` in ms
 *
 * @typedef {import("../readers/start.mjs").Reader} Reader
 */
export {};
