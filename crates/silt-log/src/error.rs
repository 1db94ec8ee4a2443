//! Everything that can go wrong, as data.

use crate::Gap;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a cursor was refused. They are looked for in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CursorReason {
    /// Not a cursor at all.
    Malformed,
    /// Changed on its way: its checksum does not match.
    Checksum,
    /// Made by a later version of Silt.
    NewerVersion,
    /// Made from another log, or from another branch of this one.
    OtherLog,
    /// It stands after the newest entry.
    PastEnd,
}

impl CursorReason {
    /// The name used in errors.
    pub fn name(self) -> &'static str {
        match self {
            CursorReason::Malformed => "malformed",
            CursorReason::Checksum => "checksum",
            CursorReason::NewerVersion => "newer-version",
            CursorReason::OtherLog => "other-log",
            CursorReason::PastEnd => "past-end",
        }
    }
}

/// An error of the log engine.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// An option was wrong; nothing was read or written.
    InvalidArgument {
        option: &'static str,
        message: String,
    },
    /// The cursor can not be used here; no entry was delivered.
    InvalidCursor {
        reason: CursorReason,
        message: String,
    },
    /// Entries are gone; `resume_cursor` goes on at the oldest that is there.
    MissedRotation {
        gaps: Vec<Gap>,
        resume_cursor: String,
    },
    /// What is on disk can not be read as a log.
    Corruption { path: PathBuf, message: String },
    /// There is no log folder at this path.
    NotFound { path: PathBuf },
    /// Another writer holds the folder.
    Locked { path: PathBuf },
    /// The system refused a call.
    Io {
        action: &'static str,
        path: PathBuf,
        source: io::Error,
    },
}

impl Error {
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
        source: impl Into<io::Error>,
    ) -> Error {
        Error::Io {
            action,
            path: path.into(),
            source: source.into(),
        }
    }

    pub(crate) fn cursor(reason: CursorReason, message: impl Into<String>) -> Error {
        Error::InvalidCursor {
            reason,
            message: message.into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::InvalidArgument { option, message } => write!(f, "{option}: {message}"),
            Error::InvalidCursor { reason, message } => {
                write!(f, "invalid cursor ({}): {message}", reason.name())
            }
            Error::MissedRotation { gaps, .. } => {
                f.write_str("entries are missing:")?;
                for gap in gaps {
                    write!(
                        f,
                        " {} {} to {} ({})",
                        gap.log.name(),
                        gap.from,
                        gap.to,
                        gap.reason.name()
                    )?;
                }
                f.write_str(
                    "; resume from the error's resume cursor, or read with onGap \"report\"",
                )
            }
            Error::Corruption { path, message } => {
                write!(f, "{} can not be read as a log: {message}", path.display())
            }
            Error::NotFound { path } => write!(f, "there is no log folder at {}", path.display()),
            Error::Locked { path } => write!(
                f,
                "{} already has a writer; a log folder takes one at a time",
                path.display()
            ),
            Error::Io {
                action,
                path,
                source,
            } => write!(f, "could not {action} {}: {source}", path.display()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
