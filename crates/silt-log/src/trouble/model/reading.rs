//! What readers do.

use super::action::{Action, Kind};
use super::fate;
use super::place::Place;
use super::reader::Reader;
use super::saved::Saved;
use super::wish::Wish;
use super::world::{READERS, Shared, apply as apply_action};
use super::writing;
use crate::reader::still;
use crate::sys::memory;
use crate::sys::simulated::{self, Fault};
use crate::{BatchLimits, CursorReason, Error, Level, LogDirectory, OnGap, Source, SourceSet};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Calls of the kernel that no call of a reader needs.
const MANY_CALLS: usize = 20_000;

/// More batches than any log of a history has.
const ENOUGH: usize = 100_000;

pub(super) fn apply(world: &Shared, action: &Action) -> bool {
    let [a, b, c, _] = action.with;
    match action.kind {
        Kind::Open => {
            let wish = some_wish(world, action, false);
            open(world, action, wish, None)
        }
        Kind::Resume => {
            let saved = {
                let world = world.borrow();
                let count = world.saved.len();
                if count == 0 {
                    return false;
                }
                world.saved[usize::from(a) % count].clone()
            };
            let wish = some_wish(world, action, true);
            open(world, action, wish, Some(saved))
        }
        Kind::Read => {
            let entries = [1, 1, 2, 3, 7, 1024][usize::from(b) % 6];
            read(world, action, entries, 1 + usize::from(c % 3))
        }
        Kind::Drain => read(world, action, 1 + usize::from(b % 9), ENOUGH),
        Kind::Save => save(world, action),
        Kind::Drop => {
            let mut world = world.borrow_mut();
            let count = world.readers.len();
            if count == 0 {
                return false;
            }
            drop(world.readers.remove(usize::from(a) % count));
            true
        }
        Kind::RefuseRead => {
            world.borrow_mut().refuse_read = Some((a % 30, b));
            true
        }
        Kind::Events => arrive(world, Delivery::All),
        Kind::LoseEvents => arrive(world, Delivery::None),
        Kind::Overflow => arrive(world, Delivery::Overflow),
        _ => unreachable!("{action} is not a reader's"),
    }
}

fn some_wish(world: &Shared, action: &Action, resumes: bool) -> Wish {
    let [_, b, c, d] = action.with;
    let b = usize::from(b);
    let mut wish = Wish::everything();
    wish.follow = d.is_multiple_of(2);
    wish.on_gap = if d.is_multiple_of(5) {
        OnGap::Error
    } else {
        OnGap::Report
    };
    wish.reads_on = d % 14 == 6;
    wish.sources = match b % 6 {
        0 | 1 => SourceSet::ALL,
        2 | 3 => SourceSet::DEFAULT,
        4 => SourceSet::of([Source::Stderr]),
        _ => SourceSet::of([Source::Stdout, Source::System]),
    };
    let world = world.borrow();
    if b / 6 % 5 == 0 && !world.sessions.is_empty() {
        wish.sessions = vec![world.sessions[b % world.sessions.len()]];
    }
    wish.level = [None, None, None, None, Some(Level::Warning)][b / 30 % 5];
    wish.grep = [None, None, None, None, Some(0), Some(1), Some(2)][b / 7 % 7];
    // Some time that was, or a time to come.
    let some_time = |which: usize| {
        let place = world.place.borrow();
        let all = &place.truth.logs[0];
        let time = all
            .get(which % all.len().max(1))
            .and_then(|given| given.time_ns.get());
        time.unwrap_or(world.wall_ns) + [0, 0, 1, 40_000_000][which % 4]
    };
    let c = usize::from(c);
    match c % 8 {
        0 if !resumes => wish.since = Some(some_time(c / 8)),
        1 => wish.tail = Some((c / 8 % 7) as u64),
        2 => wish.until = Some(some_time(c / 8 + b)),
        3 if !resumes => {
            let times = [some_time(c / 8), some_time(b)];
            wish.since = times.iter().min().copied();
            wish.until = times.iter().max().copied();
        }
        4 => {
            wish.tail = Some((c / 8 % 7) as u64);
            wish.until = Some(some_time(c / 8 + b));
        }
        _ => {}
    }
    wish
}

/// From now on what is to be done meanwhile is done, and the disk refuses a call
/// if it is to. The answer says whether something was done.
fn watch(world: &Shared, action: &Action) -> Rc<Cell<bool>> {
    let meddled = Rc::new(Cell::new(false));
    let mut meanwhile = action.meanwhile.clone();
    let mut refuse = world.borrow_mut().refuse_read.take();
    let mut calls = 0;
    let done = Rc::clone(&meddled);
    let inside = Rc::clone(world);
    simulated::on_calls(move |_| {
        calls += 1;
        assert!(calls < MANY_CALLS, "a call of a reader does not return");
        let now = matches!(meanwhile, Some((0, _)));
        if let Some((left, _)) = &mut meanwhile {
            *left = left.saturating_sub(1);
        }
        // The readers of a machine without power are gone.
        let power = inside.borrow().fate.borrow().power_goes_in.is_some();
        if now
            && !power
            && let Some((_, other)) = meanwhile.take()
            && apply_action(&inside, &other)
        {
            done.set(true);
            inside.borrow_mut().counts.meddled += 1;
        }
        match &mut refuse {
            Some((0, which)) => {
                let error = fate::error(*which);
                refuse = None;
                // A call that says that it is refused can end a search early.
                done.set(true);
                Some(Fault::Error(error))
            }
            Some((left, _)) => {
                *left -= 1;
                None
            }
            None => None,
        }
    });
    meddled
}

fn open(world: &Shared, action: &Action, wish: Wish, after: Option<Saved>) -> bool {
    if world.borrow().readers.len() == READERS {
        world.borrow_mut().readers.remove(0);
    }
    let place = Rc::clone(&world.borrow().place);
    place.borrow_mut().look();
    let before = world.borrow().before(&place);
    let (path, belonged) = {
        let place = place.borrow();
        let belongs = after.as_ref().map(|saved| saved.belongs_to(&place));
        (place.path.clone(), belongs)
    };
    let cursor = after.as_ref().map(|saved| saved.text.as_str());
    let options = wish.options(cursor);
    let meddled = watch(world, action);
    let opened = LogDirectory::open(&path).and_then(|folder| folder.stream(&options));
    simulated::all_calls_work();
    place.borrow_mut().look();
    match opened {
        Ok(stream) => {
            // A copy that no writer has seen, after the machine started again,
            // looks like a log that lost its end.
            let looks_cut = place.borrow().copied && world.borrow().boots > 0;
            assert!(
                belonged != Some(Some(false)) || looks_cut || meddled.get(),
                "a cursor of another branch is taken"
            );
            if after.is_some() {
                world.borrow_mut().counts.resumes += 1;
            }
            let mut reader = Reader::new(stream, &place, wish, after.as_ref(), &before);
            reader.opened_alone = !meddled.get();
            world.borrow_mut().readers.push(reader);
        }
        Err(Error::InvalidCursor { reason, message }) => {
            let fits = matches!(reason, CursorReason::OtherLog | CursorReason::PastEnd);
            assert!(fits, "{reason:?}: {message}");
            let still = after
                .as_ref()
                .map(|saved| saved.belongs_to(&place.borrow()));
            assert!(
                belonged != Some(Some(true)) || still != belonged,
                "a cursor of this log is refused: {message}"
            );
            world.borrow_mut().counts.refused(reason);
        }
        Err(Error::NotFound { .. }) => nothing_there(&place.borrow(), meddled.get()),
        Err(Error::Io { .. }) if meddled.get() => world.borrow_mut().counts.refused_reads += 1,
        Err(error) => panic!("{error}"),
    }
    true
}

fn nothing_there(place: &Place, meddled: bool) {
    let empty = place.oracle.first(crate::Log::Exec).is_none();
    assert!(empty || meddled || place.removed, "there is a log");
}

fn read(world: &Shared, action: &Action, entries: usize, batches: usize) -> bool {
    let count = world.borrow().readers.len();
    if count == 0 {
        return false;
    }
    let mut reader = {
        let at = usize::from(action.with[0]) % count;
        world.borrow_mut().readers.remove(at)
    };
    if reader.ended {
        return true;
    }
    let limits = BatchLimits {
        entries,
        bytes: 256 << 10,
    };
    let mut counts = std::mem::take(&mut world.borrow_mut().counts);
    let mut saved = None;
    for _ in 0..batches {
        reader.place.borrow_mut().look();
        let before = world.borrow().before(&reader.place);
        let meddled = watch(world, action);
        // What is done meanwhile is counted in the world.
        let was = std::mem::take(&mut counts);
        saved = reader.next(
            limits,
            &before,
            || {
                simulated::all_calls_work();
                meddled.get()
            },
            &mut counts,
        );
        counts.add(was);
        if reader.ended || reader.waits || meddled.get() {
            break;
        }
    }
    let mut world = world.borrow_mut();
    let meanwhile = std::mem::take(&mut world.counts);
    counts.add(meanwhile);
    world.counts = counts;
    if let Some(saved) = saved {
        world.keep(saved);
    }
    world.readers.push(reader);
    true
}

fn save(world: &Shared, action: &Action) -> bool {
    let [a, b, c, _] = action.with;
    // Now and then what a writer says of itself.
    if c.is_multiple_of(11) {
        return writing::save_position(world, action);
    }
    let mut world = world.borrow_mut();
    let count = world.readers.len();
    if count == 0 {
        return false;
    }
    let reader = &world.readers[usize::from(a) % count];
    let place = reader.place.borrow();
    let text = match &reader.batch {
        Some(batch) if !batch.items.is_empty() && b.is_multiple_of(2) => {
            batch.cursor_at(usize::from(b / 2) % batch.items.len())
        }
        Some(batch) if b % 4 == 1 => {
            batch.position_before(usize::from(b / 4) % (batch.items.len() + 1))
        }
        _ => reader.stream.position(),
    };
    let saved = Saved::new(text.encode(), &place);
    drop(place);
    world.keep(saved);
    true
}

enum Delivery {
    All,
    None,
    Overflow,
}

/// Events that were on their way arrive, or do not.
fn arrive(world: &Shared, delivery: Delivery) -> bool {
    let mut world = world.borrow_mut();
    let fresh = memory::with(|disk| disk.take_changed());
    world.events.extend(fresh);
    let events = std::mem::take(&mut world.events);
    match delivery {
        Delivery::None => {
            world.events_lost = true;
            return true;
        }
        Delivery::All => still::arrive(Some(&events)),
        Delivery::Overflow => {
            world.events_lost = false;
            still::arrive(None);
        }
    }
    let mut woken = 0;
    for reader in &world.readers {
        let place: &RefCell<Place> = &reader.place;
        place.borrow_mut().look();
        woken += u64::from(reader.waits && reader.stream.is_woken());
        if matches!(delivery, Delivery::Overflow) {
            assert!(!reader.waits || reader.stream.is_woken(), "it sleeps on");
        }
    }
    world.counts.wakes += woken;
    true
}

/// A reader of all there is.
pub(super) fn open_everything(world: &Shared, wish: Wish) {
    let action = Action {
        kind: Kind::Open,
        with: [0; 4],
        meanwhile: None,
    };
    open(world, &action, wish, None);
}
