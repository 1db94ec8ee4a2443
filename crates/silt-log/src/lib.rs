//! A log in a folder that loses nothing: each byte that is appended is read once
//! and in order, or the reader is told exactly which entries it missed.
//!
//! - [`Writer`] appends, rotates, and goes on after any crash. One a folder.
//! - [`LogDirectory`] reads, in any process and without a lock, while that is
//!   written and after. A [`Stream`] gives [`Batch`]es of entries and [`Gap`]s:
//!   from the beginning, from a time, from the newest entries or from a cursor, as
//!   [`StreamOptions`] say.
//! - [`Cursor`] is a place in a log as short text.
//! - [`LogDirectory::verify`] compares all that is held with its checksums.
//!
//! ```
//! use silt_log::{
//!     BatchLimits, EndReason, LogDirectory, Next, Source, StreamOptions, Writer, WriterOptions,
//! };
//!
//! # fn main() -> Result<(), silt_log::Error> {
//! # let temporary = tempfile::tempdir().unwrap();
//! # let folder = temporary.path().join("logs");
//! let mut writer = Writer::create(&folder, &WriterOptions::default())?;
//! let session = writer.begin_session()?;
//! writer.append(session, Source::Stdout, b"one\ntwo\n");
//! writer.flush();
//!
//! let logs = LogDirectory::open(&folder)?;
//! let follow = StreamOptions {
//!     follow: true,
//!     ..StreamOptions::default()
//! };
//! let mut stream = logs.stream(&follow)?;
//! let one = BatchLimits {
//!     entries: 1,
//!     ..BatchLimits::default()
//! };
//! let Next::Batch(batch) = stream.next(one)? else {
//!     panic!("an entry is there")
//! };
//! assert_eq!(batch.data(&batch.items[0]), b"one\n");
//! // Text, to be kept with what was made of the entries until here.
//! let cursor = stream.position().encode();
//! drop(stream);
//!
//! writer.append(session, Source::Stdout, b"three\n");
//! writer.end();
//!
//! // In this process or another: strictly after that place.
//! let mut stream = logs.stream(&StreamOptions {
//!     from_cursor: Some(cursor),
//!     ..follow
//! })?;
//! let mut text = Vec::new();
//! let end = loop {
//!     match stream.next(BatchLimits::default())? {
//!         Next::Batch(batch) => {
//!             for item in &batch.items {
//!                 text.extend_from_slice(batch.data(item));
//!             }
//!         }
//!         Next::Pending => drop(stream.wait(None)),
//!         Next::End(end) => break end,
//!     }
//! };
//! assert_eq!(text, b"two\nthree\n");
//! assert_eq!(end.reason, EndReason::Stopped);
//! # Ok(())
//! # }
//! ```

mod ansi;
mod control;
mod cursor;
mod error;
mod file_system;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod json;
mod kinds;
mod level;
mod line;
mod lock;
mod mutation;
mod options;
mod reader;
mod segment;
mod segment_name;
mod sys;
mod time;
#[cfg(test)]
mod trouble;
mod verify;
mod writer;

pub use ansi::{strip_ansi, strip_controls};
pub use control::LogId;
pub use cursor::{Cursor, LogPosition, Position};
pub use error::{CursorReason, Error};
pub use json::escape_json;
pub use kinds::{Gap, GapReason, Level, Log, Part, Source, SourceSet};
pub use level::level_of;
pub use options::{Compress, Sync, WriterOptions};
pub use reader::{
    Batch, BatchLimits, DeliveredSession, End, EndReason, Item, LogDirectory, LogTotals, Next,
    OnGap, SegmentRef, Stream, StreamOptions, WriterState,
};
pub use time::{format_time, parse_duration, parse_time, write_time};
pub use verify::{Damage, DamageKind, LogReport, Progress, SessionsReport, VerifyReport};
pub use writer::{EndedSession, Exit, SessionTotals, SourceTotals, Writer};
