//! One log as a chain of segments: numbers are given, lines buffered and
//! written, and what can not be kept becomes a gap.

use super::folder::WriterFolder;
use super::found::Found;
use super::retention::Retention;
use super::segment::SegmentWriter;
use super::splitter::Piece;
use crate::control::{Control, EndRecord, PREFIX, Previous};
use crate::line::{self, write_prefix, write_rest};
use crate::{Gap, Log, Source, format_time, sys};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Buffered bytes beyond this are written at once.
const WRITE_AT: usize = 256 << 10;

/// Room kept in each segment for its last `sum` line.
pub(super) const SUM_ROOM: u64 = 64;

/// How long to wait before trying again to keep something.
pub(crate) const RETRY_AFTER: Duration = Duration::from_millis(100);

/// Steps back of the clock under this are clamped; larger ones start a segment.
const CLAMPED_STEP_NS: i64 = 1_000_000_000;

/// The newest exit records, kept for later while there is no room.
const KEPT_CONTROLS: usize = 1000;

/// Numbers that one mark allows to be given while nothing can be kept.
const LOSING_A_MARK: u64 = 64 << 10;

pub(crate) struct Chain {
    pub(super) log: Log,
    pub(super) segment_bytes: u64,
    /// `None` while nothing can be kept.
    pub(super) head: Option<SegmentWriter>,
    pub(super) retention: Retention,
    pub(super) next_number: u64,
    pub(super) next_sequence: u64,
    /// Time of the newest entry of the head or meant for it; `i64::MIN` while
    /// there is none.
    pub(super) newest: i64,
    /// The same of what the head holds already.
    pub(super) newest_written: i64,
    /// Bounds the times of all entries in sealed segments.
    pub(super) greatest: i64,
    /// Lines that are not written yet, and how many entries they hold; none while
    /// there is no head.
    pub(super) buffer: Vec<u8>,
    pub(super) buffered_entries: u64,
    /// First number that was given and not kept; no header says so yet.
    pub(super) losing: Option<u64>,
    /// The mark does not say so yet.
    unmarked: bool,
    /// Gap that recovery found, for the next header.
    pub(super) found_gap: Option<Gap>,
    pub(super) kept_controls: VecDeque<Vec<u8>>,
    pub(super) previous: Option<Previous>,
    pub(super) retry_at: Option<Instant>,
    /// Nothing that was written may wait for the background to be synced.
    pub(super) syncs_at_seal: bool,
    /// The common start of entries of one read, and what it was made of.
    prefix: Vec<u8>,
    prefix_of: Option<(i64, Source, u64)>,
}

impl Chain {
    pub(crate) fn new(
        log: Log,
        segment_bytes: u64,
        max_bytes: u64,
        max_age: Option<Duration>,
        found: Found,
    ) -> Chain {
        Chain {
            log,
            segment_bytes,
            head: None,
            retention: Retention::new(log, max_bytes, max_age, found.segments, found.evicted),
            next_number: found.next_number,
            next_sequence: found.next_sequence,
            newest: i64::MIN,
            newest_written: i64::MIN,
            greatest: found.greatest,
            buffer: Vec::new(),
            buffered_entries: 0,
            losing: None,
            unmarked: false,
            found_gap: found.gap,
            kept_controls: VecDeque::new(),
            previous: found.previous,
            retry_at: None,
            syncs_at_seal: false,
            prefix: Vec::new(),
            prefix_of: None,
        }
    }

    /// The last sequence number given; 0 before the first.
    pub(crate) fn last_sequence(&self) -> u64 {
        self.next_sequence - 1
    }

    /// What the log takes on disk, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.retention.bytes() + self.head.as_ref().map_or(0, |head| head.written)
    }

    /// Whether the beginning of the log is gone.
    pub(crate) fn truncated(&self) -> bool {
        self.retention.truncated()
    }

    /// Gives up the oldest segment for something else; `false` when there is none
    /// but the one that is written.
    pub(crate) fn give_up_oldest(&mut self, folder: &WriterFolder) -> bool {
        self.retention.evict_oldest(folder)
    }

    /// Segment, offset and tag just after the last entry that is on disk.
    pub(crate) fn place(&self) -> Option<(u64, u64, u32)> {
        let head = self.head.as_ref()?;
        Some((head.number, head.written, head.tag))
    }

    /// When [`Chain::flush`] has to be called though nothing comes.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.retry_at
    }

    /// Adds an entry. It takes its number whether it can be kept or not.
    pub(crate) fn push(
        &mut self,
        folder: &mut WriterFolder,
        time_ns: i64,
        source: Source,
        session: u64,
        piece: &Piece<'_>,
    ) {
        let time_ns = self.ordered_time(folder, time_ns);
        let sequence = self.next_sequence;
        if self.head.is_none() && self.was_asked_just_now() {
            self.lose(folder, sequence);
            return;
        }
        if self.prefix_of != Some((time_ns, source, session)) {
            self.prefix.clear();
            write_prefix(time_ns, source, session, &mut self.prefix);
            self.prefix_of = Some((time_ns, source, session));
        }
        let mut start = self.buffer.len();
        self.buffer.extend_from_slice(&self.prefix);
        write_rest(
            sequence,
            piece.part,
            piece.level,
            piece.data,
            &mut self.buffer,
        );
        if self.must_rotate(sequence) {
            let line = self.buffer.split_off(start);
            self.rotate(folder);
            start = self.buffer.len();
            self.buffer.extend_from_slice(&line);
        }
        self.next_sequence += 1;
        self.buffered_entries += 1;
        self.newest = time_ns;
        match &mut self.head {
            Some(head) => head.line_added(&mut self.buffer, start),
            // Before it is given up the disk is asked again.
            None => self.open_next_or_lose(folder),
        }
        if self.buffer.len() >= WRITE_AT {
            self.write(folder);
        }
    }

    /// The time for a control line, which tells readers that none before it is later.
    pub(crate) fn control_time(&self, now_ns: i64) -> i64 {
        now_ns.max(self.newest)
    }

    /// Adds a control line.
    pub(crate) fn push_control(&mut self, control: &Control) {
        let start = self.buffer.len();
        match &mut self.head {
            Some(head) => {
                control.write(&mut self.buffer);
                head.line_added(&mut self.buffer, start);
            }
            None => {
                let mut line = Vec::new();
                control.write(&mut line);
                self.keep_control(line);
            }
        }
    }

    /// Writes all that is buffered, and tries again what could not be kept.
    pub(crate) fn flush(&mut self, folder: &mut WriterFolder, now: Instant) {
        if self.retry_at.is_some_and(|at| at <= now) {
            self.retry_at = None;
            if self.head.is_none() {
                self.open_next(folder);
            }
        }
        self.write(folder);
        self.mark_what_is_lost(folder);
    }

    pub(crate) fn sync(&mut self) -> sys::Result<()> {
        self.head.as_mut().map_or(Ok(()), SegmentWriter::sync)
    }

    /// Removes segments that are older than the age limit.
    pub(crate) fn evict_aged(&mut self, folder: &WriterFolder, now_ns: i64) {
        self.retention.evict_aged(folder, now_ns);
    }

    /// Before the orderly end: everything is written and synced. `false` when
    /// something could not be.
    pub(crate) fn settle(&mut self, folder: &mut WriterFolder) -> bool {
        if self.head.is_none() {
            self.open_next(folder);
        }
        self.write(folder);
        self.is_settled() && self.sync().is_ok()
    }

    /// Adds the `end` line and syncs it. `false` when it could not be.
    pub(crate) fn end(&mut self, folder: &mut WriterFolder, now_ns: i64) -> bool {
        let control = Control::End(EndRecord {
            t: format_time(self.control_time(now_ns)),
        });
        // A failed write can leave the line in one segment and the log's end in
        // the next; then it is written there as well.
        let mut is_last = false;
        for _ in 0..3 {
            let number = self.head.as_ref().map(|head| head.number);
            self.push_control(&control);
            self.seal_with_sum();
            self.write(folder);
            is_last = self.head.as_ref().map(|head| head.number) == number;
            if is_last {
                break;
            }
        }
        let settled = is_last && self.is_settled();
        match &mut self.head {
            Some(head) if settled => {
                head.release();
                head.sync().is_ok()
            }
            _ => false,
        }
    }

    fn is_settled(&self) -> bool {
        self.head.is_some() && self.buffer.is_empty()
    }

    fn must_rotate(&self, sequence: u64) -> bool {
        let Some(head) = &self.head else { return false };
        let holds_entries = self.newest != i64::MIN;
        let size = head.written + self.buffer.len() as u64 + SUM_ROOM;
        sequence > head.limit || (size > self.segment_bytes && holds_entries)
    }

    /// Time never decreases inside a segment.
    fn ordered_time(&mut self, folder: &mut WriterFolder, time_ns: i64) -> i64 {
        // A second time where the first segment failed and the next one took
        // over what was meant for it.
        for _ in 0..2 {
            if time_ns >= self.newest {
                return time_ns;
            }
            if self.newest - time_ns < CLAMPED_STEP_NS {
                break;
            }
            self.rotate(folder);
        }
        time_ns.max(self.newest)
    }

    /// Gives a number to an entry that can not be kept. That it may have been
    /// given is marked first, so that it is not given again after a kill.
    fn lose(&mut self, folder: &mut WriterFolder, sequence: u64) {
        self.next_sequence = self.next_sequence.max(sequence + 1);
        let last = self.last_sequence();
        let marked = &mut folder.mark.logs[self.log as usize];
        if self.losing.is_some() && last <= marked.limit {
            return;
        }
        let from = *self.losing.get_or_insert(sequence);
        marked.losing = Some(from);
        marked.limit = marked.limit.max(last + LOSING_A_MARK);
        self.unmarked = true;
        self.mark_what_is_lost(folder);
    }

    /// Written in place; where even that fails it is tried again, and the gap is
    /// still stated by the next header, unless the writer dies before.
    fn mark_what_is_lost(&mut self, folder: &mut WriterFolder) {
        if self.unmarked {
            self.unmarked = folder.write_mark().is_err();
        }
    }

    fn keep_control(&mut self, line: Vec<u8>) {
        if !Control::is_sum(&line) {
            if self.kept_controls.len() == KEPT_CONTROLS {
                self.kept_controls.pop_front();
            }
            self.kept_controls.push_back(line);
        }
    }

    pub(super) fn write(&mut self, folder: &mut WriterFolder) {
        let Some(head) = &mut self.head else { return };
        if self.log == Log::Exec {
            let length = self.buffer.len() as u64 + SUM_ROOM;
            while head.reserve(length, self.segment_bytes).is_err()
                && self.retention.evict_oldest(folder)
            {}
        }
        let kept = head.write(&self.buffer);
        let failed = head.failed.is_some();
        self.newest_written = match failed {
            true => newest_time(&self.buffer[..kept]).unwrap_or(self.newest_written),
            false => self.newest,
        };
        self.buffer.drain(..kept);
        if !failed {
            self.buffered_entries = 0;
            return;
        }
        self.buffered_entries = count_entries(&self.buffer);
        self.seal(folder);
        self.open_next_or_lose(folder);
    }

    /// The next segment takes what is buffered, or it is lost.
    fn open_next_or_lose(&mut self, folder: &mut WriterFolder) {
        self.open_next(folder);
        if self.head.is_none() {
            self.drop_buffer(folder);
        }
    }

    /// Nothing can be kept: what is buffered keeps its numbers and goes.
    fn drop_buffer(&mut self, folder: &mut WriterFolder) {
        let first = self.next_sequence - self.buffered_entries;
        for line in lines_of(&std::mem::take(&mut self.buffer)) {
            if line.starts_with(PREFIX) {
                self.keep_control(line.to_vec());
            }
        }
        self.newest = i64::MIN;
        if self.buffered_entries > 0 {
            self.buffered_entries = 0;
            self.lose(folder, first);
        }
    }
}

/// Each with its line end.
pub(super) fn lines_of(buffer: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    buffer.split_inclusive(|byte| *byte == b'\n')
}

fn count_entries(lines: &[u8]) -> u64 {
    let entries = lines_of(lines).filter(|line| !line.starts_with(PREFIX));
    entries.count() as u64
}

/// The time of the last entry; `None` without one.
fn newest_time(lines: &[u8]) -> Option<i64> {
    let mut entries = lines_of(lines)
        .rev()
        .filter_map(|line| line::parse(line.trim_ascii_end()));
    entries.next().map(|entry| entry.time_ns)
}
