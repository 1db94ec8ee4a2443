import { resolve } from "node:path";
import type { LogSnapshotOptions } from "../generated/options.js";
import type { VerifyReport } from "../generated/records.js";
import { call } from "../native/call.js";
import type { LogEntry } from "./entry.js";
import type { LogGap } from "./gap.js";
import { type LogSnapshot, readSnapshot } from "./snapshot.js";
import type { LogSource } from "./source.js";
import { LogStream, type LogStreamOptions, type ReportingGaps } from "./stream.js";
import { nextTurn, turn } from "./turn.js";

/** What can be asked of a log, wherever it is. */
export abstract class LogReadable {
  /** @internal Where its log is. */
  protected abstract readonly logSource: LogSource;

  /**
   * Opens a stream of the log, finished or live.
   *
   * @throws {@link InvalidArgument} when an option is wrong, before anything is read.
   * @throws {@link InvalidCursor} when `fromCursor` can not be used here.
   */
  logStream(options: ReportingGaps): Promise<LogStream<LogEntry | LogGap>>;
  logStream(options?: LogStreamOptions): Promise<LogStream>;
  async logStream(options: LogStreamOptions = {}): Promise<LogStream> {
    const stream = new LogStream(this.logSource, options);
    // It is open from the call on: only the answer waits.
    if (turn.isOver()) await nextTurn();
    return stream;
  }

  /**
   * The entries there are now; where the event loop is due its turn, after that.
   *
   * @throws {@link MissedRotation} when what follows `fromCursor` is gone; other gaps are in `gaps`.
   */
  logs(options: LogSnapshotOptions = {}): Promise<LogSnapshot> {
    return readSnapshot(this.logSource, options);
  }

  /**
   * Reads everything and checks it. Gaps, and a beginning that is gone by rotation, are no damage.
   *
   * @throws {@link Corruption} when what is held is not whole.
   */
  verify(): Promise<VerifyReport> {
    return call("verifyLog", this.logSource);
  }
}

/** A log folder without a sandbox, such as a copy. */
export class LogDirectory extends LogReadable {
  /** The folder's path, as it was given. */
  readonly folder: string;
  /** @internal */
  protected readonly logSource: LogSource;

  private constructor(folder: string) {
    super();
    this.folder = folder;
    // A later change of the current folder does not move it.
    this.logSource = { folder: resolve(folder) };
  }

  /**
   * Opens a folder with logs.
   *
   * @throws `SiltError` with the code `"NotFound"` when there is none.
   */
  static async open(folder: string): Promise<LogDirectory> {
    await call("openLog", { folder });
    return new LogDirectory(folder);
  }
}
