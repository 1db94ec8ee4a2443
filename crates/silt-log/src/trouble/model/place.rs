//! A folder, with what was given to it and what it went through.

use super::oracle::Oracle;
use super::truth::{Given, Truth};
use crate::lock::{SLOT, parse_slot};
use crate::sys::memory;
use crate::{Log, LogId, Sync, sys};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How the last writer left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// There was none, or it is there.
    Not,
    InOrder,
    /// In order, but the disk had refused it something.
    PerhapsInOrder,
    Died,
}

impl Left {
    /// A writer died; it may be one that had not begun.
    pub(super) fn after_a_death(self) -> Left {
        match self {
            Left::InOrder | Left::PerhapsInOrder => Left::PerhapsInOrder,
            Left::Not | Left::Died => Left::Died,
        }
    }
}

#[derive(Debug)]
pub(super) struct Place {
    /// Equal for a folder and all its copies.
    pub(super) family: u64,
    pub(super) path: PathBuf,
    pub(super) truth: Truth,
    pub(super) oracle: Oracle,
    /// All up to these is on the disk, or was evicted, or may be lost.
    pub(super) settled: [u64; 3],
    /// All up to these was given to the disk, which may have had no room.
    pub(super) flushed: [u64; 3],
    /// The last numbers before this writer, or the last one there was.
    began_after: [u64; 3],
    /// The log id that its last writer found or gave.
    pub(super) log_id: Option<LogId>,
    /// The log ids that it had: cursors of a sister copy are not known here.
    pub(super) log_ids: Vec<LogId>,
    /// What is there was put there by somebody else: the next writer gives it a
    /// log id of its own.
    pub(super) copied: bool,
    pub(super) left: Left,
    /// The power went; entries may be gone, also before some that are there.
    pub(super) power_went: bool,
    /// When the disk refused something last.
    refused_at: Option<Instant>,
    /// The disk refused something since this writer began.
    pub(super) trouble_before: bool,
    /// The disk refused something once.
    pub(super) trouble_ever: bool,
    /// A writer died or is at work on what nobody was told of yet.
    pub(super) unsettled: bool,
    /// The last numbers that readers were told of meanwhile.
    pub(super) claimed: [u64; 3],
    /// The highest session number given.
    pub(super) session: u64,
    /// A copy of a log that had lost something, or made before the machine
    /// started again: until its writer comes it looks like a log that lost its
    /// end, and which cursors are good there is not foretold.
    pub(super) vague: bool,
    /// Renamed away or removed.
    pub(super) removed: bool,
}

impl Place {
    pub(super) fn at(path: PathBuf) -> Place {
        static FAMILIES: AtomicU64 = AtomicU64::new(0);
        Place {
            family: FAMILIES.fetch_add(1, Ordering::Relaxed),
            path,
            truth: Truth::default(),
            oracle: Oracle::default(),
            settled: [0; 3],
            flushed: [0; 3],
            began_after: [0; 3],
            log_id: None,
            log_ids: Vec::new(),
            copied: false,
            left: Left::Not,
            power_went: false,
            refused_at: None,
            trouble_before: false,
            trouble_ever: false,
            unsettled: true,
            claimed: [0; 3],
            session: 0,
            vague: false,
            removed: false,
        }
    }

    pub(super) fn look(&mut self) {
        memory::with(|disk| self.oracle.look(disk, &self.path, &self.truth));
    }

    /// By log: how far the mark says at least that what was kept went.
    pub(super) fn marked(&self) -> [u64; 3] {
        let mut newest = None;
        memory::with(|disk| {
            disk.look(&self.path, |name, _, bytes| {
                if name == ".lock" {
                    let slots = bytes.chunks(SLOT).filter_map(parse_slot);
                    newest = slots.max_by_key(|mark| mark.generation);
                }
            });
        });
        newest.map_or([0; 3], |mark| {
            mark.logs.map(|log| {
                let next = log.losing.or(log.next).unwrap_or(1);
                log.last.unwrap_or(next - 1)
            })
        })
    }

    /// Whether an entry that comes now may be lost. A log that could keep nothing
    /// does not ask the disk before each entry that comes.
    pub(super) fn is_in_trouble(&self) -> bool {
        let over = |at: Instant| at + Duration::from_millis(1) <= sys::moment();
        self.refused_at.is_some_and(|at| !over(at))
    }

    /// After something was done: what is not on the disk yet may be lost where
    /// the disk refused something.
    pub(super) fn settle(&mut self, flushed: bool, troubled: bool) {
        self.look();
        if troubled {
            self.refused_at = Some(sys::moment());
        }
        self.trouble_before |= troubled;
        self.trouble_ever |= troubled;
        for log in Log::ALL {
            let last = self.truth.last(log);
            for number in self.settled[log as usize] + 1..=last {
                let given = Rc::clone(self.truth.get(log, number).unwrap());
                let evicted = self.oracle.first(log).is_some_and(|first| number < first);
                if self.oracle.has(log, number) || evicted {
                    continue;
                }
                if self.is_in_trouble() {
                    given.may_be_lost.set(true);
                } else if flushed {
                    assert!(
                        given.may_be_lost.get(),
                        "{log:?} {number} was flushed, and is not on the disk"
                    );
                }
            }
            if flushed {
                self.flushed[log as usize] = last;
            }
            if flushed && !troubled {
                self.settled[log as usize] = last;
            }
        }
    }

    /// What was not on the disk yet is not in a copy.
    pub(super) fn is_a_copy(&mut self) {
        for log in Log::ALL {
            let last = self.oracle.last_said(log);
            self.truth.logs[log as usize].truncate(last as usize);
            self.settled[log as usize] = self.truth.last(log);
            self.flushed[log as usize] = self.truth.last(log);
        }
    }

    /// A new writer, at this time of the wall clock, says how far the numbers went.
    pub(super) fn writer_came(&mut self, now_ns: i64, log_id: LogId, last: [u64; 3]) {
        self.look();
        let before = self.log_id.replace(log_id);
        self.log_ids.push(log_id);
        let is_another = before.is_some_and(|before| before != log_id);
        assert_eq!(is_another, self.copied && before.is_some(), "the log id");
        for log in Log::ALL {
            let index = log as usize;
            let (given, next) = (self.truth.last(log), last[index]);
            let said = self.oracle.last_said(log);
            assert!(
                next >= said,
                "{log:?} goes on after {next}, {said} is there"
            );
            assert!(
                self.copied || next >= self.claimed[index],
                "{log:?} goes on after {next}, readers were told of {}",
                self.claimed[index]
            );
            let quiet = !self.power_went && !self.trouble_before && !self.copied;
            assert!(
                !quiet || next == said,
                "{log:?} goes on after {next}, {said} is the last"
            );
            let kept = if self.copied {
                said.min(given)
            } else {
                next.min(given)
            };
            for number in kept + 1..=given {
                let given = self.truth.get(log, number).unwrap();
                assert!(
                    self.copied || !given.shown.get(),
                    "{log:?} {number} was shown to a reader, and will be given again"
                );
            }
            let logged = &mut self.truth.logs[index];
            logged.truncate(kept as usize);
            while (logged.len() as u64) < next {
                logged.push(Rc::new(Given::hole(now_ns)));
            }
            for number in self.oracle.last_held(log) + 1..=next {
                logged[number as usize - 1].may_be_lost.set(true);
            }
            self.settled[index] = next;
            self.flushed[index] = next;
            self.began_after[index] = next;
            self.claimed[index] = 0;
        }
        self.truth.forget_unfinished();
        self.copied = false;
        self.unsettled = false;
        self.trouble_before = false;
        self.left = Left::Not;
    }
}

impl Place {
    /// The power went and is back. `false` when the folder is gone, which can be
    /// only before its first writer was there.
    pub(super) fn power_went(&mut self, sync: Sync) -> bool {
        let there = memory::with(|disk| disk.inode_at(&self.path)).is_ok();
        let may_go = self.log_id.is_none() || self.removed;
        assert!(there || may_go, "the folder is gone");
        let first = Log::ALL.map(|log| self.oracle.first(log));
        self.oracle.forget();
        self.look();
        self.power_went = true;
        self.vague |= self.copied;
        self.unsettled = true;
        for log in Log::ALL {
            for number in 1..=self.truth.last(log) {
                if self.oracle.has(log, number) {
                    continue;
                }
                let given = self.truth.get(log, number).unwrap();
                let evicted = first[log as usize].is_none_or(|first| number < first);
                let by_this_writer = number > self.began_after[log as usize];
                let promised = !self.removed
                    && !self.trouble_before
                    && (sync == Sync::Write && by_this_writer || self.left == Left::InOrder)
                    && number <= self.settled[log as usize];
                assert!(
                    !promised || evicted || given.may_be_lost.get(),
                    "{log:?} {number} was synced, and is gone"
                );
                given.may_be_lost.set(true);
                given.taken.set(given.taken.get() || !evicted);
            }
        }
        if self.left != Left::InOrder {
            self.left = self.left.after_a_death();
        }
        there
    }
}
