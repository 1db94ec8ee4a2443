//! What is shown, and how it gets out.

mod color;
mod json;
mod sgr;
mod size;
mod stdout;
mod table;
mod text;
mod unblocked;

pub(crate) use color::ColorChoice;
pub(crate) use json::Json;
pub(crate) use size::bytes_text;
pub(crate) use stdout::Stdout;
pub(crate) use table::table;
pub(crate) use text::{Text, TextOptions, gap_text};

use std::io::Write;

/// One line on stderr. Nothing is said where that is closed.
pub(crate) fn note(message: &str) {
    let _ = std::io::stderr().write_all(format!("silt: {message}\n").as_bytes());
}
