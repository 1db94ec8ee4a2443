// Generated from crates/silt-interface by `npm run generate`. Do not edit.
import { SiltError } from "../errors/silt-error.js";
import type { ErrorCode } from "./error-code.js";
import {
  InvalidArgument,
  InvalidCursor,
  MissedRotation,
  Corruption,
  SourceReplaced,
  Truncated,
  SandboxNotFound,
  SandboxExists,
  SandboxNotRunning,
  RuntimeUnavailable,
  LimitUnavailable,
} from "./errors.js";

/** By code; the base where a code has no class of its own. */
export const errorClasses: Readonly<Record<ErrorCode, typeof SiltError>> = {
  InvalidArgument,
  InvalidCursor,
  MissedRotation,
  Corruption,
  SourceReplaced,
  Truncated,
  SandboxNotFound,
  SandboxExists,
  SandboxNotRunning,
  RuntimeUnavailable,
  LimitUnavailable,
  NotFound: SiltError,
  Locked: SiltError,
  Protocol: SiltError,
  Io: SiltError,
  Internal: SiltError,
};
