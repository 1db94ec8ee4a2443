import { invalidArgument } from "../errors/from-data.js";
import type { CommandOptions } from "../generated/options.js";
import type { SessionEndJson } from "../generated/records.js";
import type { LogEntry } from "../log/entry.js";
import type { LogGap } from "../log/gap.js";
import { LogStream, type LogStreamOptions, type ReportingGaps } from "../log/stream.js";
import { nextTurn, turn } from "../log/turn.js";
import { call, callWeakly } from "../native/call.js";
import { bytesGiven, optionsGiven } from "../native/given.js";
import type { Place } from "./located.js";
import { type SessionEnd, sessionEnd } from "./session-end.js";

/** Options of `spawn()`. */
export interface SpawnOptions extends CommandOptions {
  /** Whether there is standard input to `write()` to; else it is `/dev/null`. Default true. */
  stdin?: boolean | undefined;
}

/** Who reads to the session's end. */
interface Reader {
  tell: (last: number) => void;
  again: () => void;
}

// The core takes 16 MiB at once; less keeps little in flight.
const LARGEST_WRITE = 1024 * 1024;

/** A program that was started in a sandbox. */
export class ExecSession {
  /** Its number in the sandbox, never used again; `entry.sessionId` of all that it writes. */
  readonly sessionId: number;
  /** Stands just before its first entry. */
  readonly cursor: string;
  readonly #place: Place;
  #input: Promise<unknown> = Promise.resolve();
  /** Who is to be told of the end, and whether it was asked for. */
  readonly #told = new Set<Reader>();
  #asked = false;

  /** @internal */
  constructor(place: Place, started: { sessionId: number; cursor: string }) {
    this.#place = place;
    this.sessionId = started.sessionId;
    this.cursor = started.cursor;
  }

  /** The parameters of every call that concerns it. */
  get #self(): Place & { sessionId: number } {
    return { ...this.#place, sessionId: this.sessionId };
  }

  /**
   * Gives bytes to its standard input, in the order of the calls.
   *
   * @returns Once all of it was taken; false when the program does not read its input any more.
   */
  async write(data: string | Uint8Array): Promise<boolean> {
    const bytes = bytesGiven(data, "data");
    return this.#afterInput(async () => {
      for (let at = 0; at < bytes.length; at += LARGEST_WRITE) {
        const part = bytes.subarray(at, at + LARGEST_WRITE);
        const { closed } = await call<{ closed: boolean }>("write", this.#self, part);
        if (closed) return false;
      }
      return true;
    });
  }

  /** Ends its standard input, after all that was written. */
  end(): Promise<void> {
    return this.#afterInput(async () => {
      await call("closeStdin", this.#self);
    });
  }

  /** Sends a signal to its process group. Default `"SIGTERM"`. */
  async kill(signal = "SIGTERM"): Promise<void> {
    await call("signal", { ...this.#self, signal });
  }

  /** Sets the size of its terminal, in characters. */
  async resize(columns: number, rows: number): Promise<void> {
    await call("resize", { ...this.#self, columns, rows });
  }

  /**
   * How it ended, once its last byte is in the log; or 1 s after its exit while a child of it still holds
   * its output (`detached`).
   */
  async wait(): Promise<SessionEnd> {
    return sessionEnd(await this.ended());
  }

  /** @internal As {@link ExecSession.wait}, as the core tells it. */
  ended(): Promise<SessionEndJson> {
    return call("wait", this.#self);
  }

  /**
   * What it writes, from its first entry on. With `follow` the stream ends with the session.
   */
  logStream(options: ReportingGaps): Promise<LogStream<LogEntry | LogGap>>;
  logStream(options?: LogStreamOptions): Promise<LogStream>;
  async logStream(given: LogStreamOptions = {}): Promise<LogStream> {
    const options = optionsGiven(given);
    if (options.sessions !== undefined) {
      throw invalidArgument("sessions", "the stream of a session has no other sessions");
    }
    // Not from the oldest entry there is: what retention took of the session's beginning is a gap.
    const fromCursor = options.fromCursor ?? (options.since == null ? this.cursor : undefined);
    const sessions = [this.sessionId];
    const stream = new LogStream(this.#place, { ...options, fromCursor, sessions });
    stream.finishAfter((tell, again) => this.#whenEnded({ tell, again }));
    if (turn.isOver()) await nextTurn();
    return stream;
  }

  /**
   * Calls `tell` with the number of the session's last entry once it has ended, unless the function that is
   * returned was called before. Streams come and go while a session runs: all share one request, which does
   * not keep the process alive. When the supervisor dies there is no answer: who goes on reading asks `again`,
   * since another may have taken over the log.
   */
  #whenEnded(reader: Reader): () => void {
    this.#told.add(reader);
    this.#askForEnd();
    return () => this.#told.delete(reader);
  }

  #askForEnd(): void {
    if (this.#asked) return;
    this.#asked = true;
    callWeakly<SessionEndJson>("wait", { ...this.#self, lastByte: true }, (end) => {
      this.#asked = false;
      const told = [...this.#told];
      this.#told.clear();
      for (const reader of told) {
        if (end === null) reader.again();
        else reader.tell(end.lastSequence);
      }
    });
  }

  #afterInput<Answer>(action: () => Promise<Answer>): Promise<Answer> {
    const done = this.#input.then(action);
    this.#input = done.catch(() => {});
    return done;
  }
}

/** Starts a program in a sandbox. */
export async function spawnSession(
  place: Place,
  program: string,
  args: string[],
  stdin: boolean,
  options: CommandOptions,
): Promise<ExecSession> {
  const params = { ...place, program, args, stdin, options };
  return new ExecSession(place, await call("spawn", params));
}
