//! Collects what is found, in bounded memory.

use super::report::{Damage, DamageKind};
use crate::Log;

const KEPT: usize = 1000;

/// The entries that a finding touches, both ends included.
pub(crate) type Range = Option<(u64, u64)>;

#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) damage: Vec<Damage>,
    pub(crate) left_out: u64,
}

impl Findings {
    /// How many there are so far.
    pub(crate) fn count(&self) -> u64 {
        self.damage.len() as u64 + self.left_out
    }

    pub(crate) fn add(
        &mut self,
        log: Log,
        segment: u64,
        kind: DamageKind,
        range: Range,
        message: impl Into<String>,
    ) {
        if self.damage.len() == KEPT {
            self.left_out += 1;
            return;
        }
        // An empty range names the entry that it stands before.
        let range = range.map(|(from, to)| (from, to.max(from)));
        self.damage.push(Damage {
            log,
            segment,
            kind,
            from: range.map(|(from, _)| from),
            to: range.map(|(_, to)| to),
            message: message.into(),
        });
    }
}
