//! What a session wrote, counted where the bytes came in.

use crate::Source;
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
