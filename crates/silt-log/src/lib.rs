//! A log that loses nothing.

mod ansi;
mod error;
mod json;
mod kinds;
mod level;
mod time;

pub use ansi::{strip_ansi, strip_controls};
pub use error::{CursorReason, Error};
pub use kinds::{Gap, GapReason, Level, Log, Part, Source, SourceSet};
pub use level::level_of;
pub use time::{format_time, parse_duration, parse_time, write_time};
