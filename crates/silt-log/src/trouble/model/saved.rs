//! A cursor that somebody kept, with the entries that it stands after.

use super::place::Place;
use super::truth::Given;
use crate::{Cursor, Log, LogId, LogPosition};
use std::rc::Rc;

#[derive(Clone, Debug)]
pub(super) struct Saved {
    pub(super) text: String,
    log_id: LogId,
    family: u64,
    after: [Option<After>; 3],
}

#[derive(Clone, Debug)]
struct After {
    number: u64,
    /// `None` before the first entry, and for what a writer at work has not
    /// been asked about yet.
    given: Option<Rc<Given>>,
}

impl Saved {
    pub(super) fn new(text: String, place: &Place) -> Saved {
        let cursor = Cursor::decode(&text).expect("a cursor of our own");
        let after = Log::ALL.map(|log| match cursor.position[log as usize] {
            LogPosition::Unread => None,
            LogPosition::After { sequence, .. } => Some(After {
                number: sequence,
                given: place.truth.get(log, sequence).cloned(),
            }),
        });
        Saved {
            text,
            log_id: cursor.log_id,
            family: place.family,
            after,
        }
    }

    /// The number that it stands after.
    pub(super) fn at(&self, log: Log) -> Option<u64> {
        self.after[log as usize].as_ref().map(|after| after.number)
    }

    /// Whether what it stands after belongs to what was given at a place;
    /// `None` where that can not be told.
    pub(super) fn belongs_to(&self, place: &Place) -> Option<bool> {
        if self.family != place.family {
            return Some(false);
        }
        if place.vague {
            return None;
        }
        let mut known = true;
        for log in Log::ALL {
            let Some(after) = &self.after[log as usize] else {
                continue;
            };
            match (&after.given, place.truth.get(log, after.number)) {
                _ if after.number == 0 => {}
                (None, _) => known = false,
                (Some(mine), Some(theirs)) if Rc::ptr_eq(mine, theirs) => {}
                _ => return Some(false),
            }
        }
        (known && place.log_ids.contains(&self.log_id)).then_some(true)
    }
}
