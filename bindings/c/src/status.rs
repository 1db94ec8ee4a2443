//! What a function returns.

/// Done.
pub const SILT_OK: i32 = 0;
/// Nothing now.
pub const SILT_PENDING: i32 = 1;
/// The stream has ended; the buffer holds its end as JSON.
pub const SILT_END: i32 = 2;
/// It failed; the buffer holds the error as JSON:
/// `{"code","message","retryable","fields"}`.
pub const SILT_ERROR: i32 = 3;
