import { errorFromData, invalidArgument } from "../errors/from-data.js";
import type { EndReason } from "../generated/kinds.js";
import type { EndJson } from "../generated/records.js";
import { type NativeStream, native } from "../native/binding.js";
import { toWire } from "../native/wire.js";
import { Batch } from "./batch.js";
import type { LogEnd } from "./end.js";
import type { LogSource } from "./source.js";
import { turn } from "./turn.js";

const BATCH_ENTRIES = 1024;
const BATCH_BYTES = 256 * 1024;

/**
 * Whether a reader has an item at hand. `"again"`: filters used up a batch without one, and another may
 * follow at once. `"pending"`: it has to be waited for.
 */
export type Readiness = "item" | "again" | "pending" | "end";

function wasTransferred(): Error {
  const message =
    "the buffer of an entry was transferred, and with it entries that came with it and were not handed over yet; " +
    "copy `data` before it is transferred, and go on with `fromCursor` from the last entry that you have";
  return invalidArgument("transfer", message);
}

/**
 * Takes batches from the core and stands before one of their items. Everything that reads a log goes
 * through here; whoever uses it moves `index` on.
 */
export class BatchReader {
  /** The batch at hand; items before `index` were handed over. */
  batch: Batch | undefined;
  index = 0;
  readonly #stream: NativeStream;
  readonly #limit: number;
  /** What the native wake-up reaches. It does not hold the reader, so that a forgotten one is collected. */
  readonly #waker: { wake: (() => void) | undefined } = { wake: undefined };
  #listens = false;
  #end: EndJson | undefined;
  #failure: Error | undefined;
  #position: string | undefined;

  /** Opens a stream. Throws when the options are wrong or the log can not be read. */
  constructor(
    source: LogSource,
    options: object,
    mode: "stream" | "snapshot",
    limit = BATCH_ENTRIES,
  ) {
    const opened = native().openStream(toWire({ ...source, options, mode }));
    if (typeof opened === "string") throw errorFromData(opened);
    this.#stream = opened;
    this.#limit = limit;
  }

  /** Brings an item to hand if there is one now. Throws, from then on, what ended the stream. */
  ready(): Readiness {
    if (this.batch !== undefined && this.index < this.batch.items) {
      if (this.batch.isGone) this.close("closed");
      else return "item";
    }
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#end !== undefined) return "end";
    this.batch = undefined;
    this.index = 0;
    const taken = this.#stream.take(this.#limit, BATCH_BYTES);
    turn.look();
    if (taken === null) return "pending";
    if (typeof taken === "string") return this.#finish(taken);
    this.batch = new Batch(taken);
    return this.batch.items > 0 ? "item" : "again";
  }

  /** Nothing after entry `last` of the log `exec` is wanted: the stream ends there, or where the log ends now. */
  finish(last: number): void {
    this.#stream.finish(last);
  }

  #finish(json: string): "end" {
    const { end, error } = JSON.parse(json);
    this.#position = this.#stream.position() ?? undefined;
    if (error !== undefined) {
      this.#failure = errorFromData(error);
      this.close("closed");
      throw this.#failure;
    }
    this.#end = end;
    this.#stream.close("closed", null, 0);
    return "end";
  }

  /** Starts to listen for wake-ups; false when it does so already. */
  listen(): boolean {
    if (this.#listens) return false;
    this.#listens = true;
    const waker = this.#waker;
    this.#stream.onWake(() => waker.wake?.());
    return true;
  }

  /**
   * After `"pending"`, while listening: calls `wake` whenever there may be something to take. The process
   * stays alive for it. Undefined takes it back.
   */
  whenReady(wake: (() => void) | undefined): void {
    if ((wake === undefined) !== (this.#waker.wake === undefined))
      this.#stream.hold(wake !== undefined);
    this.#waker.wake = wake;
  }

  /** Ends the reading here. What was taken and not handed over counts as not read. */
  close(reason: EndReason): void {
    if (this.#end !== undefined) return;
    const isGone = this.batch?.isGone ?? false;
    if (isGone && this.index < (this.batch?.items ?? 0)) this.#failure = wasTransferred();
    else this.#position = this.position;
    this.whenReady(undefined);
    const newest = isGone ? null : (this.batch?.bytes ?? null);
    const end = this.#stream.close(reason, newest, this.index);
    this.#end =
      end === null ? { reason, logs: {}, position: "", truncated: false } : JSON.parse(end);
    if (this.#position !== undefined) this.batch = undefined;
  }

  /**
   * After the last item handed over, and after what filters skipped before the next one. Throws where items are
   * gone that were not handed over.
   */
  get position(): string {
    if (this.batch !== undefined && this.index < this.batch.items) {
      if (this.batch.isGone) throw wasTransferred();
      return this.batch.positionBefore(this.index);
    }
    return this.#position ?? this.#stream.position() ?? "";
  }

  get ended(): boolean {
    return this.#end !== undefined;
  }

  get end(): LogEnd | undefined {
    if (this.#end === undefined || this.#failure !== undefined) return undefined;
    const { reason, logs, sessions } = this.#end;
    return sessions === undefined ? { reason, logs } : { reason, logs, sessions };
  }

  /** Whether the beginning of the log was gone; known at the end. */
  get truncated(): boolean {
    return this.#end?.truncated ?? false;
  }
}
