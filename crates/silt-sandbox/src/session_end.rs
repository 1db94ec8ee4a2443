//! How a session ended.

use crate::folder::Folder;
use crate::journal::Journal;
use crate::{Error, Home};
use serde::{Deserialize, Serialize};
use silt_log::{Exit, SessionTotals, Source};

/// The answer to `wait`. In JSON in camel case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionEnd {
    pub session_id: u64,
    /// None after a signal, and when the supervisor died before the exit.
    pub exit_code: Option<i32>,
    /// `SIGKILL`, …; none when it exited by itself.
    pub signal: Option<String>,
    /// Its time limit ended it.
    pub timed_out: bool,
    /// A background child still held the pipes one second after the exit; what
    /// it writes still goes to the log.
    pub detached: bool,
    /// RFC 3339, UTC, nanoseconds.
    pub started_at: String,
    pub ended_at: String,
    pub duration_ms: u64,
    /// Everything that the session had written is in `exec` up to this number.
    pub last_sequence: u64,
    /// By source; empty while `detached`.
    pub totals: Vec<SourceTotals>,
}

impl SessionEnd {
    pub(crate) fn new(session_id: u64, exit: Exit, totals: &SessionTotals) -> SessionEnd {
        let sources = Source::ALL.into_iter().zip(&totals.sources);
        SessionEnd {
            session_id,
            exit_code: exit.code,
            signal: exit.signal,
            timed_out: exit.timed_out,
            detached: false,
            started_at: silt_log::format_time(exit.started_ns),
            ended_at: silt_log::format_time(exit.ended_ns),
            duration_ms: (exit.ended_ns - exit.started_ns).max(0) as u64 / 1_000_000,
            last_sequence: totals.last_sequence,
            totals: sources
                .filter_map(|(source, totals)| {
                    let totals = totals.as_ref()?;
                    Some(SourceTotals {
                        source: source.name().to_owned(),
                        entries: totals.entries,
                        bytes: totals.bytes,
                        sha256: totals.sha256.clone(),
                    })
                })
                .collect(),
        }
    }
}

/// What a session wrote to one source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceTotals {
    /// `stdout`, `stderr` or `output`.
    pub source: String,
    pub entries: u64,
    pub bytes: u64,
    /// Of all bytes, in lower-case hexadecimal.
    pub sha256: String,
}

/// How a session ended, from what is on record: also once its sandbox has
/// stopped. None while it runs, when its supervisor died before it had ended, and
/// once 1,000 others have ended since.
///
/// # Errors
/// `SandboxNotFound`; what kept the record from being read.
pub fn recorded_end(home: &Home, name: &str, session_id: u64) -> Result<Option<SessionEnd>, Error> {
    let folder = Folder::at(home.existing(name)?);
    let session = Journal::read(&folder)?.remove(&session_id);
    Ok(session.and_then(|session| session.end))
}
