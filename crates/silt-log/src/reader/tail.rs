//! Finds where the newest entries begin, reading backwards from a fixed end, at
//! a cost that does not depend on how much lies before.

use super::filter::Filter;
use super::folder::ReaderFolder;
use super::lines::Lines;
use super::log_reader::{LogReader, Stop};
use crate::segment::Segment;
use crate::{Error, Log, line};
use std::collections::VecDeque;
use std::sync::Arc;

const SMALLEST_BLOCK: u64 = 16 << 10;
const LARGEST_BLOCK: u64 = 1 << 20;

/// An entry that the filters want.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    time_ns: i64,
    segment: u64,
    /// Where its line begins.
    offset: u64,
    sequence: u64,
}

/// The newest wanted entries of one log, oldest first.
#[derive(Debug, Default)]
pub(crate) struct LogTail {
    candidates: VecDeque<Candidate>,
    /// Segment, offset and number just after the newest entry of all.
    end: Option<(u64, u64, u64)>,
    /// Older wanted entries may be there.
    pub(crate) left_out: bool,
    /// Retention took a segment before it was read.
    pub(crate) vanished: bool,
}

/// Where a reader of a tail begins.
pub(crate) enum TailStart {
    /// Nothing was left out: where it would begin without a tail.
    Unchanged,
    At(Box<LogReader>),
    /// Retention took it meanwhile.
    Vanished,
}

/// What is looked for in one log.
pub(crate) struct ReadBack<'a> {
    pub(crate) folder: &'a ReaderFolder,
    pub(crate) log: Log,
    pub(crate) filter: &'a Filter,
    pub(crate) count: u64,
    /// The last entry that is not wanted any more.
    pub(crate) after: u64,
    /// The segment in which that stands, or in which the log begins.
    pub(crate) begins_in: u64,
}

impl ReadBack<'_> {
    /// Reads backwards from `stop` until enough wanted entries were found, the
    /// beginning, or the entry `after`.
    pub(crate) fn read(&self, stop: Stop) -> Result<LogTail, Error> {
        let mut tail = LogTail::default();
        let numbers = self.folder.numbers(self.log)?;
        let gone = match numbers.first() {
            Some(oldest) => *oldest > self.begins_in,
            None => self.begins_in != u64::MAX,
        };
        for number in numbers.into_iter().rev() {
            if number > stop.segment {
                continue;
            }
            let Some(segment) = self.folder.segment(self.log, number)? else {
                tail.vanished = true;
                break;
            };
            let size = segment
                .size()
                .map_err(|error| Error::io("measure", &self.folder.path, error))?;
            let end = if number == stop.segment {
                stop.offset.min(size)
            } else {
                size
            };
            if !self.read_segment(&segment, end, &mut tail)? {
                return Ok(tail);
            }
            let nothing_earlier = |since| {
                segment
                    .header
                    .as_ref()
                    .is_some_and(|header| header.greatest < since)
            };
            if self.filter.since.is_some_and(nothing_earlier) {
                return Ok(tail);
            }
        }
        // A reader may hold the beginning, which is not counted here.
        tail.vanished |= gone;
        Ok(tail)
    }

    /// `false` when nothing before this segment is needed.
    fn read_segment(&self, segment: &Segment, end: u64, tail: &mut LogTail) -> Result<bool, Error> {
        let mut high = end;
        let mut block = SMALLEST_BLOCK;
        while high > segment.header_bytes {
            let low = high.saturating_sub(block).max(segment.header_bytes);
            block = (block * 4).min(LARGEST_BLOCK.max(block));
            let found = read_block(self.folder, self.log, segment, low, high, self.filter, tail)?;
            let Some(found) = found else {
                // One line fills it: look further back.
                block = block.max((high - low) * 2);
                continue;
            };
            high = found.start;
            let reached = found
                .oldest
                .is_some_and(|sequence| sequence <= self.after + 1);
            for candidate in found.candidates.into_iter().rev() {
                if candidate.sequence <= self.after {
                    return Ok(false);
                }
                if tail.candidates.len() as u64 == self.count {
                    tail.left_out = true;
                    return Ok(false);
                }
                tail.candidates.push_front(candidate);
            }
            if reached {
                return Ok(false);
            }
            // Also a tail of none begins at an entry: the newest.
            if tail.candidates.len() as u64 == self.count && tail.end.is_some() {
                tail.left_out = true;
                return Ok(false);
            }
        }
        Ok(true)
    }
}

struct Block {
    /// Where its first whole line begins.
    start: u64,
    candidates: Vec<Candidate>,
    /// The first entry in it, wanted or not.
    oldest: Option<u64>,
}

fn read_block(
    folder: &ReaderFolder,
    log: Log,
    segment: &Segment,
    low: u64,
    high: u64,
    filter: &Filter,
    tail: &mut LogTail,
) -> Result<Option<Block>, Error> {
    let failed = |error| Error::io("read", &folder.path, error);
    let mut lines = Lines::at(low);
    let mut start = low;
    if low > segment.header_bytes {
        match lines.next(segment, high).map_err(failed)? {
            Some(rest) if rest.end_offset < high => start = rest.end_offset,
            _ => return Ok(None),
        }
    }
    let mut filter = filter.fresh();
    filter.look_at_parts_before(folder, log, segment, start)?;
    let mut block = Block {
        start,
        candidates: Vec::new(),
        oldest: None,
    };
    let mut newest = None;
    let mut at = start;
    let mut data = Vec::new();
    while let Some(line) = lines.next(segment, high).map_err(failed)? {
        let begins = std::mem::replace(&mut at, line.end_offset);
        let text = lines.bytes(line.from, line.to);
        let Some(raw) = line::parse(text) else {
            continue;
        };
        if raw.sequence > segment.limit() {
            continue;
        }
        block.oldest.get_or_insert(raw.sequence);
        newest = Some((segment.number, line.end_offset, raw.sequence));
        if !filter.may_want(raw.source, raw.session, raw.time_ns) {
            continue;
        }
        if !filter.wants_any_data() {
            data.clear();
            let wanted = line::parse_with_data(text, &mut data).is_some_and(|raw| {
                filter.wants_data(raw.session, raw.source, raw.part, raw.level, &data)
            });
            if !wanted {
                continue;
            }
        }
        block.candidates.push(Candidate {
            time_ns: raw.time_ns,
            segment: segment.number,
            offset: begins,
            sequence: raw.sequence,
        });
    }
    if tail.end.is_none() {
        tail.end = newest;
    }
    Ok(Some(block))
}

/// Leaves the newest `count` of all logs together, by time; each log keeps its
/// own order. Returns whether wanted entries were left out.
pub(crate) fn keep_newest(tails: &mut [Option<LogTail>; 3], count: u64) -> bool {
    let total = |tails: &[Option<LogTail>; 3]| -> u64 {
        tails
            .iter()
            .flatten()
            .map(|tail| tail.candidates.len() as u64)
            .sum()
    };
    let mut left_out = tails.iter().flatten().any(|tail| tail.left_out);
    let mut surplus = total(tails).saturating_sub(count);
    while surplus > 0 {
        let oldest = tails
            .iter_mut()
            .flatten()
            .filter(|tail| !tail.candidates.is_empty())
            .min_by_key(|tail| tail.candidates[0].time_ns);
        if let Some(tail) = oldest {
            tail.candidates.pop_front();
            tail.left_out = true;
            left_out = true;
        }
        surplus -= 1;
    }
    left_out
}

impl LogTail {
    pub(crate) fn is_empty(&self) -> bool {
        self.candidates.is_empty()
    }

    /// A reader that begins with the oldest that was kept. Where that is gone
    /// meanwhile and nobody is `patient`, what is gone is reported.
    pub(crate) fn start(
        &self,
        folder: &Arc<ReaderFolder>,
        log: Log,
        patient: bool,
    ) -> Result<TailStart, Error> {
        if !self.left_out {
            return Ok(TailStart::Unchanged);
        }
        let (segment, offset, last) = match (self.candidates.front(), self.end) {
            (Some(first), _) => (first.segment, first.offset, first.sequence - 1),
            (None, Some(end)) => end,
            (None, None) => return Ok(TailStart::Unchanged),
        };
        let reader = match folder.segment(log, segment)? {
            Some(segment) => LogReader::at(folder, log, segment, offset, last),
            None if patient => return Ok(TailStart::Vanished),
            None => match folder.oldest_above(log, segment)? {
                Some(oldest) => LogReader::entering(folder, log, oldest, last),
                // All there was is gone, also what lies before a tail.
                None => LogReader::before_any_segment(folder, log, last),
            },
        };
        Ok(TailStart::At(Box::new(reader)))
    }
}
