//! Which library this is.

use std::ffi::{CStr, c_char};

const VERSION: &CStr =
    match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => c"",
    };

/// A number made from the signatures of all functions, the layout of a batch and
/// `interface.json`. A program that was compiled for another number must not call
/// anything else: compare with `SILT_ABI` of `silt_definition.h` after loading.
///
/// Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn silt_abi() -> u64 {
    silt_interface::abi()
}

/// The version of the library, such as `0.1.0`. Never freed.
///
/// Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn silt_version() -> *const c_char {
    VERSION.as_ptr()
}
