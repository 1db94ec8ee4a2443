import type { EndReason, LogName } from "../generated/kinds.js";

/** What a stream delivered of one log. */
export interface LogTotals {
  entries: number;
  /** Bytes of the entries' data. */
  bytes: number;
  /** Null when nothing was delivered. */
  firstSequence: number | null;
  lastSequence: number | null;
  /** How many gaps were delivered. */
  gaps: number;
}

/** How a stream ended. */
export interface LogEnd {
  reason: EndReason;
  /** By log, those that were read. */
  logs: Partial<Record<LogName, LogTotals>>;
}

/** An end as the core tells it. */
export interface EndJson extends LogEnd {
  position: string;
  truncated: boolean;
}
