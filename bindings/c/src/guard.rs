//! What stands between C and Rust: arguments are looked at, panics end here.

use crate::buffer::SiltBuffer;
use crate::status::{SILT_ERROR, SILT_OK};
use silt_interface::ErrorData;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(crate) type Result<T> = std::result::Result<T, ErrorData>;

/// Runs `body`; its status is returned and its bytes, or its error, go to `out`.
///
/// # Safety
///
/// `out` is NULL or can be written to.
pub(crate) unsafe fn answer(
    out: *mut SiltBuffer,
    body: impl FnOnce() -> Result<(i32, SiltBuffer)>,
) -> i32 {
    let done = catch_unwind(AssertUnwindSafe(body))
        .unwrap_or_else(|_| Err(ErrorData::internal("the library failed unexpectedly")));
    let (status, buffer) =
        done.unwrap_or_else(|error| (SILT_ERROR, SiltBuffer::of(error.to_json())));
    if out.is_null() {
        // SAFETY: nobody else has it.
        unsafe { crate::buffer::silt_free(buffer) };
    } else {
        // SAFETY: as the caller promises.
        unsafe { out.write(buffer) };
    }
    status
}

/// As `answer`, for a body that gives bytes.
///
/// # Safety
///
/// As of `answer`.
pub(crate) unsafe fn give<T: Into<Vec<u8>>>(
    out: *mut SiltBuffer,
    body: impl FnOnce() -> Result<T>,
) -> i32 {
    // SAFETY: as the caller promises.
    unsafe { answer(out, || Ok((SILT_OK, SiltBuffer::of(body()?)))) }
}

/// The bytes that the caller passed; NULL is good for none.
///
/// # Safety
///
/// `data` is NULL or `len` bytes can be read there while the result is used.
pub(crate) unsafe fn bytes<'a>(data: *const u8, len: usize, name: &str) -> Result<&'a [u8]> {
    if len == 0 {
        return Ok(&[]);
    }
    if data.is_null() {
        let message = format!("NULL was given for {len} bytes");
        return Err(ErrorData::argument(name, message));
    }
    if isize::try_from(len).is_err() {
        return Err(ErrorData::argument(name, format!("{len} is no length")));
    }
    // SAFETY: as the caller promises; more than a slice can hold was refused.
    Ok(unsafe { std::slice::from_raw_parts(data, len) })
}

/// The text that the caller passed.
///
/// # Safety
///
/// As of `bytes`.
pub(crate) unsafe fn text<'a>(data: *const u8, len: usize, name: &str) -> Result<&'a str> {
    // SAFETY: as the caller promises.
    let bytes = unsafe { bytes(data, len, name) }?;
    std::str::from_utf8(bytes).map_err(|error| ErrorData::argument(name, error))
}

/// Writes to where the caller wants it.
///
/// # Safety
///
/// `out` is NULL or can be written to.
pub(crate) unsafe fn put<T>(out: *mut T, value: T, name: &str) -> Result<()> {
    if out.is_null() {
        return Err(ErrorData::argument(
            name,
            "NULL was given; there has to be a place for it",
        ));
    }
    // SAFETY: as the caller promises.
    unsafe { out.write(value) };
    Ok(())
}
