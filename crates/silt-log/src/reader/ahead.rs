//! What stands after a line, without going there.

use super::lines::Lines;
use crate::control::Control;
use crate::line::{self, RawEntry};
use crate::segment::Segment;
use crate::sys;

/// The next time that a segment says after `offset`, which ends a line: of an entry,
/// or of a control line, which is written with a time not below those before it.
pub(super) fn next_time(segment: &Segment, offset: u64) -> sys::Result<Option<i64>> {
    next_of(segment, offset, |text| match line::parse(text) {
        Some(entry) => Some(entry.time_ns),
        None => Control::parse(text).and_then(|control| control.time_ns()),
    })
}

/// What `look` says of the next entry of a segment after `offset`, which ends a line;
/// `None` where there is none.
pub(super) fn next_entry<T>(
    segment: &Segment,
    offset: u64,
    look: impl Fn(&RawEntry<'_>) -> T,
) -> sys::Result<Option<T>> {
    next_of(segment, offset, |text| {
        line::parse(text).map(|entry| look(&entry))
    })
}

/// What `look` says of the first line after `offset` of which it says anything.
fn next_of<T>(
    segment: &Segment,
    offset: u64,
    look: impl Fn(&[u8]) -> Option<T>,
) -> sys::Result<Option<T>> {
    let mut lines = Lines::at(offset);
    while let Some(line) = lines.next(segment, u64::MAX)? {
        let found = look(lines.bytes(line.from, line.to));
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}
