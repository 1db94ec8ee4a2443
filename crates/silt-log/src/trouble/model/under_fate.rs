//! Lets a writer act while it can die, be refused or lose its power at each call,
//! and others do something in between.

use super::action::{Action, Kind};
use super::place::Left;
use super::world::{Busy, Shared, World, apply as apply_action};
use super::writing::place;
use crate::sys::{memory, simulated};
use crate::{Log, Writer};
use std::cell::RefCell;
use std::rc::Rc;

/// Lets a writer do something under what befalls it, and holds what it did
/// against what was given.
pub(super) fn with_writer(
    world: &Shared,
    action: &Action,
    flushes: bool,
    act: impl FnOnce(&Shared, Writer) -> Option<Writer>,
) -> bool {
    let writer = world.borrow_mut().writer.take().expect("there is a writer");
    world.borrow_mut().busy = match action.kind {
        Kind::End => Busy::Changing,
        _ => Busy::Writing,
    };
    watch(world, action);
    let writer = act(world, writer);
    let ended = writer.is_none();
    let dead = world.borrow().fate.borrow().dead;
    if let (Some(writer), false) = (&writer, dead) {
        place(world, |place| {
            for log in Log::ALL {
                assert_eq!(writer.last_sequence(log), place.truth.last(log), "{log:?}");
            }
        });
    }
    if ended && dead {
        place(world, |place| place.left = Left::PerhapsInOrder);
    }
    if ended && !dead {
        let troubled = world.borrow().fate.borrow().troubled;
        let full = memory::with(|disk| disk.is_full());
        place(world, |place| {
            place.left = if troubled || full || place.trouble_before {
                Left::PerhapsInOrder
            } else {
                Left::InOrder
            };
        });
        world.borrow_mut().sessions.clear();
    }
    finish(world, writer, flushes);
    true
}

/// From now on each call is decided on, and what is to be done meanwhile is.
pub(super) fn watch(world: &Shared, action: &Action) {
    let mut meanwhile = action.meanwhile.clone();
    let fate = Rc::clone(&world.borrow().fate);
    let inside = Rc::clone(world);
    simulated::on_calls(move |call| {
        let now = matches!(meanwhile, Some((0, _)));
        if let Some((left, _)) = &mut meanwhile {
            *left = left.saturating_sub(1);
        }
        if now
            && !fate.borrow().dead
            && let Some((_, reader)) = meanwhile.take()
            && apply_action(&inside, &reader)
        {
            inside.borrow_mut().counts.meddled += 1;
        }
        fate.borrow_mut().at(call)
    });
}

/// The writer has done something; or it died, and what it still tries to do
/// has no effect.
pub(super) fn finish(world: &Shared, writer: Option<Writer>, flushes: bool) {
    let fate = Rc::clone(&world.borrow().fate);
    if fate.borrow().dead {
        drop(writer);
    } else {
        world.borrow_mut().writer = writer;
    }
    simulated::all_calls_work();
    world.borrow_mut().busy = Busy::Not;
    let renames = std::mem::take(&mut fate.borrow_mut().renames);
    world.borrow_mut().counts.rotations += renames;
    let full = memory::with(|disk| disk.is_full());
    let troubled = std::mem::take(&mut fate.borrow_mut().troubled) || full;
    if !fate.borrow().dead {
        place(world, |place| place.settle(flushes, troubled));
        return;
    }
    let power = fate.borrow().survivor.is_some();
    world
        .borrow_mut()
        .counts
        .died(if power { "power" } else { "killed" });
    place(world, |place| {
        place.settle(false, troubled);
        place.left = place.left.after_a_death();
        place.unsettled = true;
    });
    world.borrow_mut().sessions.clear();
    if power {
        power_is_back(world);
    }
    *fate.borrow_mut() = super::fate::Fate::default();
}

/// The machine starts again: nobody lives on but the cursors that were kept.
pub(super) fn power_is_back(world: &Shared) {
    let survivor = world.borrow().fate.borrow_mut().survivor.take();
    let Some(survivor) = survivor else { return };
    let readers = std::mem::take(&mut world.borrow_mut().readers);
    drop(readers);
    let mut world = world.borrow_mut();
    memory::with(|disk| disk.power_up(survivor));
    world.events.clear();
    world.boots += 1;
    simulated::set_boot(&format!("boot-{}", world.boots));
    let place = Rc::clone(&world.place);
    let place: &RefCell<_> = &place;
    let kept = place.borrow_mut().power_went(world.options.sync);
    if !kept {
        let path = place.borrow().path.clone();
        world.new_place(path);
    }
}

impl World {
    /// All trouble is over.
    pub(super) fn calm(&mut self) {
        *self.fate.borrow_mut() = super::fate::Fate::default();
        self.refuse_read = None;
        memory::with(|disk| disk.set_room(None));
    }
}
