// Generated from crates/silt-interface by `npm run generate`. Do not edit.

/** One of the three logs: what commands wrote, what the supervisor did, what the kernel did. */
export type LogName = "exec" | "runtime" | "kernel";

/** In the order of their numbers, where they have one. */
export const logs: readonly LogName[] = ["exec", "runtime", "kernel"];

/** Where an entry's bytes came from; `output` is a terminal. */
export type Source = "stdout" | "stderr" | "output" | "system";

/** In the order of their numbers, where they have one. */
export const sources: readonly Source[] = ["stdout", "stderr", "output", "system"];

/** Which part of a split line an entry is. */
export type Part = "first" | "middle" | "last";

/** In the order of their numbers, where they have one. */
export const parts: readonly (Part | undefined)[] = [undefined, "first", "middle", "last"];

/** How severe a line is. */
export type Level = "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";

/** In the order of their numbers, where they have one. */
export const levels: readonly Level[] = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

/** Why entries are missing. */
export type GapReason = "rotated" | "crash" | "disk-full" | "damage";

/** In the order of their numbers, where they have one. */
export const gapReasons: readonly GapReason[] = ["rotated", "crash", "disk-full", "damage"];

/** Why a stream ended. */
export type EndReason = "drained" | "stopped" | "crashed" | "removed" | "until" | "closed" | "aborted" | "unknown";

/** In the order of their numbers, where they have one. */
export const endReasons: readonly EndReason[] = ["drained", "stopped", "crashed", "removed", "until", "closed", "aborted", "unknown"];

/** Why a cursor was refused. */
export type CursorReason = "malformed" | "checksum" | "newer-version" | "other-log" | "past-end";

/** In the order of their numbers, where they have one. */
export const cursorReasons: readonly CursorReason[] = ["malformed", "checksum", "newer-version", "other-log", "past-end"];

/** A form of a log as bytes. */
export type BytesFormat = "text" | "ndjson" | "sse";

/** In the order of their numbers, where they have one. */
export const formats: readonly BytesFormat[] = ["text", "ndjson", "sse"];

/** Whether a sandbox runs; `crashed`: its supervisor ended without ending the log. */
export type SandboxStatus = "running" | "stopped" | "crashed";

/** In the order of their numbers, where they have one. */
export const sandboxStatuses: readonly SandboxStatus[] = ["running", "stopped", "crashed"];

/** What is found under a name; a link is not followed. */
export type FileKind = "file" | "folder" | "link" | "other";

/** In the order of their numbers, where they have one. */
export const fileKinds: readonly FileKind[] = ["file", "folder", "link", "other"];

/** What is wrong with a log on disk. */
export type DamageKind = "checksum" | "line" | "missing" | "cut" | "segment" | "chain" | "order" | "session";

/** In the order of their numbers, where they have one. */
export const damageKinds: readonly DamageKind[] = ["checksum", "line", "missing", "cut", "segment", "chain", "order", "session"];
