//! Pure functions over the bytes of a batch.

use crate::buffer::SiltBuffer;
use crate::guard::{bytes, give, text};
use silt_interface::Format;

/// The cursor just after item `index` of a batch, as text in `out`.
///
/// `SILT_ERROR` (`InvalidArgument`) when these bytes are no batch, or it has no such
/// item. Any thread; the batch may come from a stream that is closed.
///
/// # Safety
///
/// `batch` points to `len` bytes; `out` can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn silt_batch_cursor(
    batch: *const u8,
    len: usize,
    index: usize,
    out: *mut SiltBuffer,
) -> i32 {
    // SAFETY: as the caller promises.
    unsafe {
        give(out, || {
            silt_interface::cursor_at(bytes(batch, len, "batch")?, index)
        })
    }
}

/// The position of a reader who was handed the items before `index`, as text in
/// `out`: a cursor after them, and after what filters skipped before `index`, which
/// may be the number of items.
///
/// Errors and threads as of `silt_batch_cursor`.
///
/// # Safety
///
/// As of `silt_batch_cursor`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn silt_batch_position(
    batch: *const u8,
    len: usize,
    index: usize,
    out: *mut SiltBuffer,
) -> i32 {
    // SAFETY: as the caller promises.
    unsafe {
        give(out, || {
            silt_interface::position_before(bytes(batch, len, "batch")?, index)
        })
    }
}

/// The level of every item of a batch, a byte each in `out`: 0 (`DEBUG`) to 4
/// (`CRITICAL`), 0 for gaps.
///
/// Errors and threads as of `silt_batch_cursor`.
///
/// # Safety
///
/// As of `silt_batch_cursor`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn silt_batch_levels(
    batch: *const u8,
    len: usize,
    out: *mut SiltBuffer,
) -> i32 {
    // SAFETY: as the caller promises.
    unsafe { give(out, || silt_interface::levels(bytes(batch, len, "batch")?)) }
}

/// Item `index` of a batch as one JSON object in `out`, an entry or a gap; an entry
/// has its `cursor` only if `with_cursor` is not 0.
///
/// Errors and threads as of `silt_batch_cursor`.
///
/// # Safety
///
/// As of `silt_batch_cursor`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn silt_batch_json(
    batch: *const u8,
    len: usize,
    index: usize,
    with_cursor: i32,
    out: *mut SiltBuffer,
) -> i32 {
    // SAFETY: as the caller promises.
    unsafe {
        give(out, || {
            silt_interface::item_json(bytes(batch, len, "batch")?, index, with_cursor != 0)
        })
    }
}

/// The items of a batch from item `from` on, as bytes in `out`. `format` is `text`
/// (what was written, and a line of its own in place of a gap), `ndjson` or `sse`
/// (server-sent events, each with its cursor as id).
///
/// Errors and threads as of `silt_batch_cursor`; also for a format that is none.
///
/// # Safety
///
/// As of `silt_batch_cursor`; `format` points to `format_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn silt_batch_frames(
    batch: *const u8,
    len: usize,
    from: usize,
    format: *const u8,
    format_len: usize,
    out: *mut SiltBuffer,
) -> i32 {
    // SAFETY: as the caller promises.
    unsafe {
        give(out, || {
            let format = Format::parse(text(format, format_len, "format")?)?;
            silt_interface::frames(bytes(batch, len, "batch")?, from, format)
        })
    }
}

/// What stands behind the last item of a stream in `format`, from its end as JSON;
/// none but for `sse`.
///
/// `SILT_ERROR` for a format that is none. Any thread.
///
/// # Safety
///
/// `end` points to `end_len` bytes, `format` to `format_len`; `out` can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn silt_end_frame(
    end: *const u8,
    end_len: usize,
    format: *const u8,
    format_len: usize,
    out: *mut SiltBuffer,
) -> i32 {
    // SAFETY: as the caller promises.
    unsafe {
        give(out, || {
            let format = Format::parse(text(format, format_len, "format")?)?;
            Ok(silt_interface::end_frame(
                text(end, end_len, "end")?,
                format,
            ))
        })
    }
}
