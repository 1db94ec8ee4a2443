//! A history: made from a seed, run, made shorter when it fails, written down.

use super::action::{Action, Kind, Weights};
use super::counts::Counts;
use super::reading;
use super::wish::Wish;
use super::world::{Shared, World, apply};
use crate::sys::memory::{self, Dice};
use crate::sys::simulated;
use crate::{DamageKind, LogDirectory};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

/// Each history has at least so many actions that did something.
pub(super) const ACTIONS: usize = 50;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct History {
    pub(super) seed: u64,
    pub(super) actions: Vec<Action>,
}

impl History {
    /// Makes it up as it goes, so that no action is one for which there is
    /// nobody.
    pub(super) fn run_random(seed: u64, weights: Weights) -> Result<Counts, (History, String)> {
        let mut history = History {
            seed,
            actions: Vec::new(),
        };
        let result = guarded(|| {
            let world = World::begin(seed);
            let mut dice = Dice(seed ^ 0xa5a5_0f0f_3c3c_9696);
            let count = ACTIONS + dice.below(30) as usize;
            while history.actions.len() < count {
                let mut action = Action::random(&mut dice, weights);
                if history.actions.is_empty() {
                    action.kind = Kind::Restart;
                    action.meanwhile = None;
                }
                history.actions.push(action);
                let action = history.actions.last().unwrap();
                if !apply(&world, action) {
                    history.actions.pop();
                }
            }
            finish(&world)
        });
        result.map_err(|message| (history, message))
    }

    pub(super) fn run(&self) -> Result<Counts, String> {
        guarded(|| {
            let world = World::begin(self.seed);
            for action in &self.actions {
                apply(&world, action);
            }
            finish(&world)
        })
    }

    /// A shorter history that fails in the same words, but for numbers.
    pub(super) fn shrink(self, message: &str) -> History {
        let words = words_of(message);
        let fails = |history: &History| {
            history
                .run()
                .is_err_and(|message| words_of(&message) == words)
        };
        let mut best = self;
        let mut changed = true;
        let mut budget = 3_000;
        while changed && budget > 0 {
            changed = false;
            let mut length = best.actions.len() / 2;
            while length > 0 {
                let mut at = 0;
                while at < best.actions.len() && budget > 0 {
                    let mut shorter = best.clone();
                    let until = (at + length).min(best.actions.len());
                    shorter.actions.drain(at..until);
                    budget -= 1;
                    if fails(&shorter) {
                        best = shorter;
                        changed = true;
                    } else {
                        at += length;
                    }
                }
                length /= 2;
            }
            for at in 0..best.actions.len() {
                let mut simpler = best.actions[at].simpler().into_iter();
                while let Some(action) = simpler.next()
                    && budget > 0
                {
                    let mut other = best.clone();
                    other.actions[at] = action;
                    budget -= 1;
                    if fails(&other) {
                        simpler = other.actions[at].simpler().into_iter();
                        best = other;
                        changed = true;
                    }
                }
            }
        }
        best
    }

    pub(super) fn to_text(&self) -> String {
        let mut text = format!("seed {}\n", self.seed);
        for action in &self.actions {
            text.push_str(&format!("{action}\n"));
        }
        text
    }

    /// Lines that start with `#` say what it shows.
    pub(super) fn parse(text: &str) -> Result<History, String> {
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        let seed = lines.next().and_then(|line| line.strip_prefix("seed "));
        let seed = seed.and_then(|seed| seed.parse().ok());
        Ok(History {
            seed: seed.ok_or("the first line is `seed N`")?,
            actions: lines.map(str::parse).collect::<Result<_, _>>()?,
        })
    }
}

fn words_of(message: &str) -> String {
    message
        .chars()
        .filter(|character| !character.is_ascii_digit())
        .take(60)
        .collect()
}

/// Runs a history; what it panics with is its failure.
fn guarded(run: impl FnOnce() -> Counts) -> Result<Counts, String> {
    let result = catch_unwind(AssertUnwindSafe(run));
    simulated::all_calls_work();
    memory::end();
    result.map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_default()
    })
}

fn act(world: &Shared, kind: Kind, with: [u16; 4]) -> bool {
    let action = Action {
        kind,
        with,
        meanwhile: None,
    };
    apply(world, &action)
}

/// The trouble is over: all readers come to their ends, all cursors are tried,
/// and the log says that it is whole.
fn finish(world: &Shared) -> Counts {
    world.borrow_mut().calm();
    act(world, Kind::Time, [6, 0, 0, 0]);
    act(world, Kind::Flush, [0; 4]);
    act(world, Kind::Events, [0; 4]);
    check_sleepers(world);
    if world.borrow().unique.is_multiple_of(2) {
        act(world, Kind::End, [0; 4]);
    } else {
        act(world, Kind::Die, [0; 4]);
    }
    let readers = std::mem::take(&mut world.borrow_mut().readers);
    for reader in readers {
        world.borrow_mut().readers = vec![reader];
        act(world, Kind::Drain, [0; 4]);
        for reader in &world.borrow().readers {
            assert!(reader.ended, "a reader has no end: {:?}", reader.wish);
        }
    }
    let saved = std::mem::take(&mut world.borrow_mut().saved);
    for saved in saved.into_iter().take(6) {
        world.borrow_mut().saved = vec![saved];
        act(world, Kind::Resume, [0, 0, 5, 1]);
        act(world, Kind::Drain, [0, 8, 0, 0]);
        world.borrow_mut().readers.clear();
    }
    reading::open_everything(world, Wish::everything());
    act(world, Kind::Drain, [0, 8, 0, 0]);
    verify(world);
    let counts = std::mem::take(&mut world.borrow_mut().counts);
    // They point at each other.
    world.borrow_mut().readers.clear();
    let mut counts = counts;
    counts.histories = 1;
    counts
}

fn check_sleepers(world: &Shared) {
    let world = world.borrow();
    if world.events_lost {
        return;
    }
    for reader in &world.readers {
        reader.was_woken_for_what_is_there(&reader.place.borrow());
    }
}

fn verify(world: &Shared) {
    let place = Rc::clone(&world.borrow().place);
    let place = place.borrow();
    if place.oracle.first(crate::Log::Exec).is_none() {
        return;
    }
    let folder = LogDirectory::open(&place.path).unwrap();
    let report = folder.verify(&mut |_| ()).unwrap();
    for damage in &report.damage {
        // A loss of power cuts and blanks; it does not mix up what it leaves.
        let of_power = !matches!(damage.kind, DamageKind::Chain | DamageKind::Order);
        let none_left = place.trouble_ever && place.oracle.first(damage.log).is_none();
        let excused = none_left || place.power_went && of_power;
        assert!(excused, "verify says: {damage:?}");
    }
    world.borrow_mut().counts.verified += 1;
}
