import { column, header, meta } from "../generated/batch-layout.js";
import { native } from "../native/binding.js";

const TWO_32 = 2 ** 32;

/**
 * A packed batch of entries, as the core made it. Numbers are read through one array of 32-bit words over
 * the whole block; see `silt-interface`'s module `packed` for the layout.
 */
export class Batch {
  readonly bytes: Buffer;
  /** How many entries and gaps it has. */
  readonly items: number;
  readonly #words: Uint32Array;
  readonly #data: number;
  #levels: Uint8Array | undefined;

  constructor(packed: Uint8Array) {
    // A view of 32-bit words needs an aligned beginning, which a pooled buffer may not have.
    const aligned = packed.byteOffset % 4 === 0 ? packed : packed.slice();
    this.bytes = Buffer.from(aligned.buffer, aligned.byteOffset, aligned.byteLength);
    this.#words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >>> 2);
    this.items = this.#words[header.items >> 2] as number;
    this.#data = this.#words[header.dataOffset >> 2] as number;
  }

  /** Whether its bytes were transferred to another thread. */
  get isGone(): boolean {
    return this.bytes.byteLength === 0;
  }

  /** A word of a column of which all columns before have `before` words an item. */
  #word(before: number, index: number): number {
    return this.#words[(header.size >> 2) + before * this.items + index] as number;
  }

  #number(before: number, index: number): number {
    const low = this.#word(before, index * 2);
    return low + this.#word(before, index * 2 + 1) * TWO_32;
  }

  /** Capture time in nanoseconds since 1970. */
  time(index: number): bigint {
    const low = BigInt(this.#word(column.times, index * 2));
    return low + (BigInt(this.#word(column.times, index * 2 + 1) | 0) << 32n);
  }

  sequence(index: number): number {
    return this.#number(column.sequences, index);
  }

  /** 0 for none. */
  session(index: number): number {
    return this.#number(column.sessions, index);
  }

  #meta(index: number): number {
    return this.#word(column.meta, index);
  }

  log(index: number): number {
    return (this.#meta(index) >>> meta.log) & 3;
  }

  source(index: number): number {
    return (this.#meta(index) >>> meta.source) & 3;
  }

  part(index: number): number {
    return (this.#meta(index) >>> meta.part) & 3;
  }

  isGap(index: number): boolean {
    return ((this.#meta(index) >>> meta.gap) & 1) === 1;
  }

  isUtf8(index: number): boolean {
    return ((this.#meta(index) >>> meta.utf8) & 1) === 1;
  }

  /** Where the bytes of an entry begin in `bytes`. */
  begin(index: number): number {
    return this.#data + this.#word(column.dataOffsets, index);
  }

  length(index: number): number {
    return this.#word(column.dataLengths, index);
  }

  /** Where the gap of item `index` begins in `bytes`. */
  gap(index: number): number {
    const columns = Math.ceil((column.words * this.items) / 2) * 8;
    const segments = (this.#words[header.segments >> 2] as number) * header.segmentBytes;
    return (
      header.size + columns + segments + this.#word(column.dataOffsets, index) * header.gapBytes
    );
  }

  /** From 0 (`DEBUG`) to 4. All levels of a batch are found at once, when one is first asked for. */
  level(index: number): number {
    this.#levels ??= native().levels(this.bytes);
    return this.#levels[index] as number;
  }

  /** The cursor just after an item. */
  cursor(index: number): string {
    return native().cursorAt(this.bytes, index);
  }

  /** The position of a reader who was handed the items before `index`. */
  positionBefore(index: number): string {
    return native().positionBefore(this.bytes, index);
  }
}
