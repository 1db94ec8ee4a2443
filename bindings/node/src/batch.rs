//! Pure functions over the bytes of a batch.

use napi::bindgen_prelude::{BufferSlice, Either, Uint8Array};
use napi::{Env, Result};
use napi_derive::napi;
use silt_interface::{ErrorData, Format};

fn failure(error: ErrorData) -> napi::Error {
    napi::Error::from_reason(error.to_json())
}

/// The cursor just after item `index`. Throws an error whose message is JSON.
#[napi(catch_unwind)]
pub fn cursor_at(batch: &[u8], index: u32) -> Result<String> {
    silt_interface::cursor_at(batch, index as usize).map_err(failure)
}

/// The position of a reader who was handed the items before `index`. Throws an
/// error whose message is JSON.
#[napi(catch_unwind)]
pub fn position_before(batch: &[u8], index: u32) -> Result<String> {
    silt_interface::position_before(batch, index as usize).map_err(failure)
}

/// The level of every item, from 0 (`DEBUG`) to 4. Throws an error whose message
/// is JSON.
#[napi(catch_unwind)]
pub fn levels(batch: &[u8]) -> Result<Uint8Array> {
    silt_interface::levels(batch)
        .map(Uint8Array::from)
        .map_err(failure)
}

/// The items from `from` on, as bytes of `format`: `text`, `ndjson` or `sse`.
/// Returns the error as JSON when there is no such format.
#[napi(catch_unwind)]
pub fn frames<'env>(
    env: &'env Env,
    batch: &[u8],
    from: u32,
    format: String,
) -> Result<Either<BufferSlice<'env>, String>> {
    let made = Format::parse(&format)
        .and_then(|format| silt_interface::frames(batch, from as usize, format));
    match made {
        Ok(bytes) => BufferSlice::copy_from(env, bytes).map(Either::A),
        Err(error) => Ok(Either::B(error.to_json())),
    }
}

/// The last bytes of a stream in `format`, from its end as JSON.
/// Returns text for every format; most end without any.
#[napi(catch_unwind)]
pub fn end_frame(end: String, format: String) -> Result<String> {
    Format::parse(&format)
        .map(|format| silt_interface::end_frame(&end, format))
        .map_err(failure)
}
