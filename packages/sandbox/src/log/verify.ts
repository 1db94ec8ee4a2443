import type { LogName } from "../generated/kinds.js";
import type { GapRange } from "./gap.js";

/** What a check of a log folder found. */
export interface VerifyReport {
  /** All that is held is as it was written. A beginning that is gone, and recorded gaps, do not matter. */
  whole: boolean;
  /** Names the folder, in hexadecimal digits. */
  logId: string;
  /** Whether it has a writer, or how the last one ended. */
  writer: "running" | "stopped" | "crashed";
  /** `exec`, `runtime`, `kernel`. */
  logs: VerifiedLog[];
  /** Exec sessions whose length and SHA-256 were compared with their exit record, and those that could not. */
  sessions: { checked: number; notHeld: number };
  /** The first 1,000. */
  damage: LogDamage[];
  /** How many more there are. */
  damageLeftOut: number;
}

/** One log of a checked folder. Numbers are 0 where there are none. */
export interface VerifiedLog {
  log: LogName;
  /** Files read. */
  segments: number;
  /** Bytes read. */
  bytes: number;
  entries: number;
  firstSequence: number;
  lastSequence: number;
  /** Whether its beginning is gone. */
  truncated: boolean;
  /** Recorded gaps, the first 1,000. */
  gaps: Omit<GapRange, "log">[];
  /** Bytes after the last whole line, which count for nothing. */
  tornBytes: number;
}

/** Damage, named by the entries that it touches. */
export interface LogDamage {
  log: LogName;
  /** The number of the file it was found in. */
  segment: number;
  kind: "checksum" | "line" | "missing" | "cut" | "segment" | "chain" | "order" | "session";
  /** The first number that may be wrong or gone; null where no entry is touched. */
  from: number | null;
  to: number | null;
  message: string;
}
