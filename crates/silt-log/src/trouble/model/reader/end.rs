//! What has to be over where a reader ends, or sleeps.

use super::super::counts::Counts;
use super::super::place::{Left, Place};
use super::super::wish::Passes;
use super::{Before, Reader};
use crate::{End, EndReason, Log, sys};

impl Reader {
    /// Up to `until`, nothing that was wanted is left.
    pub(super) fn nothing_is_left(&self, place: &Place, until: [u64; 3], does: &str) {
        for log in Log::ALL {
            let index = log as usize;
            if !self.wish.reads(log) || self.over[index] {
                continue;
            }
            if self.wish.tail.is_some() && self.accounted[index].is_none() {
                continue;
            }
            let from = self.accounted[index].map_or(self.from[index], |last| last + 1);
            let until = until[index].min(self.last_before_until(place, log));
            for number in place.oracle.held(log, from, until) {
                let given = place.truth.get(log, number).expect("given");
                assert_ne!(
                    self.wish.passes(given),
                    Passes::Yes,
                    "it {does}, and {log:?} {number} is there unread"
                );
            }
        }
    }

    /// It may have met `until` in what went since.
    fn last_before_until(&self, place: &Place, log: Log) -> u64 {
        let is_over = |number: &u64| {
            let given = place.truth.get(log, *number);
            given.is_some_and(|given| self.wish.is_over_at(given) != Passes::No)
        };
        let begin = self.accounted[log as usize].map_or(1, |last| last + 1);
        let last = place.truth.last(log);
        (begin..=last).find(is_over).map_or(last, |over| over - 1)
    }

    /// Who reads on to the last entry that was flushed has all, or is told.
    pub(super) fn is_told_more(&mut self, place: &Place) -> bool {
        let log = Log::Exec;
        let last = place.flushed[log as usize];
        // What it holds back is not missing.
        if self.wish.until.is_some() {
            return false;
        }
        if self
            .stream
            .report_missing(log, last)
            .expect("no call fails")
        {
            return true;
        }
        self.is_accounted(place, log, last, "reads on");
        false
    }

    /// What it knows of since it was opened came or is in a gap.
    fn knows_of(&self, bound: [u64; 3], place: &Place) {
        for log in Log::ALL {
            if self.opened_alone || self.resumed[log as usize] {
                self.is_accounted(place, log, bound[log as usize], "ends");
            }
        }
    }

    /// What was on the disk, up to entry `last`, came or is in a gap.
    fn is_accounted(&self, place: &Place, log: Log, last: u64, does: &str) {
        let index = log as usize;
        let begins = self.wish.tail.is_some() || self.wish.since.is_some();
        if !self.wish.reads(log)
            || self.over[index]
            || begins && self.accounted[index].is_none()
            || place.power_went
            || place.vague
            || place.copied
        {
            return;
        }
        let from = self.accounted[index].map_or(self.from[index], |last| last + 1);
        for number in from..=last.min(self.last_before_until(place, log)) {
            let given = place.truth.get(log, number).expect("given");
            assert!(
                given.time_ns.get().is_none() || self.wish.passes(given) != Passes::Yes,
                "it {does} to {last}, and was not told of {log:?} {number}"
            );
        }
    }

    pub(super) fn end(
        &mut self,
        end: &End,
        before: &Before,
        meddled: bool,
        place: &Place,
        counts: &mut Counts,
    ) {
        counts.end(end.reason);
        self.ended = true;
        let bound = if self.wish.follow {
            before.held
        } else {
            self.bound
        };
        self.nothing_is_left(place, bound, "ends");
        let removed = before.path != self.path || !before.there;
        match end.reason {
            EndReason::Drained => {
                assert!(!self.wish.follow, "a follower is drained");
                self.knows_of(bound, place);
            }
            EndReason::Until => {
                assert!(self.wish.until.is_some(), "until what");
                let bound = match self.wish.follow {
                    true if meddled || removed => [0; 3],
                    true => place.marked(),
                    false => bound,
                };
                self.knows_of(bound, place);
            }
            EndReason::Removed => assert!(removed || meddled, "it is where it was"),
            EndReason::Stopped | EndReason::Crashed => {
                assert!(!before.written || meddled, "there is a writer");
                assert!(self.wish.follow && (!removed || meddled));
                if !meddled {
                    let fits = match before.left {
                        Left::InOrder => end.reason == EndReason::Stopped,
                        Left::PerhapsInOrder => true,
                        Left::Died | Left::Not => end.reason == EndReason::Crashed,
                    };
                    assert!(fits, "ended as {:?}, left {:?}", end.reason, before.left);
                    for log in Log::ALL {
                        let last = match before.left {
                            Left::InOrder => place.truth.last(log),
                            _ => place.marked()[log as usize],
                        };
                        self.is_accounted(place, log, last, "ends");
                    }
                }
            }
            EndReason::Closed | EndReason::Aborted | EndReason::Unknown => {
                panic!("ended as {:?}", end.reason)
            }
        }
        let totals: u64 = end.logs.iter().map(|log| log.entries).sum();
        assert_eq!(totals, self.entries, "the totals of the end");
        if end.reason == EndReason::Until {
            let met = Log::ALL.into_iter().any(|log| {
                let mut all = place.truth.logs[log as usize].iter();
                all.any(|given| self.wish.is_over_at(given) != Passes::No)
            });
            let passed = self.wish.until.is_some_and(|until| sys::now_ns() >= until);
            assert!(passed || met, "it ended before `until`");
        }
    }

    /// After all events have arrived: a reader that waits was woken if there is
    /// something for it.
    pub(in super::super) fn was_woken_for_what_is_there(&self, place: &Place) {
        if self.waits && !self.stream.is_woken() {
            let held = Log::ALL.map(|log| place.oracle.last_held(log));
            self.nothing_is_left(place, held, "sleeps");
        }
    }
}
