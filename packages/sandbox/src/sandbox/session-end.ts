/** What a session wrote to one source. */
export interface SourceTotals {
  source: "stdout" | "stderr" | "output";
  entries: number;
  bytes: number;
  /** Of all bytes, in hexadecimal. */
  sha256: string;
}

/** How a session ended. */
export interface SessionEnd {
  sessionId: number;
  /** Null after a signal. 127: not found; 126: not executable. */
  exitCode: number | null;
  /** `"SIGKILL"`, …; null when it exited by itself. */
  signal: string | null;
  /** Whether its time limit ended it. */
  timedOut: boolean;
  /** Whether a child of it still held its output; what that writes still goes to the log. */
  detached: boolean;
  startedAt: Date;
  endedAt: Date;
  durationMs: number;
  /** Empty while `detached`. */
  totals: SourceTotals[];
}

/** A session's end as the core tells it. */
export interface SessionEndJson extends Omit<SessionEnd, "startedAt" | "endedAt"> {
  /** All that the session wrote until then is in the log up to this number. */
  lastSequence: number;
  startedAt: string;
  endedAt: string;
}

export function sessionEnd(json: SessionEndJson): SessionEnd {
  const { sessionId, exitCode, signal, timedOut, detached, durationMs, totals } = json;
  const [startedAt, endedAt] = [new Date(json.startedAt), new Date(json.endedAt)];
  return {
    sessionId,
    exitCode,
    signal,
    timedOut,
    detached,
    startedAt,
    endedAt,
    durationMs,
    totals,
  };
}
