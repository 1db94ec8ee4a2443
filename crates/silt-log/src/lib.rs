//! A log that loses nothing.

mod error;
mod kinds;

pub use error::{CursorReason, Error};
pub use kinds::{Gap, GapReason, Level, Log, Part, Source, SourceSet};
