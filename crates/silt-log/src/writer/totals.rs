//! What a session wrote, counted where the bytes came in.

use super::Exit;
use crate::control::ExitRecord;
use crate::{Source, parse_time};
use sha2::{Digest, Sha256};

/// Counts of one source of a session.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SourceTotals {
    /// The sequence number of its first entry; 0 if there was none.
    pub first_sequence: u64,
    pub entries: u64,
    pub bytes: u64,
    /// SHA-256 of all its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// Counts of a session, by [`Source`]; a source that it did not use is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SessionTotals {
    pub sources: [Option<SourceTotals>; 4],
    /// The sequence number of the last entry written to the `exec` log when the
    /// session ended: a reader that has it has all of the session.
    pub last_sequence: u64,
}

/// A session whose exit record an earlier writer has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedSession {
    pub session: u64,
    pub exit: Exit,
    /// `last_sequence` is the last number that was given to anything: the exact
    /// one is not on record.
    pub totals: SessionTotals,
}

impl EndedSession {
    /// `None` for a record that nobody can have written.
    pub(super) fn of(record: &ExitRecord, last_sequence: u64) -> Option<EndedSession> {
        let exit = Exit {
            code: record.code,
            signal: record.signal.clone(),
            started_ns: parse_time(&record.started, 0).ok()?,
            ended_ns: parse_time(&record.ended, 0).ok()?,
            timed_out: record.timed_out,
        };
        let sources = Source::ALL.map(|source| {
            let held = record.sources.get(source.name())?;
            Some(SourceTotals {
                first_sequence: held.first,
                entries: held.entries,
                bytes: held.bytes,
                sha256: held.sha256.clone(),
            })
        });
        Some(EndedSession {
            session: record.id,
            exit,
            totals: SessionTotals {
                sources,
                last_sequence,
            },
        })
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Counter {
    first: u64,
    entries: u64,
    bytes: u64,
    hash: Sha256,
}

impl Counter {
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        self.hash.update(bytes);
    }

    /// The next of its entries has this number.
    pub(crate) fn entry(&mut self, sequence: u64) {
        if self.entries == 0 {
            self.first = sequence;
        }
        self.entries += 1;
    }

    pub(crate) fn totals(&self) -> SourceTotals {
        SourceTotals {
            first_sequence: self.first,
            entries: self.entries,
            bytes: self.bytes,
            sha256: format!("{:x}", self.hash.clone().finalize()),
        }
    }
}

/// The name of a source in an exit record.
pub(crate) fn by_name(
    totals: &SessionTotals,
) -> impl Iterator<Item = (&'static str, &SourceTotals)> {
    Source::ALL
        .into_iter()
        .zip(&totals.sources)
        .filter_map(|(source, totals)| Some((source.name(), totals.as_ref()?)))
}
