//! Reads one log forward through its chain of segments: each entry once and in
//! order, or in exactly one gap.

use super::delivered::SeenExit;
use super::entry_ref::EntryRef;
use super::folder::ReaderFolder;
use super::lines::Lines;
use crate::cursor::LogPosition;
use crate::line;
use crate::mutation::mutation;
use crate::segment::Segment;
use crate::{Error, Gap, GapReason, Log, segment_name};
use std::collections::VecDeque;
use std::sync::Arc;

/// What comes next in a log.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Peek {
    Entry(EntryRef),
    Gap(Gap),
    /// Nothing now.
    Pending,
    /// Nothing before the fixed end.
    End,
}

/// Where a reader that does not follow ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stop {
    pub(crate) segment: u64,
    pub(crate) offset: u64,
}

#[derive(Debug)]
pub(crate) struct LogReader {
    pub(super) folder: Arc<ReaderFolder>,
    pub(super) log: Log,
    pub(super) current: Option<Segment>,
    /// Already open; taken once the current one has been read to its end again.
    pub(super) next: Option<Segment>,
    pub(super) lines: Lines,
    /// The last number that is accounted for: delivered, skipped or in a gap.
    pub(super) last: u64,
    /// Offset just after the entry of that number.
    pub(super) offset: u64,
    pub(super) gaps: VecDeque<Gap>,
    /// At hand: looked at, and not yet taken.
    pub(super) entry: Option<EntryRef>,
    /// What a jump of the numbers means right now; `None` where the next entry
    /// is the first that there is.
    pub(super) jump: Option<GapReason>,
    /// The highest number that the current segment may give.
    pub(super) limit: u64,
    /// Since the last entry there was a line that is none, or whose number was hit.
    pub(super) spoiled: bool,
    /// Where a line ends of which it is not settled yet what it is.
    pub(super) held: Option<u64>,
    /// A segment was entered since that was last asked.
    pub(super) entered: bool,
    /// The current segment has an `end` line: its writer stopped in order.
    pub(super) ended: bool,
    stop: Option<Stop>,
    /// A cursor says what was read before: nothing may be passed in silence.
    pub(super) resumed: bool,
    /// Exit records that were passed, where they are wanted.
    pub(super) exits: Option<Vec<SeenExit>>,
}

impl LogReader {
    /// Waits for the first segment, with all up to `last` accounted for.
    pub(crate) fn before_any_segment(folder: &Arc<ReaderFolder>, log: Log, last: u64) -> LogReader {
        let mut reader = LogReader::nowhere(folder, log);
        reader.last = last;
        reader.resumed = true;
        reader
    }

    /// Begins at the oldest entry there is.
    pub(crate) fn at_beginning(folder: &Arc<ReaderFolder>, log: Log) -> Result<LogReader, Error> {
        let mut reader = LogReader::nowhere(folder, log);
        if let Some(oldest) = folder.oldest_above(log, 0)? {
            reader.begin(oldest);
        }
        Ok(reader)
    }

    /// Goes on in `segment` at `offset`, with all up to `last` accounted for.
    pub(crate) fn at(
        folder: &Arc<ReaderFolder>,
        log: Log,
        segment: Segment,
        offset: u64,
        last: u64,
    ) -> LogReader {
        let mut reader = LogReader::nowhere(folder, log);
        reader.lines = Lines::at(offset);
        reader.offset = offset;
        reader.last = last;
        if offset <= segment.header_bytes
            && let Some(gap) = segment
                .header
                .as_ref()
                .and_then(|header| header.gap.as_ref())
        {
            reader.queue_gap(gap.gap(log));
        }
        reader.limit = segment.limit();
        reader.current = Some(segment);
        reader
    }

    /// The same where it is not known what lies before: the next entry is taken
    /// for the first.
    pub(crate) fn at_first(
        folder: &Arc<ReaderFolder>,
        log: Log,
        segment: Segment,
        offset: u64,
    ) -> LogReader {
        let mut reader = LogReader::at(folder, log, segment, offset, 0);
        reader.jump = None;
        reader
    }

    /// Enters the chain at `segment`, after all up to `last` was accounted for
    /// elsewhere: what lies between is gone.
    pub(crate) fn entering(
        folder: &Arc<ReaderFolder>,
        log: Log,
        segment: Segment,
        last: u64,
    ) -> LogReader {
        let mut reader = LogReader::nowhere(folder, log);
        reader.last = last;
        reader.switch(segment);
        reader
    }

    fn nowhere(folder: &Arc<ReaderFolder>, log: Log) -> LogReader {
        LogReader {
            folder: Arc::clone(folder),
            log,
            current: None,
            next: None,
            lines: Lines::default(),
            last: 0,
            offset: 0,
            gaps: VecDeque::new(),
            entry: None,
            jump: Some(GapReason::Damage),
            limit: 0,
            spoiled: false,
            held: None,
            entered: true,
            ended: false,
            stop: None,
            resumed: false,
            exits: None,
        }
    }

    pub(crate) fn stop_at(&mut self, stop: Stop) {
        self.stop = Some(stop);
    }

    pub(crate) fn position(&self) -> LogPosition {
        // Owed before what a tail begins with: nothing may pass over it.
        if let Some(gap) = self.gaps.front().filter(|gap| gap.from <= self.last) {
            return LogPosition::After {
                sequence: gap.from - 1,
                segment: 0,
                offset: 0,
                tag: 0,
            };
        }
        match &self.current {
            // Nothing was there yet: just before the first entry.
            None => LogPosition::After {
                sequence: self.last,
                segment: 0,
                offset: 0,
                tag: 0,
            },
            Some(segment) => LogPosition::After {
                sequence: self.last,
                segment: segment.number,
                offset: self.offset,
                tag: segment.tag(),
            },
        }
    }

    /// From here on the exit records that are passed are kept.
    pub(crate) fn keep_exits(&mut self) {
        self.exits.get_or_insert_default();
    }

    /// Those that were passed since the last call.
    pub(crate) fn take_exits(&mut self) -> Vec<SeenExit> {
        self.exits.as_mut().map(std::mem::take).unwrap_or_default()
    }

    pub(crate) fn last(&self) -> u64 {
        self.last
    }

    pub(crate) fn segment(&self) -> Option<&Segment> {
        self.current.as_ref()
    }

    /// Whether it goes on from a cursor: then nothing may be passed without a word.
    pub(crate) fn is_resumed(&self) -> bool {
        self.resumed
    }

    /// Whether segments that were there as it began are yet to come, or what follows
    /// its cursor may have gone with all of them.
    pub(crate) fn is_before_its_stop(&self) -> bool {
        self.stop.is_some_and(|stop| match &self.current {
            Some(current) => current.number < stop.segment,
            None => stop.segment > 0 || self.resumed,
        })
    }

    /// Whether the writer of the current segment stopped in order.
    pub(crate) fn ended(&self) -> bool {
        self.ended
    }

    /// Gives the buffer back while nothing comes.
    pub(crate) fn release(&mut self) {
        if self.entry.is_none() {
            self.lines.release();
        }
    }

    /// What comes next. Asking again gives the same until it is taken.
    #[inline]
    pub(crate) fn peek(&mut self) -> Result<Peek, Error> {
        loop {
            if let Some(gap) = self.gaps.front() {
                return Ok(Peek::Gap(*gap));
            }
            if let Some(entry) = self.entry {
                return Ok(Peek::Entry(entry));
            }
            if let Some(quiet) = self.step()? {
                return Ok(quiet);
            }
        }
    }

    /// Takes what [`LogReader::peek`] gave.
    #[inline]
    pub(crate) fn take(&mut self) {
        if let Some(gap) = self.gaps.pop_front() {
            self.last = self.last.max(gap.to);
        } else if let Some(entry) = self.entry.take() {
            self.last = entry.sequence;
            self.offset = entry.line.end_offset;
            if mutation!("entry-twice") && entry.sequence == 5 {
                self.entry = Some(entry);
            }
        }
    }

    /// The entry at hand can not be decoded: it becomes a gap.
    pub(crate) fn damaged(&mut self) {
        if let Some(entry) = self.entry.take() {
            self.gaps.push_back(Gap {
                log: self.log,
                from: entry.sequence,
                to: entry.sequence,
                lost: Some(1),
                reason: GapReason::Damage,
            });
        }
    }

    /// Appends the data of an entry that was not yet taken; `false` when they
    /// can not be decoded.
    #[inline]
    pub(crate) fn decode(&self, entry: &EntryRef, out: &mut Vec<u8>) -> bool {
        entry.decode(&self.lines, out)
    }

    /// Reads the entry at hand again, by the general path: its line may not have
    /// the shape that its beginning promised. `false` when that does not help.
    #[cold]
    pub(crate) fn read_again(&mut self) -> bool {
        let Some(entry) = self.entry.filter(|entry| entry.data.is_some()) else {
            return false;
        };
        let text = self.lines.bytes(entry.line.from, entry.line.to);
        match line::parse_general(text) {
            Some(raw) if raw.sequence == entry.sequence => {
                self.entry = Some(EntryRef::of(&raw, entry.line));
                true
            }
            _ => false,
        }
    }

    /// Reads on: an entry or gaps are then there to peek at, or the answer says
    /// why not.
    #[inline]
    fn step(&mut self) -> Result<Option<Peek>, Error> {
        let Some(current) = &self.current else {
            return self.first_segment();
        };
        let stop = match self.stop {
            Some(stop) if current.number == stop.segment => stop.offset,
            Some(stop) if current.number > stop.segment => 0,
            _ => u64::MAX,
        };
        let line = self.lines.next(current, stop).map_err(|error| {
            let name = segment_name::plain(self.log, current.number);
            Error::io("read", self.folder.path.join(name), error)
        })?;
        match line {
            Some(line) => {
                self.held = None;
                if self.take_line(line)? {
                    return Ok(None);
                }
                self.held = Some(line.end_offset);
                // Who waits for nothing is told at once.
                let told = self.stop.is_some() && self.tell_held();
                Ok((!told).then_some(Peek::Pending))
            }
            None if stop != u64::MAX => Ok(Some(Peek::End)),
            None => self.at_end_of_segment(),
        }
    }

    pub(super) fn quiet(&self) -> Peek {
        if self.stop.is_some() {
            Peek::End
        } else {
            Peek::Pending
        }
    }
}
