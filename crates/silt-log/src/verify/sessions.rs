//! What sessions wrote, counted again and compared with their exit records.

use super::findings::Findings;
use super::report::{DamageKind, SessionsReport};
use crate::control::ExitRecord;
use crate::{Log, Source};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Sessions without an exit record are held no more than this many at once.
const OPEN_SOURCES: usize = 1 << 16;

#[derive(Debug, Default)]
struct Held {
    first: u64,
    last: u64,
    entries: u64,
    bytes: u64,
    hash: Sha256,
}

#[derive(Debug, Default)]
pub(crate) struct Sessions {
    open: BTreeMap<(u64, Source), Held>,
    /// Sessions up to this number may not be held as a whole.
    incomplete_up_to: u64,
    /// Bytes were found that are not those that were written.
    damaged: bool,
    pub(crate) report: SessionsReport,
}

impl Sessions {
    pub(crate) fn entry(&mut self, session: u64, source: Source, sequence: u64, data: &[u8]) {
        if session == 0 {
            return;
        }
        if self.open.len() >= OPEN_SOURCES && !self.open.contains_key(&(session, source)) {
            // Most likely of a writer that died long before.
            if let Some(((oldest, _), _)) = self.open.pop_first() {
                self.incomplete_up_to = self.incomplete_up_to.max(oldest);
            }
        }
        let held = self.open.entry((session, source)).or_default();
        if held.entries == 0 {
            held.first = sequence;
        }
        held.last = sequence;
        held.entries += 1;
        held.bytes += data.len() as u64;
        held.hash.update(data);
    }

    /// Entries are missing, of sessions up to `session`.
    pub(crate) fn gap(&mut self, session: u64) {
        self.incomplete_up_to = match self.incomplete_up_to {
            // Damage inside a segment; its end is known now.
            u64::MAX => session,
            before => before.max(session),
        };
    }

    /// Entries are missing or wrong; of which sessions is not known before the
    /// next header.
    pub(crate) fn damage(&mut self) {
        self.damaged = true;
        self.incomplete_up_to = u64::MAX;
    }

    /// A header says which sessions may have been given before it.
    pub(crate) fn header(&mut self, session: u64) {
        if self.incomplete_up_to == u64::MAX {
            self.incomplete_up_to = session;
        }
    }

    pub(crate) fn exit(&mut self, segment: u64, exit: &ExitRecord, findings: &mut Findings) {
        let may_lack = exit.id <= self.incomplete_up_to;
        let mut as_recorded = true;
        let mut lacks = false;
        for source in Source::ALL {
            let held = self.open.remove(&(exit.id, source)).unwrap_or_default();
            let recorded = exit.sources.get(source.name());
            let (entries, bytes, sha256) = recorded.map_or((0, 0, None), |recorded| {
                (recorded.entries, recorded.bytes, Some(&recorded.sha256))
            });
            if may_lack && (held.bytes < bytes || self.damaged) {
                lacks = true;
                continue;
            }
            let same_hash =
                sha256.is_none_or(|sha256| format!("{:x}", held.hash.finalize()) == *sha256);
            let same = held.bytes == bytes && same_hash && (held.entries == entries || may_lack);
            if !same {
                as_recorded = false;
                let range = (held.entries > 0).then_some((held.first, held.last));
                findings.add(
                    Log::Exec,
                    segment,
                    DamageKind::Session,
                    range,
                    format!(
                        "session {} wrote {bytes} bytes in {entries} entries to {}, and {} bytes in {} entries are held{}",
                        exit.id,
                        source.name(),
                        held.bytes,
                        held.entries,
                        if held.bytes == bytes { ", with another SHA-256" } else { "" },
                    ),
                );
            }
        }
        if lacks {
            self.report.not_held += 1;
        } else if as_recorded {
            self.report.checked += 1;
        }
    }
}
