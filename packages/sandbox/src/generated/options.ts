// Generated from crates/silt-interface by `npm run generate`. Do not edit.
import type { Source } from "./kinds.js";

/** What a stream reads, and from where. */
export interface LogStreamOptions {
  /** Where entries may come from. `"all"` is all four; `system` brings the logs `runtime` and `kernel` along. Default: stdout, stderr and output. */
  sources?: "all" | readonly Source[] | undefined;
  /** Only entries of these exec sessions. Default: all sessions. */
  sessions?: readonly number[] | undefined;
  /** Only entries of this level and above. Default: every level. */
  level?: "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL" | undefined;
  /** Only entries whose text, without colours and line end, matches this pattern (syntax of the Rust `regex` crate). Default: every entry. */
  grep?: string | undefined;
  /** Only entries captured at this time or later. Default: the oldest entry. Not together with `fromCursor`. */
  since?: Date | string | undefined;
  /** Only entries captured before this time; with `follow` the stream ends then. Default: the newest entry. */
  until?: Date | string | undefined;
  /** Only entries after the place this cursor stands at. Default: the oldest entry. Not together with `since`. */
  fromCursor?: string | undefined;
  /** Only the newest entries, this many, counted after all other filters. Default: every entry. */
  tail?: number | undefined;
  /** Wait for entries that are yet to come, until the sandbox stops. Default: false. */
  follow?: boolean | undefined;
  /** What happens where entries are gone: `"error"` ends the stream with `MissedRotation`, `"report"` delivers a `LogGap` in their place and goes on. Default: "error". */
  onGap?: "error" | "report" | undefined;
  /** Count and hash what is delivered of each exec session, for `end.sessions`, which also says whether that is all of it. Default: false. */
  digest?: boolean | undefined;
}

/** What a snapshot reads, and from where. */
export interface LogSnapshotOptions {
  /** Where entries may come from. `"all"` is all four; `system` brings the logs `runtime` and `kernel` along. Default: stdout, stderr and output. */
  sources?: "all" | readonly Source[] | undefined;
  /** Only entries of these exec sessions. Default: all sessions. */
  sessions?: readonly number[] | undefined;
  /** Only entries of this level and above. Default: every level. */
  level?: "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL" | undefined;
  /** Only entries whose text, without colours and line end, matches this pattern (syntax of the Rust `regex` crate). Default: every entry. */
  grep?: string | undefined;
  /** Only entries captured at this time or later. Default: the oldest entry. Not together with `fromCursor`. */
  since?: Date | string | undefined;
  /** Only entries captured before this time; with `follow` the stream ends then. Default: the newest entry. */
  until?: Date | string | undefined;
  /** Only entries after the place this cursor stands at. Default: the oldest entry. Not together with `since`. */
  fromCursor?: string | undefined;
  /** Only the newest entries, this many, counted after all other filters. Default: every entry. */
  tail?: number | undefined;
}

/** A host folder or file shown inside. */
export interface MountOptions {
  /** The path on the host. */
  source: string;
  /** The path inside. */
  target: string;
  /** Whether it can not be written from inside. Default: true. */
  readOnly?: boolean | undefined;
}

/** How much a sandbox may use. */
export interface LimitOptions {
  /** Memory of the whole sandbox, in bytes. Default: none. */
  memoryBytes?: number | undefined;
  /** Processes and threads of the whole sandbox. Default: none. */
  processes?: number | undefined;
  /** Open files of each process. Default: the host's. */
  openFiles?: number | undefined;
  /** CPU time of each process, in seconds. Default: none. */
  cpuSeconds?: number | undefined;
  /** Go on without a limit that this machine can not hold; each is named in a `system` entry. Otherwise it is `LimitUnavailable`. Default: false. */
  bestEffort?: boolean | undefined;
}

/** How a sandbox's log is kept. */
export interface LogOptions {
  /** Size of the log on disk, in bytes; beyond it the oldest entries go. Default: 268435456. */
  maxBytes?: number | undefined;
  /** Size of one file of the log, in bytes; at most half of `maxBytes`. Default: the smaller of 16777216 and maxBytes / 8. */
  segmentBytes?: number | undefined;
  /** Entries older than this go. Default: none. */
  maxAge?: number | string | undefined;
  /** When entries are forced to the disk: at each new file, once a second, or at each write. Default: "segment". */
  sync?: "segment" | "interval" | "write" | undefined;
  /** How older files of the log are compressed. Default: "none". */
  compress?: "none" | "zstd" | undefined;
}

/** What a sandbox is made of. */
export interface SandboxOptions {
  /** Lower-case letters, digits, `.`, `_` and `-`, at most 63, the first a letter or digit. Default: one is made up. */
  name?: string | undefined;
  /** What isolates it. `"process"` isolates nothing. Default: "namespace". */
  runtime?: "namespace" | "process" | undefined;
  /** The host folder shown, writable, at `/workspace`. Default: a private folder. */
  workdir?: string | undefined;
  /** Further host folders shown inside. Default: none. */
  mounts?: readonly MountOptions[] | undefined;
  /** Environment variables of every command. Their values are never written to disk. Default: none. */
  env?: Record<string, string> | undefined;
  /** What it reaches of the network: an own loopback, or all that the host reaches. Default: "none"; "host" for the runtime "process", which can not isolate it. */
  network?: "none" | "host" | undefined;
  /** The sandbox is stopped this long after its start. Default: none. */
  maxLifetime?: number | string | undefined;
  /** The sandbox is stopped when for this long no session ran and no client was connected. Default: none. */
  idleTimeout?: number | string | undefined;
  /** How much it may use. Default: none. */
  limits?: LimitOptions | undefined;
  /** How its log is kept. Default: as listed there. */
  logs?: LogOptions | undefined;
}

/** What a start may change; the rest is as at the sandbox's creation. */
export interface StartOptions {
  /** Environment variables of every command, given again: their values were not kept. Default: none. */
  env?: Record<string, string> | undefined;
}

/** The size of a terminal. */
export interface PtyOptions {
  /** In characters. Default: 80. */
  columns?: number | undefined;
  /** In lines. Default: 24. */
  rows?: number | undefined;
}

/** How a command is run. */
export interface CommandOptions {
  /** Working folder inside, relative to `/workspace`. Default: /workspace. */
  cwd?: string | undefined;
  /** Environment variables, over those of the sandbox. Default: none. */
  env?: Record<string, string> | undefined;
  /** SIGTERM goes to the session's group after this long, SIGKILL 5 s later. Default: none. */
  timeout?: number | string | undefined;
  /** Run on a pseudo-terminal: exact order, and one source, `output`. Default: false. */
  pty?: boolean | PtyOptions | undefined;
}
