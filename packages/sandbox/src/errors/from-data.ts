import { errorClasses } from "../generated/error-classes.js";
import type { ErrorCode } from "../generated/error-code.js";
import { SiltError } from "./silt-error.js";

/** An error as it crosses the boundary. */
interface ErrorData {
  /** An `ErrorCode`, or one of a newer release. */
  code: string;
  message: string;
  retryable: boolean;
  fields: Record<string, unknown>;
}

/** The error that `data`, or its JSON, describes. A code of a newer release is a plain `SiltError`. */
export function errorFromData(data: ErrorData | string): SiltError {
  const { code, message, retryable, fields } =
    typeof data === "string" ? (JSON.parse(data) as ErrorData) : data;
  const Class = isKnown(code) ? errorClasses[code] : SiltError;
  return new Class(code as ErrorCode, message, { retryable, fields });
}

// Not `in`: "toString" is no code.
function isKnown(code: string): code is ErrorCode {
  return Object.hasOwn(errorClasses, code);
}

/** What the core can not check: an option that never leaves JavaScript. */
export function invalidArgument(option: string, message: string): SiltError {
  return errorFromData({
    code: "InvalidArgument",
    message: `${option}: ${message}`,
    retryable: false,
    fields: { option },
  });
}
