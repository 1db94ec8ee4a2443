/**
 * One measurement of one program.
 *
 * @typedef {object} Figure
 * @property {number} value
 * @property {number} [lost] entries that were written and not delivered
 * @property {number} [repeated] entries that were delivered twice or out of order
 *
 * One line of the table.
 *
 * @typedef {object} Row
 * @property {string} id
 * @property {string} what
 * @property {string} unit
 * @property {"higher" | "lower"} better
 * @property {Record<string, Figure>} figures by program
 */
export {};
