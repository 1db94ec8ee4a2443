// Generated from crates/silt-interface by `npm run generate`. Do not edit.
import type {
  DamageKind,
  EndReason,
  FileKind,
  GapReason,
  LogName,
  SandboxStatus,
  Source,
} from "./kinds.js";

/** Entries that are gone, both ends included. */
export interface GapRange {
  /** The log that they were in. */
  log: LogName;
  /** The first number that is missing. */
  from: number;
  /** The last number that is missing. */
  to: number;
  /** How many entries were lost; null where only a bound is known. */
  lost: number | null;
  /** Why they are gone. */
  reason: GapReason;
}

/** Entries of one log that are gone, both ends included. */
export interface RecordedGap {
  /** The first number that is missing. */
  from: number;
  /** The last number that is missing. */
  to: number;
  /** How many entries were lost; null where only a bound is known. */
  lost: number | null;
  /** Why they are gone. */
  reason: GapReason;
}

/** What a stream delivered of one log. */
export interface LogTotals {
  /** How many entries. */
  entries: number;
  /** Bytes of the entries' data. */
  bytes: number;
  /** Null when nothing was delivered. */
  firstSequence: number | null;
  /** Null when nothing was delivered. */
  lastSequence: number | null;
  /** How many gaps were delivered. */
  gaps: number;
}

/** What a session wrote to one source, or what came of that. */
export interface SourceTotals {
  /** `stdout`, `stderr` or `output`. */
  source: Source;
  /** How many entries. */
  entries: number;
  /** How many bytes. */
  bytes: number;
  /** Of all bytes, in hexadecimal. */
  sha256: string;
}

/** What a stream delivered of an exec session. */
export interface DeliveredSession {
  /** Its number in its sandbox. */
  sessionId: number;
  /** Whether it is all that the session wrote to the sources asked for, by the totals of its exit record, which were counted where the bytes came in. Null where that can not be said: the session has not ended as far as the stream was read, the stream began after the session's first entry, or it selects by `level`, `grep` or `since`. */
  complete: boolean | null;
  /** Those of which something was delivered. */
  sources: SourceTotals[];
}

/** How a stream ended. */
export interface EndJson {
  /** Why it ended. */
  reason: EndReason;
  /** The cursor from which another stream goes on. */
  position: string;
  /** Whether the beginning of the log is gone. */
  truncated: boolean;
  /** By log, those that were read. */
  logs: Partial<Record<LogName, LogTotals>>;
  /** By exec session, in their order; only with the option `digest`. */
  sessions?: DeliveredSession[];
}

/** How much a sandbox may use. Absent: no limit of Silt's own. */
export interface SandboxLimits {
  /** Memory of the whole sandbox, in bytes. */
  memoryBytes?: number;
  /** Processes and threads of the whole sandbox. */
  processes?: number;
  /** Open files of each process. */
  openFiles?: number;
  /** CPU time of each process, in seconds. */
  cpuSeconds?: number;
  /** Whether it goes on without a limit that does not hold. */
  bestEffort: boolean;
}

/** A command that ran or runs in a sandbox. */
export interface SessionInfo {
  /** Its number in its sandbox. */
  sessionId: number;
  /** The program and its arguments. */
  command: string[];
  /** Null while it runs and after a signal. */
  exitCode: number | null;
  /** `"SIGKILL"`, …; null when it exited by itself. */
  signal: string | null;
  /** When it was started. */
  startedAt: string;
  /** Null while it runs. */
  endedAt: string | null;
  /** Only there, and true, where the supervisor died while it ran: how it ended is not known. */
  crashed?: boolean;
}

/** What is known of a sandbox; the same as `silt inspect --json`. Times are RFC 3339 in UTC. */
export interface SandboxInfo {
  /** Its name. */
  name: string;
  /** Whether it runs. */
  status: SandboxStatus;
  /** What it runs in. */
  runtime: string;
  /** When it was created. */
  createdAt: string;
  /** The newest start. */
  startedAt: string | null;
  /** Null while it runs. */
  endedAt: string | null;
  /** From the newest start to the end, or to now. */
  durationMs: number | null;
  /** Null unless it runs. */
  supervisorPid: number | null;
  /** The folder on the host that is `/workspace` inside. */
  workdir: string;
  /** What it reaches of the network. */
  network: string;
  /** How much it may use. */
  limits: SandboxLimits;
  /** Size of the log on disk, in bytes. */
  logBytes: number;
  /** The size beyond which the oldest entries go, in bytes. */
  logMaxBytes: number;
  /** Whether the beginning of the log is gone. */
  truncated: boolean;
  /** The newest 1,000, oldest first; empty in a list. */
  sessions: SessionInfo[];
  /** Why it ended, where it was not asked to. */
  error: string | null;
}

/** How a session ended. */
export interface SessionEndJson {
  /** Its number in its sandbox. */
  sessionId: number;
  /** Null after a signal. 127: not found; 126: not executable. */
  exitCode: number | null;
  /** `"SIGKILL"`, …; null when it exited by itself. */
  signal: string | null;
  /** Whether its time limit ended it. */
  timedOut: boolean;
  /** Whether a child of it still held its output; what that writes still goes to the log. */
  detached: boolean;
  /** When it was started. */
  startedAt: string;
  /** When it ended. */
  endedAt: string;
  /** From start to end. */
  durationMs: number;
  /** All that the session wrote until then is in the log up to this number. */
  lastSequence: number;
  /** Empty while `detached`. */
  totals: SourceTotals[];
}

/** A command that was started. */
export interface SpawnedSession {
  /** Its number in its sandbox. */
  sessionId: number;
  /** Stands just before its first entry, in all three logs. */
  cursor: string;
}

/** What became of bytes for a command's input. */
export interface WriteResult {
  /** Whether the command no longer reads its input. */
  closed: boolean;
}

/** A port that was made reachable. */
export interface ExposedPort {
  /** On the host, at 127.0.0.1. */
  port: number;
}

/** A file or folder in a sandbox. */
export interface FileInfo {
  /** Its name in its folder. */
  name: string;
  /** What it is. */
  kind: FileKind;
  /** In bytes. */
  size: number;
  /** When it was changed. */
  modifiedAt: string;
}

/** One log of a checked folder. Numbers are 0 where there are none. */
export interface VerifiedLog {
  /** Which one. */
  log: LogName;
  /** Files read. */
  segments: number;
  /** Bytes read. */
  bytes: number;
  /** How many entries it holds. */
  entries: number;
  /** The number of the first. */
  firstSequence: number;
  /** The number of the last. */
  lastSequence: number;
  /** Whether its beginning is gone. */
  truncated: boolean;
  /** Recorded gaps, the first 1,000. */
  gaps: RecordedGap[];
  /** Bytes after the last whole line, which count for nothing. */
  tornBytes: number;
}

/** Damage, named by the entries that it touches. */
export interface LogDamage {
  /** The log that it is in. */
  log: LogName;
  /** The number of the file it was found in. */
  segment: number;
  /** What is wrong. */
  kind: DamageKind;
  /** The first number that may be wrong or gone; null where no entry is touched. */
  from: number | null;
  /** The last one. */
  to: number | null;
  /** What was found. */
  message: string;
}

/** Exec sessions whose length and SHA-256 were compared with their exit record. */
export interface VerifiedSessions {
  /** Held as a whole, and compared. */
  checked: number;
  /** Not held as a whole, and not compared. */
  notHeld: number;
}

/** What a check of a log folder found. */
export interface VerifyReport {
  /** All that is held is as it was written. A beginning that is gone, and recorded gaps, do not matter. */
  whole: boolean;
  /** Names the folder, in hexadecimal digits. */
  logId: string;
  /** Whether it has a writer, or how the last one ended. */
  writer: SandboxStatus;
  /** `exec`, `runtime`, `kernel`. */
  logs: VerifiedLog[];
  /** Exec sessions that were compared with their exit record. */
  sessions: VerifiedSessions;
  /** The first 1,000. */
  damage: LogDamage[];
  /** How many more there are. */
  damageLeftOut: number;
}
