//! A log that loses nothing.

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
