//! What is shown, and how it gets out.

mod closed;
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
use stdout::has_room;
pub(crate) use table::table;
pub(crate) use text::{Text, TextOptions, gap_text};

use std::io::{self, Write};

/// One line on stderr. Nothing is said where that can not be written.
pub(crate) fn note(message: &str) {
    let _ = io::stderr().write_all(note_line(message).as_bytes());
}

/// One line on stderr, where that takes it without a wait.
pub(crate) fn note_if_room(message: &str) {
    if has_room(rustix::stdio::stderr()) {
        note(message);
    }
}

/// One line on stderr that has to be said: it fails where it can not be, unless
/// nobody is there to read it.
pub(crate) fn tell(stderr: &mut Stdout, message: &str) -> io::Result<()> {
    let written = stderr.write(note_line(message).as_bytes());
    unless_unread(written.and_then(|()| stderr.flush()))
}

/// A reader that has closed the pipe has what it wanted.
pub(crate) fn unless_unread(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// What is said, and who says it.
pub(crate) fn note_line(message: &str) -> String {
    format!("silt: {message}\n")
}
