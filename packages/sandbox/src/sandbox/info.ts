/** Whether a sandbox runs; `"crashed"`: its supervisor ended without ending the log. */
export type SandboxStatus = "running" | "stopped" | "crashed";

/** A command that ran or runs in a sandbox. */
export interface SessionInfo {
  sessionId: number;
  /** The program and its arguments. */
  command: string[];
  /** Null while it runs and after a signal. */
  exitCode: number | null;
  /** `"SIGKILL"`, …; null when it exited by itself. */
  signal: string | null;
  /** RFC 3339 in UTC, with nanoseconds. */
  startedAt: string;
  /** Null while it runs. */
  endedAt: string | null;
  /** Only there where the supervisor died while it ran: how it ended is not known. */
  crashed?: true;
}

/** What is known of a sandbox; the same as `silt inspect --json`. Times are RFC 3339 in UTC. */
export interface SandboxInfo {
  name: string;
  status: SandboxStatus;
  runtime: string;
  createdAt: string;
  /** The newest start. */
  startedAt: string | null;
  /** Null while it runs. */
  endedAt: string | null;
  /** From the newest start to the end, or to now. */
  durationMs: number | null;
  supervisorPid: number | null;
  /** The folder on the host that is `/workspace` inside. */
  workdir: string;
  network: string;
  limits: {
    memoryBytes?: number;
    processes?: number;
    openFiles?: number;
    cpuSeconds?: number;
    bestEffort: boolean;
  };
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
