import { crc32c } from "../fixtures/crc32c.mjs";

/**
 * Where a cursor stands, read as docs/cursor.md says.
 *
 * @typedef {{ sequence: number, segment: number, offset: number, tag: string }} LogPosition
 * @typedef {{ logId: string, exec: LogPosition | null, runtime: LogPosition | null, kernel: LogPosition | null }} Cursor
 */

/** @type {Map<string, Cursor>} */
const known = new Map();

/** @param {string} text @returns {Cursor} */
export function decodeCursor(text) {
  let cursor = known.get(text);
  if (!cursor) {
    cursor = decode(text);
    if (known.size > 100_000) known.clear();
    known.set(text, cursor);
  }
  return cursor;
}

/** @param {string} text @returns {Cursor} */
function decode(text) {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) throw new Error(`${JSON.stringify(text)} is no cursor`);
  const bytes = Buffer.from(text, "base64url");
  const body = bytes.subarray(0, -4);
  if (crc32c(body) !== bytes.readUInt32LE(body.length)) throw new Error(`${text}: wrong checksum`);
  if (body[0] !== 1) throw new Error(`${text} is of version ${body[0]}`);
  let at = 17;
  const number = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = body.readUInt8(at);
      at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const position = () => {
    const next = number();
    if (next === 0) return null;
    const [segment, offset] = [number(), number()];
    const tag = body.readUInt32LE(at).toString(16).padStart(8, "0");
    at += 4;
    return { sequence: next - 1, segment, offset, tag };
  };
  const logId = body.subarray(1, 17).toString("hex");
  const cursor = { logId, exec: position(), runtime: position(), kernel: position() };
  if (at !== body.length) throw new Error(`${text} has more than three positions`);
  return cursor;
}

/** @param {Cursor} cursor @param {{ version?: number }} [how] @returns {string} */
export function encodeCursor({ logId, exec, runtime, kernel }, { version = 1 } = {}) {
  const bytes = [version, ...Buffer.from(logId, "hex")];
  const number = (/** @type {number} */ value) => {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
    bytes.push(rest);
  };
  for (const position of [exec, runtime, kernel]) {
    number(position ? position.sequence + 1 : 0);
    if (!position) continue;
    number(position.segment);
    number(position.offset);
    bytes.push(...Buffer.from(position.tag, "hex").reverse());
  }
  const body = Buffer.from(bytes);
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32c(body));
  return Buffer.concat([body, sum]).toString("base64url");
}
