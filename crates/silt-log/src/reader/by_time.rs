//! The place in a log where a time begins.

use super::folder::ReaderFolder;
use super::locate::Place;
use super::log_reader::Stop;
use super::search::{Sought, bisect, has_entry_from, last_where};
use crate::control::Header;
use crate::segment::Segment;
use crate::{Error, Log};

/// The place before the first entry whose time is not before `time_ns`; all
/// earlier entries are before it. `None` for a log without segments. Where times
/// contradict each other it is the first place, or of [`Sought::Until`] the last.
fn first_not_before(
    folder: &ReaderFolder,
    log: Log,
    time_ns: i64,
    sought: fn(i64) -> Sought,
) -> Result<Option<Place>, Error> {
    let starts_before = |header: &Header| header.greatest < time_ns;
    let segment = match last_where(folder, log, starts_before)? {
        Some(segment) => segment,
        None => match folder.oldest_above(log, 0)? {
            Some(oldest) => oldest,
            None => return Ok(None),
        },
    };
    let edge = bisect(folder, log, &segment, sought(time_ns))?;
    // A log begins with 1.
    let first = match &segment.header {
        Some(header) => Some(header.first),
        None => (segment.number == 1).then_some(1),
    };
    Ok(Some(Place {
        segment,
        offset: edge.offset,
        last: edge.accounted().or(first.map(|first| first - 1)),
    }))
}

/// Where reading from `beginning` up to the first entry whose time is not before
/// `time_ns` ends. `None` for a log without segments.
pub(crate) fn end_before(
    folder: &ReaderFolder,
    log: Log,
    time_ns: i64,
    beginning: Option<Stop>,
) -> Result<Option<Stop>, Error> {
    let Some(place) = first_not_before(folder, log, time_ns, Sought::Until)? else {
        return Ok(None);
    };
    let end_in = |segment: &Segment| -> Result<Stop, Error> {
        let offset = bisect(folder, log, segment, Sought::Until(time_ns))?.offset;
        Ok(Stop {
            segment: segment.number,
            offset,
        })
    };
    let mut stop = Stop {
        segment: place.segment.number,
        offset: place.offset,
    };
    let mut current = Some(place.segment);
    // Later ones may be earlier again, where the clock was set back.
    if let Some(beginning) = beginning.filter(|beginning| *beginning > stop) {
        current = folder.segment(log, beginning.segment)?;
        stop = match &current {
            Some(segment) => end_in(segment)?.max(beginning),
            None => beginning,
        };
    }
    // There may be no such entry in the segment that a header led to: it was lost with
    // one that is gone, or no header says its time. Who reads forward goes on.
    for number in folder.numbers(log)? {
        if number <= stop.segment {
            continue;
        }
        if let Some(current) = &current
            && has_entry_from(folder, current, stop.offset)?
        {
            break;
        }
        if let Some(later) = folder.segment(log, number)? {
            stop = end_in(&later)?;
            current = Some(later);
        }
    }
    Ok(Some(stop))
}

/// As [`first_not_before`], but before the gaps that precede that entry: when
/// what is missing was written, nobody knows.
pub(crate) fn first_since(
    folder: &ReaderFolder,
    log: Log,
    time_ns: i64,
) -> Result<Option<Place>, Error> {
    let Some(mut place) = first_not_before(folder, log, time_ns, Sought::Since)? else {
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
        if has_entry_from(folder, &earlier, earlier.header_bytes)? {
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
