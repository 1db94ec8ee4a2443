import type { ErrorCode } from "../generated/error-code.js";

/**
 * The base of all errors of Silt. Tell them apart by class or by `code`, never by the message.
 */
export class SiltError extends Error {
  /**
   * The name of its kind, the same in every language: `"InvalidCursor"`, … A `switch` over it that ends in
   * `never` does not compile until it handles a code that a newer release brings.
   */
  readonly code: ErrorCode;
  /** Whether the same call can succeed later without a change. */
  readonly retryable: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      retryable?: boolean;
      /** The further fields of its kind. */
      fields?: object;
      cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    Object.assign(this, options.fields);
  }

  static {
    SiltError.prototype.name = "SiltError";
  }
}
