//! Reads one log backwards from a fixed end, at a cost that does not depend on
//! how much lies before what is looked for.

use super::{Candidate, LogTail};
use crate::reader::filter::Filter;
use crate::reader::folder::ReaderFolder;
use crate::reader::lines::Lines;
use crate::reader::log_reader::Stop;
use crate::reader::standing::{Before, Standing, is_spoiled};
use crate::segment::Segment;
use crate::{Error, Log, line};

const SMALLEST_BLOCK: u64 = 16 << 10;
const LARGEST_BLOCK: u64 = 1 << 20;

/// What is looked for in one log.
pub(crate) struct ReadBack<'a> {
    pub(crate) folder: &'a ReaderFolder,
    pub(crate) log: Log,
    pub(crate) filter: &'a Filter,
    pub(crate) count: u64,
    /// Where reading without a tail begins; `None` while there is no segment.
    pub(crate) beginning: Option<Stop>,
    /// The last number that is accounted for there.
    pub(crate) after: u64,
}

impl ReadBack<'_> {
    /// Reads backwards from `stop` until enough wanted entries were found, or the
    /// beginning.
    ///
    /// What is found is what reading forward gives: an entry counts where its
    /// number is above all before it. A header vouches for all segments before
    /// its own; without one the numbers may be anything, and reading goes on
    /// until there is one.
    pub(crate) fn read(&self, stop: Stop) -> Result<LogTail, Error> {
        let mut tail = LogTail::default();
        let numbers = self.folder.numbers(self.log)?;
        let first = self.beginning.map_or(0, |beginning| beginning.segment);
        let gone = self.beginning.is_some() && numbers.first().is_none_or(|oldest| *oldest > first);
        let mut before = None;
        // Of the segment before that which was read last.
        let mut greatest = i64::MAX;
        for number in numbers.into_iter().rev() {
            if number > stop.segment {
                continue;
            }
            if number < first {
                break;
            }
            let Some(segment) = self.folder.segment(self.log, number)? else {
                tail.vanished = true;
                break;
            };
            if let Some(before) = before {
                segment.before.get_or_init(|| before);
            }
            let header = segment.header.as_ref();
            before = header.map(|header| header.first).or(before);
            let bound = header.and_then(|header| header.bound_of_times());
            let size = segment
                .size()
                .map_err(|error| Error::io("measure", &self.folder.path, error))?;
            let end = if number == stop.segment {
                stop.offset.min(size)
            } else {
                size
            };
            let goes_on = self.read_segment(&segment, end, &mut tail)?;
            tail.bound_times(number, greatest);
            greatest = bound.unwrap_or(i64::MAX);
            if !goes_on {
                tail.left_out = true;
                return Ok(tail);
            }
        }
        // A reader may hold the beginning, which is not counted here.
        tail.vanished |= gone;
        Ok(tail)
    }

    /// `false` when nothing before this segment is needed.
    fn read_segment(&self, segment: &Segment, end: u64, tail: &mut LogTail) -> Result<bool, Error> {
        let beginning = self
            .beginning
            .filter(|beginning| beginning.segment == segment.number);
        let from = beginning.map_or(0, |beginning| beginning.offset);
        let from = from.max(segment.header_bytes);
        let mut high = end;
        let mut size = SMALLEST_BLOCK;
        while high > from {
            let low = high.saturating_sub(size).max(from);
            size = (size * 4).min(LARGEST_BLOCK.max(size));
            let Some(block) = self.read_block(segment, low, low > from, high)? else {
                // Look further back.
                size = size.max((high - low) * 2);
                continue;
            };
            high = block.start;
            let Some(numbers) = block.numbers else {
                continue;
            };
            tail.pass_over(numbers.highest);
            if tail.end.is_none() {
                tail.end = Some((segment.number, numbers.highest_ends, numbers.highest));
            }
            for candidate in block.candidates.into_iter().rev() {
                tail.put_first(candidate, self.count);
            }
            if segment.header.is_some() && self.is_enough(tail, numbers.lowest) {
                return Ok(false);
            }
        }
        if let (Some(header), None) = (&segment.header, beginning) {
            tail.pass_over(header.before_first_entry());
            return Ok(!self.is_enough(tail, header.first));
        }
        Ok(true)
    }

    /// Where no header says what stands before a segment: the last number of the one
    /// before, which who reads forward comes by first.
    fn highest_before(&self, segment: &Segment) -> Result<Option<u64>, Error> {
        let first = self.beginning.map_or(0, |beginning| beginning.segment);
        let number = segment.number.saturating_sub(1);
        if number < first.max(1) {
            return Ok(None);
        }
        let Some(before) = self.folder.segment(self.log, number)? else {
            return Ok(None);
        };
        let size = before.size();
        let high = size.map_err(|error| Error::io("measure", &self.folder.path, error))?;
        let from = before.header_bytes;
        let (mut low, mut size) = (high, SMALLEST_BLOCK);
        while low > from {
            low = high.saturating_sub(size).max(from);
            let block = self.read_block(&before, low, low > from, high)?;
            if let Some(numbers) = block.and_then(|block| block.numbers) {
                return Ok(Some(numbers.highest));
            }
            size *= 4;
        }
        Ok(before.before_first_entry())
    }

    /// Whether enough was found after `number`, and more may be before it. Also a
    /// tail of none begins at an entry: the newest.
    fn is_enough(&self, tail: &LogTail, number: u64) -> bool {
        tail.candidates.len() as u64 == self.count && tail.end.is_some() && number > self.after + 1
    }

    /// What stands in `low..high`; `None` when that is not one whole line, or what
    /// comes before it is needed to tell whether the first number was hit. `inside`
    /// says that a line may have begun before `low`.
    fn read_block(
        &self,
        segment: &Segment,
        low: u64,
        inside: bool,
        high: u64,
    ) -> Result<Option<Block>, Error> {
        let failed = |error| Error::io("read", &self.folder.path, error);
        let mut lines = Lines::at(low);
        let mut start = low;
        if inside {
            match lines.next(segment, high).map_err(failed)? {
                Some(rest) if rest.end_offset < high => start = rest.end_offset,
                _ => return Ok(None),
            }
        }
        let mut filter = self.filter.fresh();
        filter.look_at_parts_before(self.folder, self.log, segment, start)?;
        let mut block = Block {
            start,
            candidates: Vec::new(),
            numbers: None,
        };
        let before = match segment.before_first_entry() {
            None if !inside => self.highest_before(segment)?,
            before => before,
        };
        let mut last = before.unwrap_or(0).max(self.after);
        // The entry before, where it is known.
        let mut previous = before.map(|_| last).filter(|_| !inside);
        let mut spoiled = false;
        let mut at = start;
        let mut data = Vec::new();
        while let Some(line) = lines.next(segment, high).map_err(failed)? {
            let begins = std::mem::replace(&mut at, line.end_offset);
            let text = lines.bytes(line.from, line.to);
            let Some(raw) = line::parse(text) else {
                spoiled |= is_spoiled(text);
                continue;
            };
            // Given once already.
            if raw.sequence <= last {
                spoiled = true;
                continue;
            }
            let (sequence, end_offset) = (raw.sequence, line.end_offset);
            let before = Before {
                last: previous,
                spoiled,
            };
            let standing = self
                .folder
                .standing(self.log, segment, before, sequence, end_offset)?;
            match standing {
                Standing::Given => {}
                _ if previous.is_none() && inside => return Ok(None),
                // Without a header, nothing stands before the first.
                Standing::Unknown if previous.is_none() => {}
                Standing::Unknown => break,
                Standing::Changed => {
                    spoiled = true;
                    continue;
                }
            }
            spoiled = false;
            last = sequence;
            previous = Some(last);
            let lowest = block.numbers.map_or(last, |numbers| numbers.lowest);
            block.numbers = Some(Numbers {
                lowest,
                highest: last,
                highest_ends: end_offset,
            });
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
                sequence,
            });
        }
        Ok(Some(block))
    }
}

struct Block {
    /// Where its first whole line begins.
    start: u64,
    /// The wanted entries, in order.
    candidates: Vec<Candidate>,
    /// Of all entries, wanted or not; `None` where there are none.
    numbers: Option<Numbers>,
}

#[derive(Clone, Copy)]
struct Numbers {
    lowest: u64,
    highest: u64,
    /// Where the line of the highest ends.
    highest_ends: u64,
}
