/** Bytes of each line of the workload, its end included. */
export const LINE_BYTES = 100;
/**
 * Lines a millisecond where a live log is rotated: slow enough for every reader here to keep up, and no divisor of
 * the lines between rotations, so that a rotation does not always follow a pause.
 */
export const PACE = 7;
const DIGITS = 8;
const filler = ` ${"x".repeat(LINE_BYTES - DIGITS - 2)}\n`;

/** The line with this number: it names itself, so that a reader can tell what it did not get. @param {number} i */
export function lineOf(i) {
  return `${String(i).padStart(DIGITS, "0")}${filler}`;
}

/** @param {Uint8Array} data of a line */
function numberOf(data) {
  let number = 0;
  for (let i = 0; i < DIGITS; i += 1) number = number * 10 + /** @type {number} */ (data[i]) - 48;
  return number;
}

/** Counts what a reader was given, what it was not given, and what it was given twice or too late. */
export class Tally {
  entries = 0;
  bytes = 0;
  lost = 0;
  repeated = 0;
  #next = 0;

  /** @param {Uint8Array} data of one entry, which is one line */
  add(data) {
    const number = numberOf(data);
    if (number < this.#next) this.repeated += 1;
    else {
      this.lost += number - this.#next;
      this.#next = number + 1;
    }
    this.entries += 1;
    this.bytes += data.length;
  }

  /** @param {number} total how many lines were written */
  finish(total) {
    this.lost += total - this.#next;
    return {
      entries: this.entries,
      bytes: this.bytes,
      lost: this.lost,
      repeated: this.repeated,
    };
  }
}
