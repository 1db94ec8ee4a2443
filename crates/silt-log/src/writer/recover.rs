//! What an earlier writer left: where its numbers ended, and whether this is
//! still the folder that it wrote.

use super::EndedSession;
use crate::control::{Ancestor, Control, ExitRecord, LogId, Previous, parse_log_id};
use crate::line::SEQUENCE_LIMIT;
use crate::lock::{LogMark, Mark};
use crate::mutation::mutation;
use crate::segment::{self, Segment};
use crate::{Error, Gap, GapReason, Log, line, sys};
use rustix::fd::BorrowedFd;
use std::path::Path;

/// With fewer numbers left no writer begins: what it gave would not be read.
const NUMBERS_TO_GO_ON: u64 = 1 << 40;

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
    exits: Vec<ExitRecord>,
    log_id: Option<LogId>,
    ancestors: Vec<Ancestor>,
    boot: String,
    limit: u64,
    session: u64,
    ended: bool,
    /// The file is the one that its header speaks of.
    genuine: bool,
    /// The newest segment has a header that can be read.
    readable: bool,
    /// After the last entry there are lines that are none.
    spoiled: bool,
    /// Nothing after the newest gap says when it was.
    gap_is_last: bool,
    /// Entries may be gone that were there.
    crashed: bool,
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
    fn all_went(&mut self, marked: &LogMark) {
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
    fn newest(&self) -> u64 {
        self.segments.last().map_or(0, |segment| segment.number)
    }
}

/// All three logs as they were found, with what follows for the next writer.
pub(crate) struct Recovered {
    pub(crate) logs: [Found; 3],
    /// `None`: the folder needs a log id of its own.
    pub(crate) log_id: Option<LogId>,
    pub(crate) ancestors: Vec<Ancestor>,
    pub(crate) next_session: u64,
}

/// Reads what is there and decides how numbering goes on.
pub(crate) fn recover(
    folder: BorrowedFd<'_>,
    path: &Path,
    mark: Option<&Mark>,
    boot: &str,
    machine: &str,
) -> Result<Recovered, Error> {
    let mut logs = [Found::nothing(), Found::nothing(), Found::nothing()];
    for log in Log::ALL {
        logs[log as usize] = find(folder, path, log)?;
    }
    let ended = logs[Log::Exec as usize].ended;
    for log in Log::ALL {
        let found = &mut logs[log as usize];
        if let (true, Some(mark)) = (found.segments.is_empty(), mark) {
            found.all_went(&mark.logs[log as usize]);
        }
        found.crashed = crashed(found, log, mark, ended, boot);
        let marked = mark.map(|mark| &mark.logs[log as usize]);
        found.gap = lost(found, log, marked, boot);
        if let Some(gap) = found.gap {
            found.next_sequence = gap.to + 1;
        }
        if let Some(mark) = mark {
            let marked = &mark.logs[log as usize];
            let cut = found
                .gap
                .is_some_and(|gap| gap.reason == GapReason::Damage && marked.last == Some(gap.to));
            if found.crashed || found.segments.is_empty() || mark.ended || cut {
                // It may have been there, and read; also where a full disk has
                // taken all of them, or somebody the newest.
                found.next_number = found.next_number.max(marked.segment + 1);
            }
        }
        not_used_up(found.next_sequence, path, log.name())?;
        not_used_up(found.next_number, path, "segments")?;
    }

    let exec = &logs[Log::Exec as usize];
    // Exact after an orderly end; else the highest that may have been given. Where
    // a number was hit the mark is enough: it is written before a number is given.
    let session = match mark {
        Some(mark) if mark.ended || is_used_up(exec.session) => mark.session,
        Some(mark) => exec.session.max(mark.session),
        None => exec.session,
    };
    not_used_up(session, path, "sessions")?;
    let mut ancestors = logs
        .iter()
        .find_map(|found| found.log_id.map(|_| found.ancestors.clone()))
        .unwrap_or_default();
    let marked = mark.and_then(|mark| parse_log_id(&mark.log_id));
    let mut log_id = logs.iter().find_map(|found| found.log_id).or(marked);
    if let Some(id) = log_id
        && !is_same_folder(&logs, mark, machine)
    {
        let last = |log: Log| match logs[log as usize].gap {
            Some(gap) => gap.from - 1,
            None => logs[log as usize].next_sequence - 1,
        };
        ancestors.push(Ancestor {
            log_id: crate::control::log_id_text(&id),
            exec: last(Log::Exec),
            runtime: last(Log::Runtime),
            kernel: last(Log::Kernel),
        });
        log_id = None;
    }
    Ok(Recovered {
        logs,
        log_id,
        ancestors,
        next_session: session + 1,
    })
}

fn is_used_up(next: u64) -> bool {
    next > SEQUENCE_LIMIT - NUMBERS_TO_GO_ON
}

fn not_used_up(next: u64, path: &Path, of: &str) -> Result<(), Error> {
    if !is_used_up(next) {
        return Ok(());
    }
    Err(Error::Corruption {
        path: path.to_owned(),
        message: format!("the numbers of {of} are used up"),
    })
}

/// Whether entries may be gone that were there: the machine died before they
/// were synced, or the newest segment can not be read.
fn crashed(found: &Found, log: Log, mark: Option<&Mark>, ended: bool, boot: &str) -> bool {
    if mutation!("number-twice-after-crash") {
        return false;
    }
    let newest_is_gone = mark.is_some_and(|mark| {
        !mark.ended && mark.boot != boot && mark.logs[log as usize].segment > found.newest()
    });
    let died = !found.segments.is_empty() && !ended && found.boot != boot;
    !found.readable || newest_is_gone || died
}

/// The gap between what is there and the numbers that may have been given.
fn lost(found: &Found, log: Log, marked: Option<&LogMark>, boot: &str) -> Option<Gap> {
    let last = found.next_sequence - 1;
    // A header may say so already, and the mark not yet.
    let losing = marked
        .and_then(|marked| marked.losing)
        .is_some_and(|from| from > last);
    // Known when the writer ended by itself; a mark of before another writer
    // says nothing.
    let marked_last = marked
        .filter(|marked| {
            marked.segment >= found.newest() && !mutation!("number-twice-after-damage")
        })
        .and_then(|marked| marked.last);
    let marked_limit = marked.map(|marked| marked.limit);
    let limit = found.limit.max(marked_limit.unwrap_or(0));
    let (to, exact, reason) = if found.crashed {
        let reason = if found.readable || found.boot != boot {
            GapReason::Crash
        } else {
            GapReason::Damage
        };
        (marked_last.unwrap_or(limit), false, reason)
    } else if found.spoiled && marked_last.is_none() {
        (limit, false, GapReason::Damage)
    } else if losing {
        let to = marked_last.or(marked_limit)?;
        (to, marked_last.is_some(), GapReason::DiskFull)
    } else if found.segments.is_empty() {
        // A folder appears with its first segments: a full disk has taken them,
        // and the writer died before the next was there.
        (marked_last.or(marked_limit)?, false, GapReason::DiskFull)
    } else {
        // The end of the newest segment was cut off or can not be read, or newer
        // ones were removed.
        let in_newest = marked.is_some_and(|marked| marked.segment == found.newest());
        (marked_last?, in_newest, GapReason::Damage)
    };
    (to > last).then(|| Gap {
        log,
        from: last + 1,
        to,
        lost: exact.then_some(to - last),
        reason,
    })
}

/// Whether the folder is the one that its last writer left: not a copy, not
/// restored, not rewound.
fn is_same_folder(logs: &[Found; 3], mark: Option<&Mark>, machine: &str) -> bool {
    let Some(mark) = mark else { return false };
    let same_machine = mark.machine.is_empty() || machine.is_empty() || mark.machine == machine;
    same_machine
        && logs.iter().zip(&mark.logs).all(|(found, marked)| {
            // The mark is synced before its segment appears, and a crash can
            // take the newest ones.
            let newest = found.newest();
            found.segments.is_empty()
                || found.genuine
                    && newest <= marked.segment
                    && (found.crashed || newest + 1 >= marked.segment)
        })
}

fn find(folder: BorrowedFd<'_>, path: &Path, log: Log) -> Result<Found, Error> {
    let numbers = segment::list(folder, path, log)?;
    let mut found = Found::nothing();
    found.evicted = numbers.first().is_some_and(|first| *first > 1);
    // The newest, and those before it up to one that says where it begins.
    let mut to_scan = Vec::new();
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
            to_scan.clear();
        }
        to_scan.push(segment);
    }
    for segment in &to_scan {
        scan(&mut found, segment, path)?;
    }
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
    for (index, line) in bytes[..valid]
        .split_inclusive(|byte| *byte == b'\n')
        .enumerate()
    {
        let text = &line[..line.len() - 1];
        if let Some(entry) = line::parse(text) {
            // No reader takes it.
            if entry.sequence > limit || entry.sequence <= last {
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
