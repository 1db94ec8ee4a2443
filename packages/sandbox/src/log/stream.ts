import { errorFromData, invalidArgument } from "../errors/from-data.js";
import type { BytesFormat } from "../generated/kinds.js";
import type { LogStreamOptions as CoreOptions } from "../generated/options.js";
import { native } from "../native/binding.js";
import { optionsGiven } from "../native/given.js";
import type { LogEnd } from "./end.js";
import type { LogEntry } from "./entry.js";
import type { LogGap } from "./gap.js";
import { takeAll, takeOne } from "./item.js";
import { type Portion, takePortion } from "./portion.js";
import { BatchReader } from "./reader.js";
import type { LogSource } from "./source.js";
import { type Take, Waiting } from "./waiting.js";

/** Options of `logStream()`. */
export interface LogStreamOptions extends CoreOptions {
  /** Ends the stream, with the reason `"aborted"`. */
  signal?: AbortSignal | undefined;
}

/** The options with which a stream also gives gaps. */
export type ReportingGaps = LogStreamOptions & { onGap: "report" };

/** Lets go of what holds a stream that was collected. */
const forgotten = new FinalizationRegistry<() => void>((letGo) => letGo());

/**
 * A log as it is, or as it grows. Iterate it once, or call `recv()`; leaving the loop, `close()`,
 * `await using` and the abort signal all close it.
 *
 * ```ts
 * for await (const entry of await sandbox.logStream({ follow: true })) {
 *   process.stdout.write(entry.data);
 * }
 * ```
 *
 * A stream that nobody waits for does not keep the process alive.
 */
export class LogStream<Item extends LogEntry | LogGap = LogEntry> implements AsyncDisposable {
  readonly #reader: BatchReader;
  readonly #waiting: Waiting;
  readonly #signal: AbortSignal | undefined;
  #unsubscribe: (() => void) | undefined;
  readonly #abort: () => void;

  /** @internal */
  constructor(source: LogSource, given: LogStreamOptions) {
    const { signal, ...options } = optionsGiven(given);
    if (signal !== undefined && !(signal instanceof AbortSignal)) {
      throw invalidArgument("signal", "an AbortSignal is expected");
    }
    this.#reader = new BatchReader(source, options, "stream");
    this.#waiting = new Waiting(this.#reader);
    this.#signal = signal;
    // Weak, as in `finishAfter`: a stream that is forgotten is collected while the signal lives on.
    const self = new WeakRef(this);
    const abort = (): void => {
      const stream = self.deref();
      if (stream !== undefined) stream.#end("aborted");
    };
    this.#abort = abort;
    if (signal?.aborted) abort();
    if (signal === undefined || signal.aborted) return;
    signal.addEventListener("abort", abort, { once: true });
    forgotten.register(this, () => signal.removeEventListener("abort", abort));
  }

  /**
   * The next entry, null at the end. Calls that overlap are answered in order.
   *
   * @throws {@link MissedRotation} where entries are gone, unless `onGap` is `"report"`.
   */
  recv(): Promise<Item | null> {
    return this.#request(takeOne as Take<Item>);
  }

  /** The next entry if there is one now; undefined when it has to be waited for, null at the end. */
  tryRecv(): Item | null | undefined {
    return this.#settled(this.#waiting.now(takeOne as Take<Item>));
  }

  /** All entries that are there at once, again and again: as fast as it gets. Never an empty array. */
  batches(): AsyncIterableIterator<Item[]> {
    return this.#iterate(takeAll as Take<Item[]>);
  }

  /**
   * The log as bytes, made without an object for each entry.
   *
   * @throws {@link InvalidArgument} from the iterator when there is no such format.
   */
  bytes(
    options: {
      /**
       * `"text"` (the default): what was written, with a line of text for a gap, also within another
       * line, which it cuts in two. `"ndjson"`: an entry as JSON on each line. `"sse"`: server-sent
       * events, whose ids are cursors.
       */
      format?: BytesFormat;
    } = {},
  ): AsyncIterableIterator<Uint8Array> {
    const { format = "text" } = optionsGiven(options);
    const frames = this.#iterate((reader) => {
      const made = native().frames(reader.batch?.bytes as Uint8Array, reader.index, String(format));
      if (typeof made === "string") throw errorFromData(made);
      reader.index = reader.batch?.items ?? 0;
      return made;
    });
    return format === "sse" ? this.#withEnd(frames) : frames;
  }

  /** @internal All entries that are there at once, packed. */
  portions(): AsyncIterableIterator<Portion> {
    return this.#iterate(takePortion);
  }

  /** @internal Hands over what is there up to entry `last` of the log `exec`, then ends. */
  finish(last: number): void {
    this.#waiting.finish(last);
  }

  /**
   * @internal Calls `subscribe` when someone first finds nothing at hand: it says when to `finish`, or that it is to
   * be called `again` then, and gives what takes that back.
   */
  finishAfter(subscribe: (finish: (last: number) => void, again: () => void) => () => void): void {
    const self = new WeakRef(this);
    this.#waiting.beforeWaiting = () => {
      const finish = (last: number) => self.deref()?.finish(last);
      const again = () => self.deref()?.finishAfter(subscribe);
      const unsubscribe = subscribe(finish, again);
      const stream = self.deref();
      if (stream !== undefined) stream.#unsubscribe = unsubscribe;
    };
  }

  /**
   * Where the reading stands: after the last entry that was handed over, and after what filters skipped
   * since. `fromCursor` goes on there.
   */
  get position(): string {
    return this.#reader.position;
  }

  /** How the stream ended; undefined before that. */
  get end(): LogEnd | undefined {
    return this.#reader.end;
  }

  /** Closes the stream; those who wait get null. Harmless when it has ended. */
  close(): Promise<void> {
    this.#end("closed");
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Item> {
    return this.#iterate(takeOne as Take<Item>);
  }

  #iterate<Taken>(take: Take<Taken>): AsyncIterableIterator<Taken> {
    const toResult = (value: Taken | null): IteratorResult<Taken> =>
      value === null ? { done: true, value: undefined } : { done: false, value };
    const iterator: AsyncIterableIterator<Taken> = {
      next: () => {
        try {
          const taken = this.#waiting.nowInTurn(take);
          if (taken === undefined) return this.#later(take).then(toResult);
          return Promise.resolve(toResult(this.#settled(taken) as Taken | null));
        } catch (error) {
          this.#failed();
          return Promise.reject(error);
        }
      },
      return: async (value) => {
        await this.close();
        return { done: true, value };
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  #request<Taken>(take: Take<Taken>): Promise<Taken | null> {
    try {
      const taken = this.#waiting.nowInTurn(take);
      if (taken === undefined) return this.#later(take);
      return Promise.resolve(this.#settled(taken) as Taken | null);
    } catch (error) {
      this.#failed();
      return Promise.reject(error);
    }
  }

  async #later<Taken>(take: Take<Taken>): Promise<Taken | null> {
    try {
      return this.#settled(await this.#waiting.later(take)) as Taken | null;
    } catch (error) {
      this.#failed();
      throw error;
    }
  }

  /** The stream has, or only one who asked it for what it can not give. */
  #failed(): void {
    if (this.#reader.ended) this.#release();
  }

  /** At the end, the signal is let go. */
  #settled<Taken>(taken: Taken): Taken {
    if (taken === null) this.#release();
    return taken;
  }

  #end(reason: "closed" | "aborted"): void {
    this.#reader.close(reason);
    this.#waiting.settle();
    this.#release();
  }

  #release(): void {
    this.#waiting.beforeWaiting = undefined;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#signal?.removeEventListener("abort", this.#abort);
  }

  /** Not a generator: one that waits would let nobody leave it. */
  #withEnd(frames: AsyncIterableIterator<Uint8Array>): AsyncIterableIterator<Uint8Array> {
    let isOver = false;
    const iterator: AsyncIterableIterator<Uint8Array> = {
      next: async () => {
        try {
          const result = await frames.next();
          if (!result.done || isOver) return result;
        } catch (error) {
          isOver = true;
          throw error;
        }
        isOver = true;
        const end = JSON.stringify({ ...this.end, position: this.position });
        return { done: false, value: Buffer.from(native().endFrame(end, "sse")) };
      },
      return: async (value) => {
        isOver = true;
        await frames.return?.();
        return { done: true, value };
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }
}
