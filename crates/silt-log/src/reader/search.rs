//! Binary search: the segment, and the entry in it, up to which something holds.

use super::folder::ReaderFolder;
use super::lines::Lines;
use crate::control::Header;
use crate::line::{self, RawEntry};
use crate::segment::Segment;
use crate::{Error, Log, sys};

/// Ranges smaller than this are read through.
const BISECT_UNTIL: u64 = 64 << 10;

/// The last segment that accounts for nothing above `first` only.
pub(super) fn last_starting_by(
    folder: &ReaderFolder,
    log: Log,
    first: u64,
) -> Result<Option<Segment>, Error> {
    last_where(folder, log, |header| header.first <= first)
}

/// The last segment whose header can be read and for which `holds`, which must
/// hold for a beginning of the chain and for nothing after it.
pub(super) fn last_where(
    folder: &ReaderFolder,
    log: Log,
    holds: impl Fn(&Header) -> bool,
) -> Result<Option<Segment>, Error> {
    loop {
        let numbers = folder.numbers(log)?;
        let (mut low, mut high) = (0, numbers.len());
        let mut best = None;
        let mut vanished = false;
        while low < high {
            let middle = low + (high - low) / 2;
            let mut at = middle;
            loop {
                if at == high {
                    // None of them says; before them is early enough.
                    high = middle;
                    break;
                }
                match folder.segment(log, numbers[at])? {
                    Some(segment) => {
                        if let Some(header) = &segment.header {
                            if holds(header) {
                                best = Some(segment);
                                low = at + 1;
                            } else {
                                high = middle;
                            }
                            break;
                        }
                    }
                    // Evicted meanwhile, so all before it are gone as well.
                    None => {
                        vanished = true;
                        low = at + 1;
                        break;
                    }
                }
                at += 1;
            }
        }
        if best.is_some() || !vanished {
            return Ok(best);
        }
    }
}

/// The offset after the last entry for which `before` holds, and its number;
/// `before` must hold for a beginning of the segment and for nothing after it.
///
/// As for who reads forward, a number that this segment can not give is that of no
/// entry.
pub(super) fn bisect(
    folder: &ReaderFolder,
    log: Log,
    segment: &Segment,
    before: impl Fn(&RawEntry<'_>) -> bool,
) -> Result<(u64, Option<u64>), Error> {
    let failed = |error| Error::io("read", &folder.path, error);
    let (mut low, mut high) = (segment.header_bytes, segment.size().map_err(failed)?);
    let mut last = None;
    while high.saturating_sub(low) > BISECT_UNTIL {
        let middle = low + (high - low) / 2;
        let mut lines = Lines::at(middle);
        // The rest of a line that began before.
        let mut found = None;
        if lines.next(segment, high).map_err(failed)?.is_some() {
            while let Some(line) = lines.next(segment, high).map_err(failed)? {
                if let Some(entry) = line::parse(lines.bytes(line.from, line.to)) {
                    found = Some((before(&entry), line.end_offset, entry.sequence));
                    break;
                }
            }
        }
        match found {
            Some((true, end_offset, sequence)) => {
                low = end_offset;
                last = Some(sequence);
            }
            Some((false, ..)) | None => high = middle,
        }
    }
    let start = start_before(segment, low).map_err(failed)?;
    let mut lines = Lines::at(start);
    let mut previous = None;
    if start > segment.header_bytes {
        // The rest of a line that began before.
        lines.next(segment, low).map_err(failed)?;
    } else {
        previous = segment.header.as_ref().map(Header::before_first_entry);
    }
    let mut earlier = None;
    while let Some(line) = lines.next(segment, u64::MAX).map_err(failed)? {
        let Some(entry) = line::parse(lines.bytes(line.from, line.to)) else {
            continue;
        };
        let jumps = previous.is_some_and(|previous| entry.sequence > previous + 1);
        if entry.sequence > segment.limit()
            || jumps && !folder.can_jump_to(log, segment, entry.sequence)?
        {
            continue;
        }
        if line.end_offset > low && !before(&entry) {
            // Between both, the last one can not be above it: it was hit.
            if earlier.is_some_and(|earlier| earlier < entry.sequence) {
                last = last.map(|last: u64| last.min(entry.sequence - 1));
            }
            break;
        }
        low = low.max(line.end_offset);
        last = Some(entry.sequence);
        earlier = std::mem::replace(&mut previous, last);
    }
    Ok((low, last))
}

/// Where to begin before `offset`, which ends a line, so that the number there is
/// judged by one before it: the search has looked at that one alone.
fn start_before(segment: &Segment, offset: u64) -> sys::Result<u64> {
    let mut back = BISECT_UNTIL;
    loop {
        let start = offset.saturating_sub(back).max(segment.header_bytes);
        if start == segment.header_bytes {
            return Ok(start);
        }
        let mut lines = Lines::at(start);
        // The rest of a line that began before.
        lines.next(segment, offset)?;
        let mut entries = 0;
        while let Some(line) = lines.next(segment, offset)? {
            entries += u32::from(line::parse(lines.bytes(line.from, line.to)).is_some());
        }
        if entries >= 2 {
            return Ok(start);
        }
        back *= 4;
    }
}

/// Whether an entry comes at `offset` or after it in a segment.
pub(super) fn has_entry_from(
    folder: &ReaderFolder,
    segment: &Segment,
    offset: u64,
) -> Result<bool, Error> {
    let mut lines = Lines::at(offset);
    while let Some(line) = lines
        .next(segment, u64::MAX)
        .map_err(|error| Error::io("read", &folder.path, error))?
    {
        if line::parse(lines.bytes(line.from, line.to)).is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
