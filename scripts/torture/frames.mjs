/**
 * Cuts a stream of bytes into the frames of `stint-program.mjs`. A frame that was cut off by a kill is dropped.
 */
export class Frames {
  /** @type {Buffer} */
  #held = Buffer.alloc(0);

  /** @param {Buffer} chunk @param {(header: any, payload: Buffer) => void} each */
  add(chunk, each) {
    let rest = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    while (rest.length >= 8) {
      const header = rest.readUInt32LE(0);
      const whole = 8 + header + rest.readUInt32LE(4);
      if (rest.length < whole) break;
      const text = rest.toString("utf8", 8, 8 + header);
      each(JSON.parse(text), rest.subarray(8 + header, whole));
      rest = rest.subarray(whole);
    }
    this.#held = rest;
  }
}
