//! What stands after a line, without going there.

use super::lines::Lines;
use crate::line::{self, RawEntry};
use crate::segment::Segment;
use crate::sys;

/// What `look` says of the next entry of a segment after `offset`, which ends a line;
/// `None` where there is none.
pub(super) fn next_entry<T>(
    segment: &Segment,
    offset: u64,
    look: impl Fn(&RawEntry<'_>) -> T,
) -> sys::Result<Option<T>> {
    let mut lines = Lines::at(offset);
    while let Some(line) = lines.next(segment, u64::MAX)? {
        if let Some(entry) = line::parse(lines.bytes(line.from, line.to)) {
            return Ok(Some(look(&entry)));
        }
    }
    Ok(None)
}
