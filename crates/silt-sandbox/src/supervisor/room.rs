//! A disk that is full, most of it with what commands wrote.

use crate::Error;
use silt_log::Writer;

/// Writes what a supervisor can not do without. For want of room the oldest
/// output goes for it, as it does for newer output.
pub(super) fn with_room<T>(
    writer: &mut Writer,
    mut write: impl FnMut() -> Result<T, Error>,
) -> Result<T, Error> {
    loop {
        match write() {
            Err(error) if error.is_no_room() && writer.make_room() => {}
            other => return other,
        }
    }
}
