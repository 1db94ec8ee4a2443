//! Binary search: the segment, and the entry in it, up to which something holds.

use super::ahead::next_entry;
use super::folder::ReaderFolder;
use super::lines::Lines;
use super::standing::{Before, Standing, is_spoiled};
use crate::control::Header;
use crate::line::{self, RawEntry};
use crate::segment::Segment;
use crate::{Error, Log};

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

/// What a place in a segment is sought for: all entries before it come before this.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sought {
    /// Up to this number.
    Number(u64),
    /// Before this time; the first such place, where times contradict each other.
    Since(i64),
    /// Before this time; the last such place.
    Until(i64),
}

impl Sought {
    fn is_after(self, entry: &RawEntry<'_>) -> bool {
        match self {
            Sought::Number(number) => entry.sequence <= number,
            Sought::Since(time_ns) | Sought::Until(time_ns) => entry.time_ns < time_ns,
        }
    }

    /// The same of a line whose number can not be read, or was hit, after others that
    /// account for all up to `accounted`.
    fn is_after_line(self, entry: Option<&RawEntry<'_>>, accounted: Option<u64>) -> bool {
        match self {
            Sought::Number(number) => accounted.is_some_and(|accounted| accounted < number),
            _ => entry.is_some_and(|entry| self.is_after(entry)),
        }
    }
}

/// A place in a segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) offset: u64,
    /// The number of the last entry before it; `None` where there is none.
    pub(super) last: Option<u64>,
    /// How many lines stand between that one and the place whose number was hit or
    /// can not be read.
    pub(super) passed: u64,
    /// The number of the entry after it.
    next: Option<u64>,
}

impl Edge {
    /// The number up to which all that stands before it is accounted for.
    pub(super) fn accounted(&self) -> Option<u64> {
        let last = self.last?;
        // Without one after them nobody knows what numbers they had.
        Some(
            self.next
                .map_or(last, |next| (last + self.passed).min(next - 1)),
        )
    }
}

/// Finds the place before the first entry that is not before what is sought.
///
/// As for who reads forward, an entry whose number was hit has none.
pub(super) fn bisect(
    folder: &ReaderFolder,
    log: Log,
    segment: &Segment,
    sought: Sought,
) -> Result<Edge, Error> {
    let failed = |error| Error::io("read", &folder.path, error);
    let (mut low, mut high) = (segment.header_bytes, segment.size().map_err(failed)?);
    while high.saturating_sub(low) > BISECT_UNTIL {
        let middle = low + (high - low) / 2;
        let mut lines = Lines::at(middle);
        // The rest of a line that began before.
        let mut found = None;
        if lines.next(segment, high).map_err(failed)?.is_some() {
            while let Some(line) = lines.next(segment, high).map_err(failed)? {
                if let Some(entry) = line::parse(lines.bytes(line.from, line.to)) {
                    found = sought.is_after(&entry).then_some(line.end_offset);
                    break;
                }
            }
        }
        match found {
            Some(end_offset) => low = end_offset,
            None => high = middle,
        }
    }
    // The search has looked at each entry alone: those before are read as well, so
    // that one that was hit misleads nobody.
    let mut back = BISECT_UNTIL;
    loop {
        let start = low.saturating_sub(back).max(segment.header_bytes);
        if let Some(edge) = read_to_edge(folder, log, segment, start, sought)? {
            return Ok(edge);
        }
        back *= 4;
    }
}

/// Reads from `start` on; `None` where too little lies before the place to tell.
fn read_to_edge(
    folder: &ReaderFolder,
    log: Log,
    segment: &Segment,
    start: u64,
    sought: Sought,
) -> Result<Option<Edge>, Error> {
    let failed = |error| Error::io("read", &folder.path, error);
    let mut lines = Lines::at(start);
    let is_inside = start > segment.header_bytes;
    if is_inside {
        // The rest of a line that began before.
        lines.next(segment, u64::MAX).map_err(failed)?;
    }
    let mut edge = Edge {
        offset: start,
        last: None,
        passed: 0,
        next: None,
    };
    // Inside, two are needed: one may be hit.
    let mut needed = if is_inside { 2 } else { 0 };
    let base = segment.before_first_entry().filter(|_| !is_inside);
    let mut spoiled = false;
    while let Some(line) = lines.next(segment, u64::MAX).map_err(failed)? {
        let text = lines.bytes(line.from, line.to);
        let (entry, end_offset) = (line::parse(text), line.end_offset);
        let last = edge.last.or(base);
        let standing = match (&entry, last) {
            (None, _) if is_spoiled(text) => Standing::Changed,
            (None, _) => continue,
            // Given by an entry before.
            (Some(entry), Some(last)) if entry.sequence <= last => Standing::Changed,
            (Some(entry), _) => {
                let before = Before { last, spoiled };
                folder.standing(log, segment, before, entry.sequence, end_offset)?
            }
        };
        let given = match (entry, standing) {
            (Some(entry), Standing::Given) => entry,
            // Without a header, nothing stands before the first.
            (Some(entry), Standing::Unknown) if last.is_none() && !is_inside => entry,
            (_, Standing::Unknown) if last.is_none() => continue,
            (entry, _) => {
                spoiled = true;
                let accounted = last.map(|last| last + edge.passed);
                if sought.is_after_line(entry.as_ref(), accounted) {
                    edge.offset = end_offset;
                    edge.passed += 1;
                }
                continue;
            }
        };
        let (sequence, time_ns) = (given.sequence, given.time_ns);
        let is_before = sought.is_after(&given);
        let goes_on = is_before
            || matches!(sought, Sought::Until(_))
                && folder.is_time_contradicted(log, segment, time_ns, end_offset)?;
        if !goes_on {
            edge.next = Some(sequence);
            break;
        }
        spoiled = false;
        needed -= u32::from(is_before && needed > 0);
        edge = Edge {
            offset: end_offset,
            last: Some(sequence),
            passed: 0,
            next: None,
        };
    }
    Ok((needed == 0).then_some(edge))
}

/// Whether an entry comes at `offset` or after it in a segment.
pub(super) fn has_entry_from(
    folder: &ReaderFolder,
    segment: &Segment,
    offset: u64,
) -> Result<bool, Error> {
    let next = next_entry(segment, offset, |_| ());
    next.map(|next| next.is_some())
        .map_err(|error| Error::io("read", &folder.path, error))
}
