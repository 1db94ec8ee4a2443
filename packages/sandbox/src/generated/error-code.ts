// Generated from crates/silt-interface by `npm run generate`. Do not edit.

/** The name of a kind of error, the same in every language. */
export type ErrorCode =
  | "InvalidArgument"
  | "InvalidCursor"
  | "MissedRotation"
  | "Corruption"
  | "SourceReplaced"
  | "Truncated"
  | "SandboxNotFound"
  | "SandboxExists"
  | "SandboxNotRunning"
  | "RuntimeUnavailable"
  | "LimitUnavailable"
  | "NotFound"
  | "Locked"
  | "Protocol"
  | "Io"
  | "Internal";
