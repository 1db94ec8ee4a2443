import type { SessionEndJson } from "../generated/records.js";

/** How a session ended. */
export interface SessionEnd extends Omit<SessionEndJson, "startedAt" | "endedAt" | "lastSequence"> {
  startedAt: Date;
  endedAt: Date;
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
