/** Cuts a stream of bytes into whole lines. A line that was cut off by a kill is dropped. */
export class Lines {
  /** @type {Buffer} */
  #held = Buffer.alloc(0);

  /** @param {Buffer} chunk @param {(line: string) => void} each */
  add(chunk, each) {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const end = bytes.lastIndexOf(0x0a) + 1;
    this.#held = bytes.subarray(end);
    if (end === 0) return;
    for (const line of bytes.toString("utf8", 0, end - 1).split("\n")) each(line);
  }
}
