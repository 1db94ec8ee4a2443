//! What a reader asks for, and whether an entry is that.

use super::truth::{Given, patterns};
use crate::{Level, Log, OnGap, Source, SourceSet, StreamOptions};

/// Whether a filter lets an entry pass. It can hang on what a reader did not
/// see: the part before, a time that was evicted unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passes {
    Yes,
    No,
    Perhaps,
}

#[derive(Clone, Debug)]
pub(super) struct Wish {
    pub(super) sources: SourceSet,
    pub(super) sessions: Vec<u64>,
    pub(super) level: Option<Level>,
    /// Index of a pattern.
    pub(super) grep: Option<usize>,
    pub(super) since: Option<i64>,
    pub(super) until: Option<i64>,
    pub(super) tail: Option<u64>,
    pub(super) follow: bool,
    pub(super) on_gap: OnGap,
    /// Where it waits it asks for what is missing up to what was flushed.
    pub(super) reads_on: bool,
}

impl Wish {
    pub(super) fn everything() -> Wish {
        Wish {
            sources: SourceSet::ALL,
            sessions: Vec::new(),
            level: None,
            grep: None,
            since: None,
            until: None,
            tail: None,
            follow: false,
            on_gap: OnGap::Report,
            reads_on: false,
        }
    }

    pub(super) fn options(&self, cursor: Option<&str>) -> StreamOptions {
        StreamOptions {
            sources: self.sources,
            sessions: self.sessions.clone(),
            level: self.level,
            grep: self.grep.map(|pattern| patterns()[pattern].clone()),
            since: self.since,
            until: self.until,
            from_cursor: cursor.map(str::to_owned),
            tail: self.tail,
            follow: self.follow,
            on_gap: self.on_gap,
            digest: false,
        }
    }

    pub(super) fn reads(&self, log: Log) -> bool {
        log == Log::Exec || self.sources.contains(Source::System)
    }

    pub(super) fn passes(&self, given: &Given) -> Passes {
        if given.hole {
            return Passes::No;
        }
        let session = self.sessions.is_empty() || self.sessions.contains(&given.session);
        let level = self.level.is_none_or(|level| given.level >= level);
        if !self.sources.contains(given.source) || !session || !level {
            return Passes::No;
        }
        let since = match (self.since, given.time_ns.get()) {
            (None, _) => Passes::Yes,
            (Some(since), None) if given.came_ns < since => Passes::Perhaps,
            (Some(since), Some(time)) if time < since => Passes::No,
            _ => Passes::Yes,
        };
        let grep = match self.grep.map(|pattern| given.found[pattern]) {
            None | Some((true, true)) => Passes::Yes,
            Some((false, false)) => Passes::No,
            Some(_) => Passes::Perhaps,
        };
        match (since, grep) {
            (Passes::No, _) | (_, Passes::No) => Passes::No,
            (Passes::Yes, Passes::Yes) => Passes::Yes,
            _ => Passes::Perhaps,
        }
    }

    /// Whether reading of its log ends before this entry.
    pub(super) fn is_over_at(&self, given: &Given) -> Passes {
        match (self.until, given.time_ns.get()) {
            (None, _) => Passes::No,
            (Some(_), None) => Passes::Perhaps,
            (Some(until), Some(time)) if time >= until => Passes::Yes,
            _ => Passes::No,
        }
    }
}
