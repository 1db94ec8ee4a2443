//! A command in a sandbox as if it ran here: its output, input, signals,
//! terminal and status.

mod attach;
mod input;
mod shown;
mod signals;
mod status;
mod terminal;

pub(crate) use attach::{Attached, End};
pub(crate) use signals::prepare_signals;
pub(crate) use status::{exit_code, why_not_started};
pub(crate) use terminal::size as terminal_size;

use std::path::PathBuf;

/// This executable as the supervisor, unless the environment names another.
pub(crate) fn own_executable() -> Option<PathBuf> {
    if std::env::var_os("SILT_EXECUTABLE").is_some_and(|value| !value.is_empty()) {
        return None;
    }
    std::env::current_exe().ok()
}
