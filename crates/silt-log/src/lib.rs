//! A log that loses nothing.

mod error;
mod json;
mod kinds;
mod time;

pub use error::{CursorReason, Error};
pub use kinds::{Gap, GapReason, Level, Log, Part, Source, SourceSet};
pub use time::{format_time, parse_duration, parse_time, write_time};
