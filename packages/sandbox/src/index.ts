/**
 * Runs commands in sandboxes and never loses a line of what they say.
 *
 * @packageDocumentation
 */
export { SiltError } from "./errors/silt-error.js";
export * from "./generated/errors.js";
export type {
  CursorReason,
  EndReason,
  GapReason,
  Level,
  LogName,
  Part,
  Source,
} from "./generated/kinds.js";
export type {
  CommandOptions,
  LimitOptions,
  LogOptions,
  LogSnapshotOptions,
  MountOptions,
  PtyOptions,
  SandboxOptions,
  StartOptions,
} from "./generated/options.js";
export { LogDirectory, type LogReadable } from "./log/directory.js";
export type { LogEnd, LogTotals } from "./log/end.js";
export { LogEntry, type LogEntryJson } from "./log/entry.js";
export { type GapRange, LogGap, type LogGapJson } from "./log/gap.js";
export type { LogSnapshot } from "./log/snapshot.js";
export {
  type BytesFormat,
  LogStream,
  type LogStreamOptions,
  type ReportingGaps,
} from "./log/stream.js";
export type { LogDamage, VerifiedLog, VerifyReport } from "./log/verify.js";
export type { ExecOptions, ExecResult } from "./sandbox/exec.js";
export type { FileInfo, SandboxFiles } from "./sandbox/files.js";
export { SandboxHandle } from "./sandbox/handle.js";
export type { SandboxInfo, SandboxStatus, SessionInfo } from "./sandbox/info.js";
export type { LocatedSandbox } from "./sandbox/located.js";
export { Sandbox } from "./sandbox/sandbox.js";
export type { ExecSession, SpawnOptions } from "./sandbox/session.js";
export type { SessionEnd, SourceTotals } from "./sandbox/session-end.js";
