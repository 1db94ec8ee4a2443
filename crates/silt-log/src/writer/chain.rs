//! One log as a chain of segments: numbers, rotation, retention, and what
//! happens when there is no room.

use super::background::Job;
use super::folder::WriterFolder;
use super::recover::Found;
use super::segment::{SegmentWriter, is_no_room};
use super::splitter::Piece;
use crate::control::{Control, FORMAT_VERSION, Header, PREFIX, Previous, StatedGap, log_id_text};
use crate::line::{write_prefix, write_rest};
use crate::{Gap, GapReason, Log, Source, segment_name, sys};
use rustix::fd::AsFd;
use rustix::io::Errno;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

/// Buffered bytes beyond this are written at once.
const WRITE_AT: usize = 256 << 10;

/// Room kept in each segment for its last `sum` line.
const SUM_ROOM: u64 = 64;

/// How long to wait before trying again to keep something.
const RETRY_AFTER: Duration = Duration::from_millis(100);

/// Steps back of the clock under this are clamped; larger ones start a segment.
const CLAMPED_STEP_NS: i64 = 1_000_000_000;

/// Exit records kept for later while there is no room.
const KEPT_CONTROLS: usize = 1000;

struct Sealed {
    number: u64,
    bytes: Arc<AtomicU64>,
    /// Time of its newest entry, nanoseconds since 1970.
    newest: i64,
}

pub(crate) struct Chain {
    log: Log,
    segment_bytes: u64,
    max_bytes: u64,
    max_age: Option<Duration>,
    /// `None` while nothing can be kept.
    head: Option<SegmentWriter>,
    sealed: VecDeque<Sealed>,
    next_number: u64,
    next_sequence: u64,
    /// Time of the newest entry of the head, and the greatest of all.
    newest: i64,
    greatest: i64,
    /// Lines that are not written yet, and how many entries they hold.
    buffer: Vec<u8>,
    buffered_entries: u64,
    /// First number that was given and not kept, and why; no header says so yet.
    losing: Option<(u64, GapReason)>,
    /// Gap that recovery found, for the next header.
    found_gap: Option<Gap>,
    kept_controls: Vec<Vec<u8>>,
    previous: Option<Previous>,
    retry_at: Option<Instant>,
    evicted: bool,
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
            max_bytes,
            max_age,
            head: None,
            sealed: found
                .segments
                .into_iter()
                .map(|segment| Sealed {
                    number: segment.number,
                    bytes: Arc::new(AtomicU64::new(segment.bytes)),
                    newest: segment.newest,
                })
                .collect(),
            next_number: found.next_number,
            next_sequence: found.next_sequence,
            newest: i64::MIN,
            greatest: found.greatest,
            buffer: Vec::new(),
            buffered_entries: 0,
            losing: None,
            found_gap: found.gap,
            kept_controls: Vec::new(),
            previous: found.previous,
            retry_at: None,
            evicted: found.evicted,
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
        self.sealed_bytes() + self.head.as_ref().map_or(0, |head| head.written)
    }

    /// Whether the beginning of the log is gone.
    pub(crate) fn truncated(&self) -> bool {
        self.evicted
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
        if self.head.is_none() {
            self.lose(folder, sequence, GapReason::DiskFull);
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
            if self.head.is_none() {
                self.lose(folder, sequence, GapReason::DiskFull);
                return;
            }
            start = self.buffer.len();
            self.buffer.extend_from_slice(&line);
        }
        self.next_sequence += 1;
        self.buffered_entries += 1;
        self.newest = time_ns;
        self.greatest = self.greatest.max(time_ns);
        if let Some(head) = &mut self.head {
            head.line_added(&mut self.buffer, start);
        }
        if self.buffer.len() >= WRITE_AT {
            self.write(folder);
        }
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
        self.write(folder);
        if self.retry_at.is_some_and(|at| at <= now) {
            self.open_next(folder);
            self.write(folder);
        }
    }

    pub(crate) fn sync(&mut self) -> sys::Result<()> {
        self.head.as_mut().map_or(Ok(()), SegmentWriter::sync)
    }

    /// Removes segments that are older than the age limit.
    pub(crate) fn evict_aged(&mut self, folder: &WriterFolder, now_ns: i64) {
        let Some(age) = self.max_age else { return };
        let oldest = now_ns.saturating_sub(i64::try_from(age.as_nanos()).unwrap_or(i64::MAX));
        while self.sealed.front().is_some_and(|s| s.newest < oldest) {
            if !self.evict_oldest(folder) {
                break;
            }
        }
    }

    /// Starts the first segment of this writer.
    ///
    /// # Errors
    /// What kept it from being made.
    pub(crate) fn open_first(&mut self, folder: &mut WriterFolder) -> sys::Result<()> {
        self.try_open(folder)
    }

    /// The orderly end: everything synced, then `end`, then that synced.
    pub(crate) fn end(&mut self, folder: &mut WriterFolder, control: &Control) {
        if self.head.is_none() {
            self.open_next(folder);
        }
        self.write(folder);
        // What can not be synced now is what a crash would have lost as well.
        let _ = self.sync();
        self.push_control(control);
        if let Some(head) = &mut self.head {
            head.add_sum(&mut self.buffer);
        }
        self.write(folder);
        if let Some(head) = &mut self.head {
            head.release();
            let _ = head.sync();
        }
    }

    fn must_rotate(&self, sequence: u64) -> bool {
        let Some(head) = &self.head else { return false };
        let holds_entries = self.newest != i64::MIN;
        let size = head.written + self.buffer.len() as u64 + SUM_ROOM;
        sequence > head.limit || (size > self.segment_bytes && holds_entries)
    }

    /// Time never decreases inside a segment.
    fn ordered_time(&mut self, folder: &mut WriterFolder, time_ns: i64) -> i64 {
        if time_ns >= self.newest {
            return time_ns;
        }
        if self.newest - time_ns >= CLAMPED_STEP_NS && self.head.is_some() {
            self.rotate(folder);
            return time_ns;
        }
        self.newest
    }

    fn lose(&mut self, folder: &mut WriterFolder, sequence: u64, reason: GapReason) {
        self.next_sequence = self.next_sequence.max(sequence + 1);
        if self.losing.is_none() {
            self.losing = Some((sequence, reason));
            folder.mark.logs[self.log as usize].losing = Some(sequence);
            // Written in place; where even that fails the gap is still stated
            // by the next header, unless the writer dies before.
            let _ = folder.write_mark();
        }
    }

    fn keep_control(&mut self, line: Vec<u8>) {
        if self.kept_controls.len() < KEPT_CONTROLS && !line.starts_with(b"{\"s\":\"sum\"") {
            self.kept_controls.push(line);
        }
    }

    fn write(&mut self, folder: &mut WriterFolder) {
        // Each failed segment gives its oldest sibling's room to the next, so
        // this many attempts are enough, and there is an end.
        for _ in 0..self.sealed.len() + 3 {
            let Some(head) = &mut self.head else { break };
            if self.log == Log::Exec {
                let length = self.buffer.len() as u64 + SUM_ROOM;
                while head.reserve(length).is_err() {
                    if !evict_front(&mut self.sealed, self.log, folder) {
                        break;
                    }
                    self.evicted = true;
                }
            }
            head.write(&mut self.buffer);
            if head.failed.is_none() {
                self.buffered_entries = 0;
                return;
            }
            self.buffered_entries = count_entries(&self.buffer);
            self.seal(folder);
            self.open_next(folder);
        }
        if self.head.as_ref().is_some_and(|head| head.failed.is_some()) {
            self.seal(folder);
        }
        if self.head.is_none() {
            self.drop_buffer(folder);
            self.retry_at.get_or_insert(Instant::now() + RETRY_AFTER);
        }
    }

    /// Nothing can be kept: what is buffered keeps its numbers and goes.
    fn drop_buffer(&mut self, folder: &mut WriterFolder) {
        let first = self.next_sequence - self.buffered_entries;
        for line in take_lines(&mut self.buffer) {
            if line.starts_with(PREFIX) {
                self.keep_control(line);
            }
        }
        if self.buffered_entries > 0 {
            self.buffered_entries = 0;
            self.lose(folder, first, GapReason::DiskFull);
        }
    }

    fn rotate(&mut self, folder: &mut WriterFolder) {
        let Some(head) = &mut self.head else { return };
        head.add_sum(&mut self.buffer);
        let sealing = head.number;
        self.write(folder);
        if self
            .head
            .as_ref()
            .is_some_and(|head| head.number == sealing)
        {
            self.seal(folder);
            self.open_next(folder);
            if self.head.is_none() {
                self.retry_at.get_or_insert(Instant::now() + RETRY_AFTER);
            }
        }
    }

    /// Nothing is appended to the head any more.
    fn seal(&mut self, folder: &WriterFolder) {
        let Some(mut head) = self.head.take() else {
            return;
        };
        head.release();
        self.previous = Some(Previous {
            length: head.written,
            crc32c: format!("{:08x}", head.crc),
        });
        let bytes = Arc::new(AtomicU64::new(head.written));
        self.sealed.push_back(Sealed {
            number: head.number,
            bytes: Arc::clone(&bytes),
            newest: self.newest,
        });
        self.newest = i64::MIN;
        folder.background.seal(Job {
            file: head.file,
            log: self.log,
            number: head.number,
            bytes,
        });
    }

    /// Makes the next segment, the oldest ones going for it where needed.
    /// Without success there is no head.
    fn open_next(&mut self, folder: &mut WriterFolder) {
        self.retry_at = None;
        while self.sealed_bytes() + self.segment_bytes > self.max_bytes {
            if !self.evict_oldest(folder) {
                break;
            }
        }
        loop {
            match self.try_open(folder) {
                Ok(()) => return,
                Err(error) if is_no_room(error) && self.evict_oldest(folder) => {}
                Err(_) => {
                    self.retry_at = Some(Instant::now() + RETRY_AFTER);
                    return;
                }
            }
        }
    }

    fn try_open(&mut self, folder: &mut WriterFolder) -> sys::Result<()> {
        let next_kept = self.next_sequence - self.buffered_entries;
        let gap = match (self.losing, self.found_gap) {
            (Some((from, reason)), _) => Some(Gap {
                log: self.log,
                from,
                to: next_kept - 1,
                lost: Some(next_kept - from),
                reason,
            }),
            (None, gap) => gap,
        };
        let limit = next_kept + self.segment_bytes / 64 + 1;
        let number = self.next_number;
        let marked = &mut folder.mark.logs[self.log as usize];
        marked.segment = number;
        marked.limit = marked.limit.max(limit);
        folder.write_mark()?;

        let temporary = segment_name::temporary(self.log);
        match sys::remove(folder.fd(), &temporary) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(error) => return Err(error),
        }
        let file = sys::create(folder.fd(), &temporary)?;
        let head = self.prepare(folder, file, number, limit, gap);
        let made = head.and_then(|head| {
            sys::rename_new(
                folder.fd(),
                &temporary,
                &segment_name::plain(self.log, number),
            )?;
            Ok(head)
        });
        let head = match made {
            Ok(head) => head,
            Err(error) => {
                let _ = sys::remove(folder.fd(), &temporary);
                return Err(error);
            }
        };
        // If this fails, the mark still keeps the numbers of a segment that a
        // machine crash takes away from being given again.
        let _ = sys::sync_all(folder.fd());
        // For people only.
        let _ = sys::swap_link(
            folder.fd(),
            &segment_name::link(self.log),
            &segment_name::plain(self.log, number),
        );
        self.next_number += 1;
        self.newest = i64::MIN;
        self.found_gap = None;
        self.losing = None;
        folder.mark.logs[self.log as usize].losing = None;
        self.head = Some(head);
        self.buffer_again();
        Ok(())
    }

    /// Writes and syncs the header of a file that no reader sees yet.
    fn prepare(
        &self,
        folder: &WriterFolder,
        file: rustix::fd::OwnedFd,
        number: u64,
        limit: u64,
        gap: Option<Gap>,
    ) -> sys::Result<SegmentWriter> {
        let identity = sys::identity(file.as_fd())?;
        let tag = u32::from_le_bytes(sys::random_bytes());
        let next_kept = self.next_sequence - self.buffered_entries;
        let mut header = Vec::new();
        Control::Seg(Header {
            v: FORMAT_VERSION,
            log: self.log.name().to_owned(),
            log_id: log_id_text(&folder.log_id),
            ancestors: folder.ancestors.clone(),
            segment: number,
            tag: format!("{tag:08x}"),
            inode: identity.inode,
            born: identity.born_ns,
            first: gap.map_or(next_kept, |gap| gap.from),
            limit,
            gap: gap.map(StatedGap::of),
            boot: folder.mark.boot.clone(),
            greatest: self.greatest,
            session: folder.mark.session,
            previous: self.previous.clone(),
        })
        .write(&mut header);
        let mut head = SegmentWriter::new(file, number, tag, limit, &header);
        head.written = 0;
        if self.log == Log::Exec {
            head.reserve((header.len() + self.buffer.len()) as u64 + SUM_ROOM)?;
        }
        match sys::write(head.file.as_fd(), &header)? {
            written if written == header.len() => head.written = header.len() as u64,
            _ => return Err(Errno::NOSPC),
        }
        sys::sync_all(head.file.as_fd())?;
        Ok(head)
    }

    /// Puts what the last segment did not take into the new one, without the
    /// checksums that spoke of the last one.
    fn buffer_again(&mut self) {
        let Some(head) = &mut self.head else { return };
        let again = take_lines(&mut self.buffer);
        for line in std::mem::take(&mut self.kept_controls)
            .into_iter()
            .chain(again)
        {
            if !line.starts_with(b"{\"s\":\"sum\"") {
                let start = self.buffer.len();
                self.buffer.extend_from_slice(&line);
                head.line_added(&mut self.buffer, start);
            }
        }
    }

    fn sealed_bytes(&self) -> u64 {
        self.sealed
            .iter()
            .map(|sealed| sealed.bytes.load(Ordering::Relaxed))
            .sum()
    }

    fn evict_oldest(&mut self, folder: &WriterFolder) -> bool {
        let evicted = evict_front(&mut self.sealed, self.log, folder);
        self.evicted |= evicted;
        evicted
    }
}

/// Removes the oldest sealed segment, in whatever form it is.
fn evict_front(sealed: &mut VecDeque<Sealed>, log: Log, folder: &WriterFolder) -> bool {
    let Some(oldest) = sealed.front() else {
        return false;
    };
    let _held = folder
        .background
        .form_lock
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    for name in [
        segment_name::plain(log, oldest.number),
        segment_name::compressed(log, oldest.number),
    ] {
        match sys::remove(folder.fd(), &name) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(_) => return false,
        }
    }
    sealed.pop_front();
    true
}

fn take_lines(buffer: &mut Vec<u8>) -> Vec<Vec<u8>> {
    std::mem::take(buffer)
        .split_inclusive(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect()
}

fn count_entries(lines: &[u8]) -> u64 {
    lines
        .split_inclusive(|byte| *byte == b'\n')
        .filter(|line| !line.starts_with(PREFIX))
        .count() as u64
}
