//! Options of a reader, and what it says at its end.

use crate::{Error, Level, SourceSet};
use regex::bytes::Regex;

/// What a reader does where entries are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum OnGap {
    /// End with [`Error::MissedRotation`].
    #[default]
    Error,
    /// Deliver the gap among the entries and go on.
    Report,
}

/// Options of a reader. The default reads what commands wrote, from the oldest
/// entry there is to the newest.
#[derive(Clone, Debug, Default)]
pub struct StreamOptions {
    pub sources: SourceSet,
    /// Only these exec sessions; empty: all.
    pub sessions: Vec<u64>,
    /// This level and above.
    pub level: Option<Level>,
    /// On the lenient text without ANSI sequences and line end.
    pub grep: Option<Regex>,
    /// Inclusive, nanoseconds since 1970. Excludes `from_cursor`.
    pub since: Option<i64>,
    /// Exclusive, nanoseconds since 1970: reading ends at the first entry that
    /// is not before it.
    pub until: Option<i64>,
    /// Strictly after this cursor.
    pub from_cursor: Option<String>,
    /// Only the newest entries, counted after all other filters.
    pub tail: Option<u64>,
    /// Wait for more until the writer stops.
    pub follow: bool,
    pub on_gap: OnGap,
    /// Count and hash what is delivered of each exec session, for
    /// [`End::sessions`](crate::End::sessions).
    pub digest: bool,
}

impl StreamOptions {
    /// Checks the options against each other, before any I/O.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] names the option and what it takes.
    pub fn validate(&self) -> Result<(), Error> {
        let invalid = |option, message: &str| {
            Err(Error::InvalidArgument {
                option,
                message: message.to_owned(),
            })
        };
        if self.since.is_some() && self.from_cursor.is_some() {
            return invalid(
                "since",
                "since and fromCursor exclude each other: give the time or the cursor to begin at",
            );
        }
        if self.sources.is_empty() {
            return invalid("sources", "it is empty: name at least one source");
        }
        Ok(())
    }
}

/// How much a batch holds at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchLimits {
    /// From 1 to 65,535; what is outside is taken for the nearest.
    pub entries: usize,
    /// Bytes of data, at most 1 GiB; one entry may pass it.
    pub bytes: usize,
}

impl BatchLimits {
    /// Within what the indices of a batch can say.
    pub(crate) fn clamped(self) -> BatchLimits {
        BatchLimits {
            entries: self.entries.clamp(1, usize::from(u16::MAX)),
            bytes: self.bytes.min(1 << 30),
        }
    }
}

impl Default for BatchLimits {
    fn default() -> Self {
        BatchLimits {
            entries: 1024,
            bytes: 256 << 10,
        }
    }
}

/// Why a stream ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// All that was there when it was opened has been read.
    Drained,
    /// The writer stopped in order.
    Stopped,
    /// The writer died.
    Crashed,
    /// The log was removed.
    Removed,
    /// `until` has passed.
    Until,
    /// The reader closed it.
    Closed,
    /// A signal of the reader closed it.
    Aborted,
    /// It can not be told whether the writer lives.
    Unknown,
}

impl EndReason {
    /// The name used in every language.
    pub fn name(self) -> &'static str {
        match self {
            EndReason::Drained => "drained",
            EndReason::Stopped => "stopped",
            EndReason::Crashed => "crashed",
            EndReason::Removed => "removed",
            EndReason::Until => "until",
            EndReason::Closed => "closed",
            EndReason::Aborted => "aborted",
            EndReason::Unknown => "unknown",
        }
    }
}

/// What a stream took out of one log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct LogTotals {
    /// Whether the log was read at all.
    pub selected: bool,
    pub entries: u64,
    pub bytes: u64,
    /// Of the entries delivered; 0 if there were none.
    pub first_sequence: u64,
    pub last_sequence: u64,
    pub gaps: u64,
}
