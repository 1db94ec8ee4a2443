//! The newest entries that are wanted, and where a reader of them begins.

mod read_back;

use super::folder::ReaderFolder;
use super::log_reader::LogReader;
use crate::{Error, Log};
pub(crate) use read_back::ReadBack;
use std::collections::VecDeque;
use std::sync::Arc;

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
    /// Segment, offset and number just after the newest entry of all, wanted or
    /// not.
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
            .min_by_key(|tail| tail.oldest_time());
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
    /// An earlier line has this number. Who reads forward comes by it first, and
    /// passes over what comes later and is not above it: a segment of an earlier
    /// time that was renamed, say. Of a chain as a writer leaves it this is
    /// nothing.
    fn pass_over(&mut self, number: u64) {
        while let Some(first) = self.candidates.front()
            && first.sequence <= number
        {
            self.candidates.pop_front();
            // What was left out before it has lower numbers still.
            self.left_out = false;
        }
        if self.end.is_some_and(|(.., newest)| newest <= number) {
            self.end = None;
        }
    }

    /// The time of the oldest. Inside a segment times never decrease: one that is
    /// above both after it was hit, and nothing must be left out for it.
    fn oldest_time(&self) -> i64 {
        let oldest = &self.candidates[0];
        let (Some(next), Some(after)) = (self.candidates.get(1), self.candidates.get(2)) else {
            return oldest.time_ns;
        };
        if after.segment != oldest.segment {
            return oldest.time_ns;
        }
        oldest.time_ns.min(next.time_ns.max(after.time_ns))
    }

    /// No entry of a segment has a later time than the next header says.
    fn bound_times(&mut self, segment: u64, greatest: i64) {
        let inside = self.candidates.iter_mut();
        for candidate in inside.take_while(|candidate| candidate.segment == segment) {
            candidate.time_ns = candidate.time_ns.min(greatest);
        }
    }

    /// One that stands before all there are, and is below them.
    fn put_first(&mut self, candidate: Candidate, count: u64) {
        if self.candidates.len() as u64 == count {
            self.left_out = true;
        } else {
            self.candidates.push_front(candidate);
        }
    }

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
