// Generated from crates/silt-interface by `npm run generate`. Do not edit.

export const logs = ["exec", "runtime", "kernel"] as const;
/** One of the three logs: what commands wrote, what the supervisor did, what the kernel did. */
export type LogName = NonNullable<(typeof logs)[number]>;

export const sources = ["stdout", "stderr", "output", "system"] as const;
/** Where an entry's bytes came from; `output` is a terminal. */
export type Source = NonNullable<(typeof sources)[number]>;

export const parts = [undefined, "first", "middle", "last"] as const;
/** Which part of a split line an entry is. */
export type Part = NonNullable<(typeof parts)[number]>;

export const levels = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] as const;
/** How severe a line is. */
export type Level = NonNullable<(typeof levels)[number]>;

export const gapReasons = ["rotated", "crash", "disk-full", "damage"] as const;
/** Why entries are missing. */
export type GapReason = NonNullable<(typeof gapReasons)[number]>;

export const endReasons = ["drained", "stopped", "crashed", "removed", "until", "closed", "aborted", "unknown"] as const;
/** Why a stream ended. */
export type EndReason = NonNullable<(typeof endReasons)[number]>;

export const cursorReasons = ["malformed", "checksum", "newer-version", "other-log", "past-end"] as const;
/** Why a cursor was refused. */
export type CursorReason = NonNullable<(typeof cursorReasons)[number]>;
