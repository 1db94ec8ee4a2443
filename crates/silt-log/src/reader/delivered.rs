//! What a stream delivered of each session, counted and hashed once more where
//! it leaves the engine, and held against the sessions' exit records.

use super::batch::Batch;
use super::options::StreamOptions;
use super::stream::Stream;
use crate::control::{ExitRecord, SourceRecord};
use crate::cursor::LogPosition;
use crate::writer::{Counter, SourceTotals};
use crate::{Gap, Log, Source, SourceSet};
use std::collections::BTreeMap;

/// What a stream delivered of one exec session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveredSession {
    pub session: u64,
    /// By [`Source`], those of which something was delivered.
    pub sources: [Option<SourceTotals>; 4],
    /// Whether that is all that the session wrote to the sources asked for, by
    /// its exit record, counted where the bytes came in. `None` where the
    /// session has not ended up to where the stream stands, or where the
    /// stream was not to deliver all of it: it began later, or filters by what
    /// entries say or when they came.
    pub complete: Option<bool>,
}

/// An exit record, and the last number before it.
#[derive(Debug)]
pub(crate) struct SeenExit {
    pub(crate) after: u64,
    pub(crate) record: ExitRecord,
}

/// Grows with the number of sessions that are read, and not with their length.
#[derive(Debug)]
pub(crate) struct Delivered {
    sources: SourceSet,
    sessions: Vec<u64>,
    /// Entries of a session may be left out by what they say, or by their time.
    selects: bool,
    /// With `tail`, gaps are told first, and the entries begin later.
    tail: bool,
    /// The number of `exec` with which reading began; 0 before.
    began: u64,
    counted: BTreeMap<u64, [Option<Counter>; 4]>,
    /// Counted once the next one is asked for: until then it may turn out that
    /// only a part was handed over.
    newest: Option<Batch>,
    exits: BTreeMap<u64, SeenExit>,
}

impl Delivered {
    pub(crate) fn new(options: &StreamOptions) -> Delivered {
        Delivered {
            sources: options.sources,
            sessions: options.sessions.clone(),
            selects: options.level.is_some() || options.grep.is_some() || options.since.is_some(),
            tail: options.tail.is_some(),
            began: 0,
            counted: BTreeMap::new(),
            newest: None,
            exits: BTreeMap::new(),
        }
    }

    /// Reading has come to this number of `exec`.
    #[inline]
    pub(crate) fn reads(&mut self, number: u64) {
        if self.began == 0 {
            self.began = number;
        }
    }

    /// Reading has come to this gap of `exec`.
    pub(crate) fn reads_over(&mut self, gap: &Gap) {
        if !self.tail {
            self.reads(gap.from);
        }
    }

    /// `batch` goes out.
    pub(crate) fn hand_out(&mut self, batch: &Batch) {
        self.newest = Some(batch.clone());
    }

    /// All of the newest batch was handed over.
    pub(crate) fn settle(&mut self) {
        if let Some(batch) = self.newest.take() {
            count(&mut self.counted, &batch, usize::MAX);
        }
    }

    pub(crate) fn exited(&mut self, exits: impl IntoIterator<Item = SeenExit>) {
        for exit in exits {
            self.exits.insert(exit.record.id, exit);
        }
    }

    /// What was delivered, if of the newest batch only the first `handed` items
    /// were; without a number, all of it, up to `position`.
    pub(crate) fn sessions(
        &self,
        handed: Option<usize>,
        position: LogPosition,
    ) -> Vec<DeliveredSession> {
        let mut counted = self.counted.clone();
        let mut position = position;
        if let Some(batch) = &self.newest {
            let handed = handed.unwrap_or(usize::MAX).min(batch.items.len());
            count(&mut counted, batch, handed);
            position = batch.position_before(handed).position[Log::Exec as usize];
        }
        let reached = match position {
            LogPosition::After { sequence, .. } => sequence,
            LogPosition::Unread => 0,
        };
        let exits = self.exits.iter().filter(|(session, exit)| {
            exit.after <= reached && (self.sessions.is_empty() || self.sessions.contains(session))
        });
        let exits: BTreeMap<u64, &ExitRecord> = exits
            .map(|(session, exit)| (*session, &exit.record))
            .collect();
        for session in exits.keys() {
            counted.entry(*session).or_default();
        }
        let delivered = counted.into_iter().map(|(session, counters)| {
            let sources = counters.map(|counter| counter.map(|counter| counter.totals()));
            DeliveredSession {
                session,
                complete: exits
                    .get(&session)
                    .and_then(|exit| self.is_complete(&sources, exit)),
                sources,
            }
        });
        delivered
            .filter(|of| of.complete.is_some() || of.sources.iter().any(Option::is_some))
            .collect()
    }

    fn is_complete(
        &self,
        delivered: &[Option<SourceTotals>; 4],
        exit: &ExitRecord,
    ) -> Option<bool> {
        let mut from_its_beginning = true;
        let mut complete = true;
        for source in Source::ALL {
            if !self.sources.contains(source) {
                continue;
            }
            let recorded = exit.sources.get(source.name());
            if !is_all(delivered[source as usize].as_ref(), recorded) {
                complete = false;
                let first = recorded.map_or(0, |recorded| recorded.first);
                from_its_beginning &= self.began > 0 && first >= self.began;
            }
        }
        (complete || (from_its_beginning && !self.selects)).then_some(complete)
    }
}

impl Stream {
    pub(super) fn hand_out(&mut self, batch: &Batch) {
        if let Some(delivered) = &mut self.delivered {
            delivered.hand_out(batch);
            for reader in &mut self.readers {
                delivered.exited(reader.take_exits());
            }
        }
    }

    /// The newest batch was handed over, all of it.
    pub(super) fn settle(&mut self) {
        if let Some(delivered) = &mut self.delivered {
            delivered.settle();
        }
    }

    #[inline]
    pub(super) fn reads(&mut self, log: Log, number: u64) {
        if let Some(delivered) = &mut self.delivered
            && log == Log::Exec
        {
            delivered.reads(number);
        }
    }

    pub(super) fn reads_over(&mut self, gap: &Gap) {
        if let Some(delivered) = &mut self.delivered
            && gap.log == Log::Exec
        {
            delivered.reads_over(gap);
        }
    }

    /// By session what was delivered so far, if of the newest batch only the
    /// first `handed` items were handed over; without a number, all of it.
    /// `None` unless [`StreamOptions::digest`] asks for it.
    pub fn delivered(&mut self, handed: Option<usize>) -> Option<Vec<DeliveredSession>> {
        let position = self.position().position[Log::Exec as usize];
        let delivered = self.delivered.as_mut()?;
        for reader in &mut self.readers {
            // An exit record stands after the last entry. What can not be read
            // says nothing of a session.
            let _ = reader.peek();
            delivered.exited(reader.take_exits());
        }
        Some(delivered.sessions(handed, position))
    }
}

fn count(counted: &mut BTreeMap<u64, [Option<Counter>; 4]>, batch: &Batch, items: usize) {
    for item in batch.items.iter().take(items) {
        if item.session == 0 || item.gap.is_some() {
            continue;
        }
        let counters = counted.entry(item.session).or_default();
        let counter = counters[item.source as usize].get_or_insert_default();
        counter.entry(item.sequence);
        counter.add(batch.data(item));
    }
}

fn is_all(delivered: Option<&SourceTotals>, recorded: Option<&SourceRecord>) -> bool {
    match (delivered, recorded) {
        (Some(delivered), Some(recorded)) => {
            delivered.bytes == recorded.bytes && delivered.sha256 == recorded.sha256
        }
        (None, recorded) => recorded.is_none_or(|recorded| recorded.bytes == 0),
        (Some(_), None) => false,
    }
}
