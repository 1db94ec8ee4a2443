import type { Source } from "../generated/kinds.js";
import { sources } from "../generated/kinds.js";
import type { Portion } from "../log/portion.js";
import type { SessionEnd } from "./session-end.js";

/** How much of a stream `exec` keeps, in bytes. */
const KEPT = 64 * 1024 * 1024;

/** The newest bytes of one stream of a command. */
export class Output {
  readonly #chunks: Uint8Array[] = [];
  readonly #names: Source[];
  readonly #wanted: number[];
  readonly #onData: ((data: Uint8Array) => void) | undefined;
  #length = 0;
  #received = 0;
  /** Whether entries were missing, of this session or of another. */
  #gaps = false;

  /** @param names The sources that make up the stream. */
  constructor(names: Source[], onData: ((data: Uint8Array) => void) | undefined) {
    this.#names = names;
    this.#wanted = names.map((name) => sources.indexOf(name));
    this.#onData = onData;
  }

  /** Takes what a portion of the log has of the stream. */
  take({ batch, from }: Portion): void {
    const found: Uint8Array[] = [];
    for (let i = from; i < batch.items; i += 1) {
      if (batch.isGap(i)) this.#gaps = true;
      else if (this.#wanted.includes(batch.source(i))) {
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
    this.#received += chunk.length;
    while (this.#length - (this.#chunks[0]?.length ?? 0) >= KEPT) {
      this.#length -= this.#chunks.shift()?.length ?? 0;
    }
    // A copy: whoever gets it may write into it or hand it on to another thread.
    this.#onData?.(new Uint8Array(chunk));
  }

  /** All that is kept. */
  bytes(): Buffer {
    const all = Buffer.concat(this.#chunks);
    return all.length <= KEPT ? all : all.subarray(all.length - KEPT);
  }

  /** Whether the command wrote more than is kept: more than fits, or what the log did not keep either. */
  isTruncated({ detached, totals }: SessionEnd): boolean {
    if (this.#received > KEPT) return true;
    // While detached, it is not known yet what the command writes in all.
    if (detached) return this.#gaps;
    const written = totals.filter(({ source }) => this.#names.includes(source));
    return written.reduce((sum, { bytes }) => sum + bytes, 0) !== this.#received;
  }
}
