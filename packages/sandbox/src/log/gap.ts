import type { GapReason, LogName } from "../generated/kinds.js";
import { gapReasons, logs } from "../generated/kinds.js";
import type { GapRange } from "../generated/records.js";
import type { Batch } from "./batch.js";

/** A gap as JSON, as on the command line and over HTTP. */
export interface LogGapJson extends GapRange {
  type: "gap";
  resumeCursor: string;
}

/** Stands among the entries where some are gone, when they are read with `onGap: "report"`. */
export class LogGap implements GapRange {
  readonly log: LogName;
  readonly from: number;
  readonly to: number;
  readonly lost: number | null;
  readonly reason: GapReason;
  readonly #batch: Batch;
  readonly #index: number;

  /** @internal */
  constructor(batch: Batch, index: number) {
    const at = batch.gap(index);
    const lost = batch.bytes.readBigUInt64LE(at + 16);
    this.from = Number(batch.bytes.readBigUInt64LE(at));
    this.to = Number(batch.bytes.readBigUInt64LE(at + 8));
    this.lost = lost === 0xffff_ffff_ffff_ffffn ? null : Number(lost);
    this.log = logs[batch.bytes.readUInt32LE(at + 24)] as LogName;
    this.reason = gapReasons[batch.bytes.readUInt32LE(at + 28)] as GapReason;
    this.#batch = batch;
    this.#index = index;
  }

  /** Tells a gap from a {@link LogEntry}. */
  get type(): "gap" {
    return "gap";
  }

  /** Stands just after the gap. */
  get resumeCursor(): string {
    return this.#batch.cursor(this.#index);
  }

  toJSON(): LogGapJson {
    const { type, log, from, to, lost, reason, resumeCursor } = this;
    return { type, log, from, to, lost, reason, resumeCursor };
  }
}
