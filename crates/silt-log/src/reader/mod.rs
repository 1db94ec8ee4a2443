//! Reading a log folder, live and from history.

mod ahead;
mod batch;
mod branch;
mod by_time;
mod contiguity;
mod delivered;
mod entry_ref;
mod filter;
mod folder;
mod hand_over;
mod hub;
mod lines;
mod locate;
mod log_reader;
mod open;
mod options;
mod search;
mod standing;
mod stream;
mod stream_end;
mod succession;
mod tail;
mod take_line;

use crate::{Error, Log};
pub use batch::{Batch, Item, SegmentRef};
pub use delivered::DeliveredSession;
pub(crate) use folder::ReaderFolder;
#[cfg(test)]
pub(crate) use hub::still;
pub use options::{BatchLimits, EndReason, LogTotals, OnGap, StreamOptions};
use std::path::Path;
use std::sync::Arc;
pub use stream::{End, Next, Stream};

/// Whether a log folder has a writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriterState {
    Running,
    /// It stopped in order.
    Stopped,
    /// It died.
    Crashed,
}

/// A log folder, open for reading. Readers take no lock and disturb nobody.
#[derive(Clone, Debug)]
pub struct LogDirectory {
    folder: Arc<ReaderFolder>,
}

impl LogDirectory {
    /// Opens a folder.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub fn open(path: impl AsRef<Path>) -> Result<LogDirectory, Error> {
        Ok(LogDirectory {
            folder: Arc::new(ReaderFolder::open(path.as_ref())?),
        })
    }

    pub(crate) fn folder(&self) -> &ReaderFolder {
        &self.folder
    }

    /// Begins to read.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] and [`Error::InvalidCursor`] before any entry;
    /// [`Error::Corruption`] when no header can be read.
    pub fn stream(&self, options: &StreamOptions) -> Result<Stream, Error> {
        Ok(Stream::new(open::open(&self.folder, options)?, options))
    }

    /// Whether there is a writer, or how the last one ended.
    ///
    /// # Errors
    /// [`Error::Io`] for what the system refused.
    pub fn status(&self) -> Result<WriterState, Error> {
        if self.folder.is_written()? {
            return Ok(WriterState::Running);
        }
        let mark = self.folder.mark()?;
        Ok(match mark {
            Some(mark) if mark.ended => WriterState::Stopped,
            _ => WriterState::Crashed,
        })
    }

    /// Bytes that the `exec` log takes on disk.
    ///
    /// # Errors
    /// [`Error::Io`] for what the system refused.
    pub fn log_bytes(&self) -> Result<u64, Error> {
        let mut bytes = 0;
        for number in self.folder.numbers(Log::Exec)? {
            bytes += self.folder.stored_bytes(Log::Exec, number)?;
        }
        Ok(bytes)
    }

    /// Whether the beginning of the `exec` log is gone.
    ///
    /// # Errors
    /// [`Error::Io`] for what the system refused.
    pub fn truncated(&self) -> Result<bool, Error> {
        let oldest = self.folder.numbers(Log::Exec)?.first().copied();
        Ok(oldest.is_some_and(|oldest| oldest > 1))
    }
}
