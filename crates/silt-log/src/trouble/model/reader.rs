//! A reader, and what it may be handed.

mod end;

use super::counts::Counts;
use super::place::{Left, Place};
use super::saved::Saved;
use super::wish::{Passes, Wish};
use crate::sys::memory;
use crate::{Batch, BatchLimits, Error, Gap, GapReason, Log, Next, OnGap, Stream};
use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

pub(super) struct Reader {
    pub(super) stream: Stream,
    pub(super) place: Rc<RefCell<Place>>,
    pub(super) wish: Wish,
    /// Where it found the folder.
    path: PathBuf,
    /// By log: the last number that is accounted for; `None` before the first.
    accounted: [Option<u64>; 3],
    /// The first number that can not be passed over without a word.
    from: [u64; 3],
    /// What has to be accounted for at the end, where that is fixed.
    bound: [u64; 3],
    /// Nothing was done while it was opened: it knows of all up to there.
    pub(super) opened_alone: bool,
    /// By log: it goes on from a cursor.
    resumed: [bool; 3],
    /// By log: nothing more comes, `until` has passed.
    over: [bool; 3],
    /// Entries handed over, to hold against a tail.
    entries: u64,
    /// What `until` would have ended at may be gone.
    misses_its_end: bool,
    pub(super) waits: bool,
    pub(super) ended: bool,
    /// The last batch, to take cursors from.
    pub(super) batch: Option<Batch>,
}

/// What was there before a call, that it has to know of.
pub(super) struct Before {
    held: [u64; 3],
    written: bool,
    /// The writer is coming or going.
    changing: bool,
    left: Left,
    path: PathBuf,
    there: bool,
}

impl Before {
    pub(super) fn of(place: &Place, written: bool, changing: bool) -> Before {
        Before {
            held: Log::ALL.map(|log| place.oracle.last_held(log)),
            written,
            changing,
            left: place.left,
            path: place.path.clone(),
            there: memory::with(|disk| disk.inode_at(&place.path)).is_ok(),
        }
    }
}

impl Reader {
    pub(super) fn new(
        stream: Stream,
        place: &Rc<RefCell<Place>>,
        wish: Wish,
        after: Option<&Saved>,
        before: &Before,
    ) -> Reader {
        let known = place.borrow();
        let mut reader = Reader {
            stream,
            place: Rc::clone(place),
            path: before.path.clone(),
            accounted: [None; 3],
            from: Log::ALL.map(|log| known.oracle.first(log).unwrap_or(u64::MAX)),
            bound: before.held,
            opened_alone: true,
            resumed: [false; 3],
            over: [false; 3],
            entries: 0,
            misses_its_end: false,
            waits: false,
            ended: false,
            batch: None,
            wish,
        };
        for log in Log::ALL {
            let index = log as usize;
            let after = after.and_then(|saved| saved.at(log));
            reader.resumed[index] = after.is_some();
            if after.is_some() && known.oracle.first(log).is_none() {
                reader.bound[index] = known.marked()[index];
            }
            // A tail begins where it likes after the cursor.
            if reader.wish.tail.is_none() {
                reader.accounted[index] = after;
            } else {
                reader.from[index] = u64::MAX;
            }
            if !reader.wish.reads(log) {
                reader.bound[index] = 0;
            }
        }
        drop(known);
        reader
    }

    /// Asks for more. `meddled` says whether something was done meanwhile.
    pub(super) fn next(
        &mut self,
        limits: BatchLimits,
        before: &Before,
        meddled: impl FnOnce() -> bool,
        counts: &mut Counts,
    ) -> Option<Saved> {
        self.waits = false;
        let next = self.stream.next(limits);
        let meddled = meddled() || before.changing;
        let place = Rc::clone(&self.place);
        let mut place = place.borrow_mut();
        place.look();
        match next {
            Ok(Next::Batch(batch)) => {
                assert!(batch.items.len() <= limits.entries.max(1));
                self.take(&batch, &mut place, counts);
                self.check_position(&batch, &place);
                self.batch = Some(batch);
            }
            Ok(Next::Pending) => {
                assert!(self.wish.follow, "waits though it does not follow");
                assert!(meddled || before.written, "waits though there is no writer");
                if !meddled {
                    let held = Log::ALL.map(|log| place.oracle.last_held(log));
                    self.nothing_is_left(&place, held, "waits");
                    if self.wish.reads_on && self.is_told_more(&place) {
                        return None;
                    }
                }
                self.waits = true;
                counts.waits += 1;
            }
            Ok(Next::End(end)) => self.end(&end, before, meddled, &place, counts),
            Err(Error::MissedRotation {
                gaps,
                resume_cursor,
            }) => {
                assert_eq!(self.wish.on_gap, OnGap::Error);
                self.ended = true;
                counts.missed += 1;
                for gap in &gaps {
                    self.gap(gap, &mut place, counts);
                }
                let saved = Saved::new(resume_cursor, &place);
                for gap in &gaps {
                    let at = saved.at(gap.log);
                    let tail = self.wish.tail.is_some() && at > Some(gap.to);
                    assert!(tail || at == Some(gap.to), "{at:?} is behind {gap:?}");
                }
                return Some(saved);
            }
            Err(Error::Io { .. }) => counts.refused_reads += 1,
            Err(error) => panic!("{error}"),
        }
        None
    }

    fn take(&mut self, batch: &Batch, place: &mut Place, counts: &mut Counts) {
        for item in &batch.items {
            if let Some(gap) = item.gap {
                self.gap(&batch.gaps[usize::from(gap)], place, counts);
                continue;
            }
            let (log, number) = (item.log, item.sequence);
            let given = place.truth.get(log, number);
            let given = Rc::clone(given.unwrap_or_else(|| panic!("{log:?} {number} is invented")));
            self.passed_over(log, number, place);
            assert!(
                !given.hole && batch.data(item) == given.data,
                "{log:?} {number} is handed over changed"
            );
            assert_eq!(
                (item.session, item.source, item.part),
                (given.session, given.source, given.part),
                "{log:?} {number}"
            );
            assert!(
                given.time_ns.get().is_none_or(|time| time == item.time_ns),
                "{log:?} {number} has another time"
            );
            assert_ne!(self.wish.passes(&given), Passes::No, "{log:?} {number}");
            assert_ne!(
                self.wish.is_over_at(&given),
                Passes::Yes,
                "{log:?} {number}"
            );
            given.shown.set(true);
            self.accounted[log as usize] = Some(number);
            self.entries += 1;
            counts.entries += 1;
        }
        if let (Some(tail), false) = (self.wish.tail, self.wish.follow || self.misses_its_end) {
            assert!(
                self.entries <= tail,
                "a tail of {tail} has {}",
                self.entries
            );
        }
    }

    /// What comes next in a log is `number`: what lies before it may be passed
    /// over without a word only where a filter leaves it out.
    fn passed_over(&mut self, log: Log, number: u64, place: &Place) {
        let index = log as usize;
        if let Some(last) = self.accounted[index] {
            assert!(number > last, "{log:?} {number} after {last}");
        }
        assert!(!self.over[index], "{log:?} {number} after `until`");
        let from = self.accounted[index].map_or(self.from[index], |last| last + 1);
        // What is missing has no time. A reader that begins by time takes it for
        // older where an entry after it is from before then, or the writer that
        // found it missing.
        let is_older = |later: &u64| {
            let given = place.truth.get(log, *later);
            let recorded = given.filter(|given| !given.taken.get());
            let time = recorded.and_then(|given| given.time_ns.get());
            time.is_some_and(|time| Some(time) < self.wish.since)
        };
        let begins = self.accounted[index].is_none();
        let older = (from..number).rev().find(|later| begins && is_older(later));
        for passed in from..number {
            let given = place.truth.get(log, passed);
            let given = given.unwrap_or_else(|| panic!("{log:?} {passed} of {number}"));
            if Some(passed) < older && !place.oracle.has(log, passed) {
                continue;
            }
            if begins && given.hole && Some(given.came_ns) < self.wish.since {
                continue;
            }
            assert!(
                self.wish.passes(given) != Passes::Yes && !given.hole,
                "{log:?} {passed} is passed over, {number} is next; hole: {}",
                given.hole
            );
            assert_ne!(self.wish.is_over_at(given), Passes::Yes, "{log:?} {passed}");
        }
    }

    fn gap(&mut self, gap: &Gap, place: &mut Place, counts: &mut Counts) {
        let log = gap.log;
        self.passed_over(log, gap.from, place);
        assert!(gap.to >= gap.from, "{gap:?}");
        counts.gap(gap.reason);
        self.misses_its_end |= self.wish.until.is_some() && gap.reason == GapReason::Rotated;
        let last = place.truth.last(log);
        if gap.to > last {
            // Where the mark of an end was refused, only the bound is known.
            let settled = !place.unsettled && place.left != Left::PerhapsInOrder;
            assert!(!settled, "{gap:?}, and {last} is the last given");
            let claimed = &mut place.claimed[log as usize];
            *claimed = (*claimed).max(gap.to);
        }
        let held = place.oracle.held(log, gap.from, gap.to);
        assert!(held.is_empty(), "{gap:?}, and {held:?} are on the disk");
        let mut holes = false;
        for number in gap.from..=gap.to.min(last) {
            let given = place.truth.get(log, number).unwrap();
            holes |= given.hole;
            let known = match gap.reason {
                GapReason::Rotated => {
                    let first = place.oracle.first(log);
                    // Of a folder that is gone only the bound is known.
                    first.is_none_or(|first| number < first) || place.removed && gap.lost.is_none()
                }
                GapReason::DiskFull => {
                    let full = memory::with(|disk| disk.is_full());
                    given.may_be_lost.get()
                        || full
                        || place.is_in_trouble()
                        || place.unsettled && place.trouble_before
                }
                GapReason::Crash => given.may_be_lost.get() || place.unsettled,
                GapReason::Damage => false,
            };
            assert!(
                known || place.power_went,
                "{gap:?}, and nothing happened to {number}"
            );
        }
        if let Some(lost) = gap.lost {
            let range = gap.to - gap.from + 1;
            assert!(lost <= range && (holes || lost == range), "{gap:?}");
        }
        // The gaps before a tail do not say where it begins.
        if self.wish.tail.is_none() || self.accounted[log as usize].is_some() {
            self.accounted[log as usize] = Some(gap.to);
        }
    }

    /// A cursor for here stands after what was handed over and not after what
    /// was not.
    fn check_position(&self, batch: &Batch, place: &Place) {
        for count in 0..=batch.items.len() {
            let saved = Saved::new(batch.position_before(count).encode(), place);
            for log in Log::ALL {
                let Some(at) = saved.at(log) else { continue };
                let next = batch.items[count..].iter().find(|item| item.log == log);
                let next = next.map_or(u64::MAX, |item| match item.gap {
                    Some(gap) => batch.gaps[usize::from(gap)].from,
                    None => item.sequence,
                });
                let handed = batch.items[..count]
                    .iter()
                    .rev()
                    .find(|item| item.log == log);
                assert!(at < next, "the position {at} is not before {next}");
                if let Some(handed) = handed {
                    assert!(at >= handed.sequence, "the position {at} is too early");
                }
            }
        }
        for (index, item) in batch.items.iter().enumerate() {
            let saved = Saved::new(batch.cursor_at(index).encode(), place);
            assert_eq!(saved.at(item.log), Some(item.sequence), "the cursor");
        }
    }
}
