import { appendFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {import("@silt/sandbox").LogEntry} LogEntry */

/**
 * Keeps what a reader was given: the bytes of each stream in a file, and whether the numbers of the entries
 * leave anything out. A second reader goes on where the first one was.
 */
export class Reader {
  #folder;
  /** @type {{ stdout: Uint8Array[], stderr: Uint8Array[] }} */
  #data = { stdout: [], stderr: [] };
  #last;
  entries = 0;
  lost = 0;
  repeated = 0;

  /** @param {string} folder @param {number} [last] number of the last entry that was read before */
  constructor(folder, last = 0) {
    this.#folder = folder;
    this.#last = last;
  }

  /** @param {LogEntry} entry */
  add(entry) {
    if (entry.log !== "exec") return;
    const sequence = Number(entry.sequence);
    if (sequence <= this.#last) this.repeated += 1;
    else this.lost += sequence - this.#last - 1;
    this.#last = sequence;
    this.entries += 1;
    if (entry.source === "stdout" || entry.source === "stderr") {
      this.#data[entry.source].push(entry.data);
    }
  }

  get last() {
    return this.#last;
  }

  /** Appends what was read to the files `stdout` and `stderr` of the folder. */
  save() {
    for (const source of /** @type {const} */ (["stdout", "stderr"])) {
      appendFileSync(join(this.#folder, source), Buffer.concat(this.#data[source]));
    }
    return { entries: this.entries, last: this.last, lost: this.lost, repeated: this.repeated };
  }
}
