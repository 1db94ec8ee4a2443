//! One folder's history as it goes: who is there, and what time it is.

use super::action::{Action, Kind};
use super::counts::Counts;
use super::fate::Fate;
use super::place::{Left, Place};
use super::reader::{Before, Reader};
use super::saved::Saved;
use super::truth::Truth;
use crate::sys::memory::{self, Tree};
use crate::sys::simulated;
use crate::{LogId, Writer, WriterOptions};
use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

pub(super) const READERS: usize = 6;
pub(super) const SAVED: usize = 24;

/// The history begins here: a day in 2026.
const BEGIN_NS: i64 = 1_770_000_000_000_000_000;

/// A copy of the folder, kept aside.
pub(super) struct Backup {
    pub(super) family: u64,
    pub(super) tree: Tree,
    pub(super) truth: Truth,
    pub(super) log_id: Option<LogId>,
    pub(super) log_ids: Vec<LogId>,
    pub(super) power_went: bool,
    pub(super) left: Left,
    pub(super) trouble_ever: bool,
    pub(super) vague: bool,
}

/// What the writer is at, while others do something in between its calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Busy {
    Not,
    Writing,
    /// It is coming or going: it can not be told whether it is there.
    Changing,
}

pub(super) struct World {
    pub(super) place: Rc<RefCell<Place>>,
    pub(super) writer: Option<Writer>,
    pub(super) busy: Busy,
    pub(super) options: WriterOptions,
    /// The sessions that have begun and not ended.
    pub(super) sessions: Vec<u64>,
    pub(super) readers: Vec<Reader>,
    pub(super) saved: Vec<Saved>,
    pub(super) backup: Option<Backup>,
    pub(super) fate: Rc<RefCell<Fate>>,
    /// A call of the next reader that the disk refuses.
    pub(super) refuse_read: Option<(u16, u16)>,
    pub(super) now: Duration,
    pub(super) wall_ns: i64,
    /// In everything that is written, once.
    pub(super) unique: u64,
    /// Folders made so far.
    pub(super) folders: u64,
    pub(super) boots: u64,
    /// Events were lost, and the slow poll has not come by since.
    pub(super) events_lost: bool,
    /// Events on their way.
    pub(super) events: Vec<u64>,
    pub(super) counts: Counts,
}

pub(super) type Shared = Rc<RefCell<World>>;

impl World {
    /// A new machine with an empty disk.
    pub(super) fn begin(seed: u64) -> Shared {
        memory::begin(seed);
        simulated::all_calls_work();
        simulated::stay_single_threaded(true);
        simulated::set_boot("boot-0");
        simulated::set_now(BEGIN_NS);
        simulated::let_jobs_wait((seed % 4) as usize);
        simulated::pass(Duration::ZERO);
        Rc::new(RefCell::new(World {
            place: Rc::new(RefCell::new(Place::at(PathBuf::from("/logs")))),
            writer: None,
            busy: Busy::Not,
            options: WriterOptions::default(),
            sessions: Vec::new(),
            readers: Vec::new(),
            saved: Vec::new(),
            backup: None,
            fate: Rc::default(),
            refuse_read: None,
            now: Duration::ZERO,
            wall_ns: BEGIN_NS,
            unique: 0,
            folders: 0,
            boots: 0,
            events_lost: false,
            events: Vec::new(),
            counts: Counts::default(),
        }))
    }

    pub(super) fn pass(&mut self, time: Duration) {
        self.now += time;
        self.wall_ns += time.as_nanos() as i64;
        simulated::pass(time);
        simulated::set_now(self.wall_ns);
    }

    pub(super) fn step_clock(&mut self, by_ns: i64) {
        self.wall_ns += by_ns;
        simulated::set_now(self.wall_ns);
    }

    pub(super) fn keep(&mut self, saved: Saved) {
        if self.saved.len() == SAVED {
            self.saved.remove(self.unique as usize % SAVED);
        }
        self.saved.push(saved);
    }

    /// What a reader of a place has to know of it before it asks.
    pub(super) fn before(&self, place: &Rc<RefCell<Place>>) -> Before {
        let here = Rc::ptr_eq(place, &self.place);
        let written = self.writer.is_some() || self.busy == Busy::Writing;
        Before::of(
            &place.borrow(),
            written && here,
            here && self.busy == Busy::Changing,
        )
    }

    pub(super) fn new_place(&mut self, path: PathBuf) {
        self.place = Rc::new(RefCell::new(Place::at(path)));
    }
}

/// Does something, if there is anything to do it with or to.
pub(super) fn apply(world: &Shared, action: &Action) -> bool {
    world.borrow_mut().pass(Duration::from_micros(10));
    let done = if action.kind.is_of_writer() || action.kind == Kind::PowerCut {
        super::writing::apply(world, action)
    } else if (Kind::Open..=Kind::Overflow).contains(&action.kind) {
        super::reading::apply(world, action)
    } else {
        super::moving::apply(world, action)
    };
    if done {
        let mut world = world.borrow_mut();
        *world.counts.actions.entry(action.kind).or_default() += 1;
    }
    done
}
