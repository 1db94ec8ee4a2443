/** What differs from run to run: times, processes, places, sizes that hold times. */
const varying = new Set([
  ...["createdAt", "startedAt", "endedAt", "durationMs", "supervisorPid", "workdir", "logBytes"],
  ...["cursor", "position", "resumeCursor", "timestamp", "timestampNanos", "modifiedAt", "message"],
  ...["path", "logId", "bytes", "url", "segments", "sandboxId"],
]);

/** What the answer of a command has: a client may know more, such as when it began. */
export const ofCommands = [
  ...["sessionId", "exitCode", "signal", "timedOut", "detached", "totals"],
  ...["truncated", "stdout", "stderr"],
];

/**
 * An answer as every client has to give it. A member that may be absent is so in one language, and null or false in
 * another, whose types have all members.
 *
 * @param {any} value
 * @returns {any} with a mark for each value that varies, so that it has to be there
 */
export function normalized(value) {
  if (Array.isArray(value)) return value.map(normalized);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null && member !== undefined && member !== false)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, varying.has(key) ? "varies" : normalized(member)]),
  );
}
