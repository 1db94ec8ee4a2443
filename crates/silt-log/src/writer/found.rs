//! What an earlier writer left in the segments of a log.

use super::EndedSession;
use crate::control::{Ancestor, Control, ExitRecord, LogId, Previous, parse_log_id};
use crate::line::SEQUENCE_LIMIT;
use crate::lock::LogMark;
use crate::segment::{self, Segment};
use crate::{Error, Gap, Log, line, sys};
use rustix::fd::BorrowedFd;
use std::path::Path;

/// A segment that is there.
pub(crate) struct FoundSegment {
    pub(crate) number: u64,
    pub(crate) bytes: u64,
    pub(crate) newest: i64,
}

/// One log as it was found.
pub(crate) struct Found {
    pub(crate) segments: Vec<FoundSegment>,
    pub(crate) next_number: u64,
    pub(crate) next_sequence: u64,
    pub(crate) greatest: i64,
    /// To be stated by the next header.
    pub(crate) gap: Option<Gap>,
    pub(crate) previous: Option<Previous>,
    /// Whether the beginning is gone.
    pub(crate) evicted: bool,
    /// In the newest segment.
    pub(super) exits: Vec<ExitRecord>,
    pub(super) log_id: Option<LogId>,
    pub(super) ancestors: Vec<Ancestor>,
    pub(super) boot: String,
    pub(super) limit: u64,
    pub(super) session: u64,
    pub(super) ended: bool,
    /// The file is the one that its header speaks of.
    pub(super) genuine: bool,
    /// The newest segment has a header that can be read.
    pub(super) readable: bool,
    /// After the last entry there are lines that are none.
    pub(super) spoiled: bool,
    /// Nothing after the newest gap says when it was.
    pub(super) gap_is_last: bool,
    /// Entries may be gone that were there.
    pub(super) crashed: bool,
}

impl Found {
    pub(crate) fn nothing() -> Found {
        Found {
            segments: Vec::new(),
            next_number: 1,
            next_sequence: 1,
            greatest: 0,
            gap: None,
            previous: None,
            evicted: false,
            exits: Vec::new(),
            log_id: None,
            ancestors: Vec::new(),
            boot: String::new(),
            limit: 0,
            session: 0,
            ended: false,
            genuine: true,
            readable: true,
            spoiled: false,
            gap_is_last: false,
            crashed: false,
        }
    }

    /// No segment is left: a full disk can take them all. The mark says how far
    /// the numbers went.
    pub(super) fn all_went(&mut self, marked: &LogMark) {
        self.next_number = marked.segment + 1;
        self.evicted = marked.segment > 0;
        let next = marked.next.unwrap_or(marked.limit + 1);
        self.next_sequence = match (marked.losing, marked.last) {
            (Some(from), _) => from.min(next),
            // All were there, and were removed.
            (None, Some(last)) => next.max(last + 1),
            (None, None) => next,
        };
        self.limit = marked.limit;
    }

    pub(crate) fn ended_sessions(&self) -> Vec<EndedSession> {
        let last = self.next_sequence - 1;
        let exits = self.exits.iter();
        exits
            .filter_map(|exit| EndedSession::of(exit, last))
            .collect()
    }

    /// Number of the newest segment there is; 0 without one.
    pub(super) fn newest(&self) -> u64 {
        self.segments.last().map_or(0, |segment| segment.number)
    }
}

/// Reads what there is of a log.
pub(super) fn find(folder: BorrowedFd<'_>, path: &Path, log: Log) -> Result<Found, Error> {
    let numbers = segment::list(folder, path, log)?;
    let mut found = Found::nothing();
    found.evicted = numbers.first().is_some_and(|first| *first > 1);
    // The newest, and those before it up to one that says where it begins.
    let mut to_scan = Vec::new();
    // What a header without a checksum says may have been hit: those before it.
    let mut doubted = Vec::new();
    for number in numbers {
        let Some(segment) = Segment::open(folder, path, log, number)? else {
            continue;
        };
        if let (Some(header), Some(before)) = (&segment.header, found.segments.last_mut()) {
            before.newest = header.greatest;
        }
        let bytes = segment
            .stored_bytes()
            .map_err(|error| Error::io("measure", path, error))?;
        found.next_number = number + 1;
        found.segments.push(FoundSegment {
            number,
            bytes,
            newest: 0,
        });
        take_header(&mut found, &segment);
        if segment.header.is_some() {
            doubted = std::mem::take(&mut to_scan);
            doubted.retain(|_| !segment.is_vouched_for);
        }
        to_scan.push(segment);
    }
    for segment in &to_scan {
        scan(&mut found, segment, path)?;
    }
    let mut before = Found::nothing();
    for segment in &doubted {
        take_header(&mut before, segment);
        scan(&mut before, segment, path)?;
    }
    found.next_sequence = found.next_sequence.max(before.next_sequence);
    if found.gap_is_last {
        // What is missing came before now, and no entry bounds it closer.
        found.greatest = found.greatest.max(sys::now_ns());
    }
    if let Some(last) = found.segments.last_mut() {
        last.newest = found.greatest;
    }
    Ok(found)
}

fn take_header(found: &mut Found, segment: &Segment) {
    found.readable = segment.header.is_some();
    let Some(header) = &segment.header else {
        return;
    };
    found.log_id = parse_log_id(&header.log_id).or(found.log_id);
    found.ancestors = header.ancestors.clone();
    found.boot = header.boot.clone();
    found.limit = found.limit.max(header.limit);
    // None of before says more.
    found.session = header.session;
    found.greatest = found.greatest.max(header.greatest);
    found.gap_is_last = header.gap.is_some();
    found.next_sequence = found.next_sequence.max(header.before_first_entry() + 1);
    // A compressed segment was made by the same writer; the newest is plain.
    found.genuine = segment.identity().is_none_or(|identity| {
        identity.inode == header.inode && (header.born == 0 || identity.born_ns == header.born)
    });
}

/// Reads a segment to its last whole line.
fn scan(found: &mut Found, segment: &Segment, path: &Path) -> Result<(), Error> {
    let size = segment
        .size()
        .map_err(|error| Error::io("measure", path, error))?;
    let mut bytes = vec![0; usize::try_from(size).unwrap_or(usize::MAX)];
    let mut filled = 0;
    while filled < bytes.len() {
        match segment.read_at(&mut bytes[filled..], filled as u64) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) => return Err(Error::io("read", path, error)),
        }
    }
    bytes.truncate(filled);
    let valid = memchr::memrchr(b'\n', &bytes).map_or(0, |end| end + 1);
    let mut last = found.next_sequence - 1;
    found.ended = false;
    let limit = match &segment.header {
        Some(header) => header.limit,
        None => SEQUENCE_LIMIT - 1,
    };
    let whole = bytes[..valid].split_inclusive(|byte| *byte == b'\n');
    let mut lines = whole.map(|line| &line[..line.len() - 1]).enumerate();
    while let Some((index, text)) = lines.next() {
        if let Some(entry) = line::parse(text) {
            let next = || lines.clone().find_map(|(_, text)| line::parse(text));
            let is_hit = entry.sequence > last + 1
                && next().is_some_and(|next| next.sequence <= entry.sequence);
            // No reader takes it.
            if entry.sequence > limit || entry.sequence <= last || is_hit {
                found.spoiled = true;
                continue;
            }
            last = entry.sequence;
            found.spoiled = false;
            found.greatest = found.greatest.max(entry.time_ns);
            found.gap_is_last = false;
            found.session = found.session.max(entry.session);
        } else {
            match Control::parse(text) {
                Some(Control::End(_)) => found.ended = true,
                Some(Control::Exit(exit)) if exit.id < SEQUENCE_LIMIT => {
                    found.session = found.session.max(exit.id);
                    found.exits.push(exit);
                }
                // A header that can not be read has been seen before.
                None if index > 0 && !Control::is_later(text) => found.spoiled = true,
                _ => {}
            }
        }
    }
    found.next_sequence = last + 1;
    found.previous = Some(Previous {
        length: valid as u64,
        crc32c: format!("{:08x}", crc32c::crc32c(&bytes[..valid])),
    });
    Ok(())
}
