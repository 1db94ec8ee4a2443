//! The place in a log where a time begins.

use super::folder::ReaderFolder;
use super::locate::Place;
use super::search::{bisect, last_where};
use crate::control::Header;
use crate::{Error, Log};

/// The place before the first entry whose time is not before `time_ns`; all
/// earlier entries are before it. `None` for a log without segments.
pub(crate) fn first_not_before(
    folder: &ReaderFolder,
    log: Log,
    time_ns: i64,
) -> Result<Option<Place>, Error> {
    let starts_before = |header: &Header| header.greatest < time_ns;
    let segment = match last_where(folder, log, starts_before)? {
        Some(segment) => segment,
        None => match folder.oldest_above(log, 0)? {
            Some(oldest) => oldest,
            None => return Ok(None),
        },
    };
    let (offset, found) = bisect(folder, &segment, |entry| entry.time_ns < time_ns)?;
    // A log begins with 1.
    let first = match &segment.header {
        Some(header) => Some(header.first),
        None => (segment.number == 1).then_some(1),
    };
    let last = found.or(first.map(|first| first - 1));
    Ok(Some(Place {
        segment,
        offset,
        last,
    }))
}

/// As [`first_not_before`], but before the gaps that precede that entry: when
/// what is missing was written, nobody knows.
pub(crate) fn first_since(
    folder: &ReaderFolder,
    log: Log,
    time_ns: i64,
) -> Result<Option<Place>, Error> {
    let Some(mut place) = first_not_before(folder, log, time_ns)? else {
        return Ok(None);
    };
    // Segments without an entry in them, such as crashes leave, and numbers of
    // which they left none.
    let mut numbers = folder.numbers(log)?;
    while place.offset <= place.segment.header_bytes {
        numbers.retain(|number| *number < place.segment.number);
        let Some(number) = numbers.pop() else { break };
        let Some(earlier) = folder.segment(log, number)? else {
            break;
        };
        let Some(header) = &earlier.header else { break };
        if bisect(folder, &earlier, |_| true)?.1.is_some() {
            break;
        }
        place = Place {
            offset: earlier.header_bytes,
            last: Some(header.first - 1),
            segment: earlier,
        };
    }
    Ok(Some(place))
}
