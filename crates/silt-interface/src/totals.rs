//! What a stream handed over, counted by log.

use crate::packed::Packed;
use serde_json::{Map, Value, json};
use silt_log::{DeliveredSession, Log, Source, SourceSet};

#[derive(Clone, Copy, Debug, Default)]
struct LogTotals {
    selected: bool,
    entries: u64,
    bytes: u64,
    first: Option<u64>,
    last: Option<u64>,
    gaps: u64,
}

/// Totals of the logs that a stream reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Totals([LogTotals; 3]);

impl Totals {
    pub(crate) fn of(sources: SourceSet) -> Totals {
        Totals(Log::ALL.map(|log| LogTotals {
            selected: sources.reads(log),
            ..LogTotals::default()
        }))
    }

    /// Counts the first `count` items of a batch.
    pub(crate) fn add(&mut self, packed: &Packed<'_>, count: usize) {
        for index in 0..count.min(packed.items()) {
            let Some(log) = packed.log(index).and_then(|log| self.0.get_mut(log)) else {
                continue;
            };
            match packed.data(index) {
                Some(data) => {
                    log.entries += 1;
                    log.bytes += data.len() as u64;
                    log.first = log.first.or(packed.sequence(index));
                    log.last = packed.sequence(index);
                }
                None => log.gaps += 1,
            }
        }
    }

    pub(crate) fn to_json(self) -> Value {
        let mut logs = Map::new();
        for (log, totals) in Log::ALL.into_iter().zip(self.0) {
            if totals.selected {
                let shown = json!({
                    "entries": totals.entries,
                    "bytes": totals.bytes,
                    "firstSequence": totals.first,
                    "lastSequence": totals.last,
                    "gaps": totals.gaps,
                });
                logs.insert(log.name().to_owned(), shown);
            }
        }
        Value::Object(logs)
    }
}

/// What was delivered by session, as `end.sessions`.
pub(crate) fn sessions_json(sessions: &[DeliveredSession]) -> Value {
    let shown = sessions.iter().map(|delivered| {
        let sources = Source::ALL.iter().zip(&delivered.sources);
        let sources = sources.filter_map(|(source, totals)| {
            let totals = totals.as_ref()?;
            Some(json!({
                "source": source.name(),
                "entries": totals.entries,
                "bytes": totals.bytes,
                "sha256": totals.sha256,
            }))
        });
        json!({
            "sessionId": delivered.session,
            "complete": delivered.complete,
            "sources": sources.collect::<Vec<_>>(),
        })
    });
    Value::Array(shown.collect())
}
