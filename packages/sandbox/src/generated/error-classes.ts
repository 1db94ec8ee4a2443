// Generated from crates/silt-interface by `npm run generate`. Do not edit.
import type { SiltError } from "../errors/silt-error.js";
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

/** By code. */
export const errorClasses: Readonly<Record<string, typeof SiltError>> = {
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
};
