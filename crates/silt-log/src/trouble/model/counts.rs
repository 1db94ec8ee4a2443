//! What happened in all histories, to see that they were not empty.

use super::action::Kind;
use crate::{CursorReason, EndReason, GapReason};
use std::collections::BTreeMap;
use std::fmt;

#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    pub(super) histories: u64,
    pub(super) actions: BTreeMap<Kind, u64>,
    pub(super) meddled: u64,
    pub(super) rotations: u64,
    pub(super) deaths: BTreeMap<&'static str, u64>,
    pub(super) resumes: u64,
    pub(super) entries: u64,
    pub(super) waits: u64,
    pub(super) wakes: u64,
    pub(super) missed: u64,
    pub(super) refused_reads: u64,
    pub(super) gaps: BTreeMap<&'static str, u64>,
    pub(super) ends: BTreeMap<&'static str, u64>,
    pub(super) refused_cursors: BTreeMap<&'static str, u64>,
    pub(super) verified: u64,
}

impl Counts {
    pub(super) fn gap(&mut self, reason: GapReason) {
        *self.gaps.entry(reason.name()).or_default() += 1;
    }

    pub(super) fn end(&mut self, reason: EndReason) {
        *self.ends.entry(reason.name()).or_default() += 1;
    }

    pub(super) fn refused(&mut self, reason: CursorReason) {
        *self.refused_cursors.entry(reason.name()).or_default() += 1;
    }

    pub(super) fn died(&mut self, how: &'static str) {
        *self.deaths.entry(how).or_default() += 1;
    }

    /// What others counted.
    pub(super) fn add(&mut self, other: Counts) {
        fn merge<K: Ord>(into: &mut BTreeMap<K, u64>, from: BTreeMap<K, u64>) {
            for (key, count) in from {
                *into.entry(key).or_default() += count;
            }
        }
        self.histories += other.histories;
        merge(&mut self.actions, other.actions);
        self.meddled += other.meddled;
        self.rotations += other.rotations;
        merge(&mut self.deaths, other.deaths);
        self.resumes += other.resumes;
        self.entries += other.entries;
        self.waits += other.waits;
        self.wakes += other.wakes;
        self.missed += other.missed;
        self.refused_reads += other.refused_reads;
        merge(&mut self.gaps, other.gaps);
        merge(&mut self.ends, other.ends);
        merge(&mut self.refused_cursors, other.refused_cursors);
        self.verified += other.verified;
    }

    /// Each kind of action, death, gap and end came often.
    pub(super) fn were_not_empty(&self) {
        let often = |what: &str, count: Option<&u64>| {
            let count = count.copied().unwrap_or(0);
            assert!(count >= 10, "{what}: only {count} times");
        };
        for kind in Kind::all() {
            often(kind.name(), self.actions.get(&kind));
        }
        for how in ["killed", "power"] {
            often(how, self.deaths.get(how));
        }
        for reason in ["rotated", "crash", "disk-full", "damage"] {
            often(reason, self.gaps.get(reason));
        }
        for reason in ["drained", "stopped", "crashed", "removed", "until"] {
            often(reason, self.ends.get(reason));
        }
        often("other-log", self.refused_cursors.get("other-log"));
        for (what, count) in [
            ("meddled", &self.meddled),
            ("resumes", &self.resumes),
            ("woken", &self.wakes),
            ("missed", &self.missed),
        ] {
            often(what, Some(count));
        }
    }

    pub(super) fn all_actions(&self) -> u64 {
        self.actions.values().sum()
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = |map: &BTreeMap<&'static str, u64>| {
            let words: Vec<_> = map.iter().map(|(name, n)| format!("{name} {n}")).collect();
            words.join(", ")
        };
        let actions: Vec<_> = self
            .actions
            .iter()
            .map(|(kind, n)| format!("{} {n}", kind.name()))
            .collect();
        writeln!(
            f,
            "{} histories, {} actions",
            self.histories,
            self.all_actions()
        )?;
        writeln!(f, "actions: {}", actions.join(", "))?;
        writeln!(
            f,
            "between the calls of another: {}; segments begun: {}; writers that died: {}",
            self.meddled,
            self.rotations,
            words(&self.deaths)
        )?;
        writeln!(
            f,
            "entries handed over: {}; resumes: {}; waits: {}, woken: {}; ended by a gap: {}; reads refused by the disk: {}",
            self.entries, self.resumes, self.waits, self.wakes, self.missed, self.refused_reads
        )?;
        writeln!(f, "gaps: {}", words(&self.gaps))?;
        writeln!(f, "ends: {}", words(&self.ends))?;
        writeln!(f, "cursors refused: {}", words(&self.refused_cursors))?;
        writeln!(f, "logs verified: {}", self.verified)
    }
}
