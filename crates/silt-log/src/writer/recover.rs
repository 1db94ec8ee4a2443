//! How numbers go on after an earlier writer, and whether this is still the folder
//! that it wrote.

use super::found::{Found, find};
use crate::control::{Ancestor, LogId, parse_log_id};
use crate::line::SEQUENCE_LIMIT;
use crate::lock::{LogMark, Mark};
use crate::mutation::mutation;
use crate::{Error, Gap, GapReason, Log};
use rustix::fd::BorrowedFd;
use std::path::Path;

/// With fewer numbers left no writer begins: what it gave would not be read.
const NUMBERS_TO_GO_ON: u64 = 1 << 40;

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
