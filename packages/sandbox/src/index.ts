/**
 * Runs commands in sandboxes and never loses a line of what they say.
 *
 * @packageDocumentation
 */
export { SiltError } from "./errors/silt-error.js";
export type { ErrorCode } from "./generated/error-code.js";
export * from "./generated/errors.js";
export type {
  BytesFormat,
  CursorReason,
  DamageKind,
  EndReason,
  FileKind,
  GapReason,
  Level,
  LogName,
  Part,
  SandboxStatus,
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
export type {
  DeliveredSession,
  EndJson,
  FileInfo,
  GapRange,
  LogDamage,
  LogTotals,
  RecordedGap,
  SandboxInfo,
  SandboxLimits,
  SessionEndJson,
  SessionInfo,
  SourceTotals,
  VerifiedLog,
  VerifiedSessions,
  VerifyReport,
} from "./generated/records.js";
export { LogDirectory, type LogReadable } from "./log/directory.js";
export type { LogEnd } from "./log/end.js";
export { LogEntry, type LogEntryJson } from "./log/entry.js";
export { LogGap, type LogGapJson } from "./log/gap.js";
export type { LogSnapshot } from "./log/snapshot.js";
export {
  LogStream,
  type LogStreamOptions,
  type ReportingGaps,
} from "./log/stream.js";
export type { ExecOptions, ExecResult } from "./sandbox/exec.js";
export type { SandboxFiles } from "./sandbox/files.js";
export { SandboxHandle } from "./sandbox/handle.js";
export type { LocatedSandbox } from "./sandbox/located.js";
export { Sandbox } from "./sandbox/sandbox.js";
export type { ExecSession, SpawnOptions } from "./sandbox/session.js";
export type { SessionEnd } from "./sandbox/session-end.js";
