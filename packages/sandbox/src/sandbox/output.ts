import type { Source } from "../generated/kinds.js";
import { sources } from "../generated/kinds.js";
import type { Portion } from "../log/portion.js";

/** How much of a stream `exec` keeps, in bytes. */
const KEPT = 64 * 1024 * 1024;

/** The newest bytes of one stream of a command. */
export class Output {
  /** Whether older bytes are not here. */
  truncated = false;
  readonly #chunks: Uint8Array[] = [];
  #length = 0;
  readonly #onData: ((data: Uint8Array) => void) | undefined;

  constructor(onData: ((data: Uint8Array) => void) | undefined) {
    this.#onData = onData;
  }

  /** Takes what a portion of the log has of these sources. */
  take({ batch, from }: Portion, names: Source[]): void {
    const wanted = names.map((name) => sources.indexOf(name));
    const found: Uint8Array[] = [];
    for (let i = from; i < batch.items; i += 1) {
      if (batch.isGap(i)) this.truncated = true;
      else if (wanted.includes(batch.source(i))) {
        const begin = batch.begin(i);
        found.push(batch.bytes.subarray(begin, begin + batch.length(i)));
      }
    }
    // Copied into one: a chunk must not keep the whole batch.
    if (found.length > 0) this.#keep(Buffer.concat(found));
  }

  #keep(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#length - (this.#chunks[0]?.length ?? 0) >= KEPT) {
      this.#length -= this.#chunks.shift()?.length ?? 0;
      this.truncated = true;
    }
    this.#onData?.(chunk);
  }

  /** All that is kept. */
  bytes(): Buffer {
    const all = Buffer.concat(this.#chunks);
    if (all.length <= KEPT) return all;
    this.truncated = true;
    return all.subarray(all.length - KEPT);
  }
}
