import {
  type Level,
  type LogName,
  levels,
  logs,
  type Part,
  parts,
  type Source,
  sources,
} from "../generated/kinds.js";
import type { Batch } from "./batch.js";
import { rfc3339 } from "./time.js";

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** An entry as JSON, as on the command line and over HTTP. */
export interface LogEntryJson {
  /** RFC 3339 in UTC, with nanoseconds. */
  timestamp: string;
  log: LogName;
  source: Source;
  sessionId: number | null;
  sequence: number;
  level: Level;
  /** Text, or base64 where `encoding` says so. */
  data: string;
  encoding?: "base64";
  part?: Part;
}

/**
 * A line that a command wrote, or a part of a long or slow one. Joining the `data` of all entries of one
 * session and source gives back the exact bytes that the process wrote.
 *
 * Small and lazy: text, level and cursor are made when they are asked for.
 */
export class LogEntry {
  readonly #batch: Batch;
  readonly #index: number;

  /** @internal */
  constructor(batch: Batch, index: number) {
    this.#batch = batch;
    this.#index = index;
  }

  /** Tells an entry from a {@link LogGap}. */
  get type(): "entry" {
    return "entry";
  }

  /** Which of the three logs it is in; each counts its own `sequence`. */
  get log(): LogName {
    return logs[this.#batch.log(this.#index)] as LogName;
  }

  get source(): Source {
    return sources[this.#batch.source(this.#index)] as Source;
  }

  /** Its number in its log: contiguous, from 1, never given twice. */
  get sequence(): number {
    return this.#batch.sequence(this.#index);
  }

  /** The exec session; null for `system`. */
  get sessionId(): number | null {
    return this.#batch.session(this.#index) || null;
  }

  /** When it was captured, to the millisecond. */
  get timestamp(): Date {
    return new Date(Number(this.timestampNanos / 1_000_000n));
  }

  /** When it was captured, in nanoseconds since 1970. */
  get timestampNanos(): bigint {
    return this.#batch.time(this.#index);
  }

  /** Found in the text of the line; `INFO` where that has none. */
  get level(): Level {
    return levels[this.#batch.level(this.#index)] as Level;
  }

  /** Which part of a split line it is; undefined for a whole line. */
  get part(): Part | undefined {
    return parts[this.#batch.part(this.#index)];
  }

  /**
   * The exact bytes, line end included. Shares memory with the entries it came with: copy (`data.slice()`) to
   * keep few, and before its buffer is transferred to another thread, which would take theirs with it: the
   * stream fails where some of them were not handed over yet.
   */
  get data(): Uint8Array {
    const begin = this.#batch.begin(this.#index);
    const { buffer, byteOffset } = this.#batch.bytes;
    return new Uint8Array(buffer, byteOffset + begin, this.#batch.length(this.#index));
  }

  /** The bytes as text, line end included. What is not UTF-8 shows as U+FFFD. */
  text(): string {
    const begin = this.#batch.begin(this.#index);
    return this.#batch.bytes.toString("utf8", begin, begin + this.#batch.length(this.#index));
  }

  /** The text without its line end: one `\n`, and one `\r` before it. */
  get line(): string {
    const { bytes } = this.#batch;
    const begin = this.#batch.begin(this.#index);
    let end = begin + this.#batch.length(this.#index);
    if (end > begin && bytes[end - 1] === LINE_FEED) {
      end -= 1;
      if (end > begin && bytes[end - 1] === CARRIAGE_RETURN) end -= 1;
    }
    return bytes.toString("utf8", begin, end);
  }

  /** Stands just after this entry: `fromCursor` goes on with the next one. */
  get cursor(): string {
    return this.#batch.cursor(this.#index);
  }

  toJSON(): LogEntryJson {
    const utf8 = this.#batch.isUtf8(this.#index);
    const { part } = this;
    return {
      timestamp: rfc3339(this.timestampNanos),
      log: this.log,
      source: this.source,
      sessionId: this.sessionId,
      sequence: this.sequence,
      level: this.level,
      data: utf8 ? this.text() : Buffer.from(this.data).toString("base64"),
      ...(utf8 ? {} : { encoding: "base64" }),
      ...(part === undefined ? {} : { part }),
    };
  }

  /** @internal */
  [Symbol.for("nodejs.util.inspect.custom")](): LogEntryJson {
    return this.toJSON();
  }
}
