//! Numbers that stand for what the library holds. No pointer leaves it: a number
//! that is made up, or whose thing was closed, is refused.

use crate::fork::refuse_child;
use crate::guard::Result;
use silt_interface::ErrorData;
use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What kind of thing a number stands for; it is part of the number.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Queue = 1,
    Stream = 2,
}

/// The things of one kind. A number is, from its lowest bit: 30 bits of index,
/// two of kind, 32 of generation. 0 is never given.
pub(crate) struct Table<T> {
    kind: Kind,
    slots: Mutex<Slots<T>>,
}

struct Slots<T> {
    slots: Vec<Slot<T>>,
    /// Taken from the front, so that a number comes again as late as can be.
    free: VecDeque<u32>,
}

struct Slot<T> {
    generation: u32,
    held: Option<Arc<T>>,
}

const MOST: usize = 1 << 30;

impl<T> Table<T> {
    pub(crate) const fn new(kind: Kind) -> Table<T> {
        Table {
            kind,
            slots: Mutex::new(Slots {
                slots: Vec::new(),
                free: VecDeque::new(),
            }),
        }
    }

    fn slots(&self) -> MutexGuard<'_, Slots<T>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn insert(&self, thing: Arc<T>) -> Result<u64> {
        refuse_child()?;
        let mut slots = self.slots();
        let index = match slots.free.pop_front() {
            Some(index) => index as usize,
            None if slots.slots.len() < MOST => {
                // A number from another run of the program is most likely refused.
                let generation = RandomState::new().hash_one(0) as u32;
                slots.slots.push(Slot {
                    generation,
                    held: None,
                });
                slots.slots.len() - 1
            }
            None => return Err(ErrorData::internal("there are too many handles")),
        };
        let slot = &mut slots.slots[index];
        slot.held = Some(thing);
        Ok(u64::from(slot.generation) << 32 | (self.kind as u64) << 30 | index as u64)
    }

    pub(crate) fn get(&self, handle: u64) -> Result<Arc<T>> {
        refuse_child()?;
        let mut slots = self.slots();
        let held = self
            .slot(&mut slots, handle)
            .and_then(|(_, slot)| slot.held.clone());
        held.ok_or_else(|| self.refused(handle))
    }

    /// The thing, which the number stands for no longer.
    pub(crate) fn remove(&self, handle: u64) -> Result<Arc<T>> {
        refuse_child()?;
        let mut slots = self.slots();
        let Some((index, slot)) = self.slot(&mut slots, handle) else {
            return Err(self.refused(handle));
        };
        let held = slot.held.take().ok_or_else(|| self.refused(handle))?;
        slot.generation = slot.generation.wrapping_add(1);
        slots.free.push_back(index);
        Ok(held)
    }

    fn slot<'a>(&self, slots: &'a mut Slots<T>, handle: u64) -> Option<(u32, &'a mut Slot<T>)> {
        let index = (handle & (MOST as u64 - 1)) as u32;
        let kind = handle >> 30 & 3;
        let slot = slots.slots.get_mut(index as usize)?;
        (kind == self.kind as u64 && handle >> 32 == u64::from(slot.generation))
            .then_some((index, slot))
    }

    fn refused(&self, handle: u64) -> ErrorData {
        let name = match self.kind {
            Kind::Queue => "queue",
            Kind::Stream => "stream",
        };
        let message =
            format!("{handle:#x} stands for no open {name}; it was closed, or never given");
        ErrorData::argument(name, message)
    }
}
