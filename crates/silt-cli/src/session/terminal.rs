//! The caller's terminal: its size, and raw mode while a command has one.

use rustix::termios::{OptionalActions, Termios, isatty, tcgetattr, tcgetwinsize, tcsetattr};
use silt_sandbox::PtyOptions;

/// The size of the terminal that this process is shown on, else 80 by 24.
pub(crate) fn size() -> PtyOptions {
    let known = [
        rustix::stdio::stdout(),
        rustix::stdio::stdin(),
        rustix::stdio::stderr(),
    ]
    .into_iter()
    .filter_map(|fd| tcgetwinsize(fd).ok())
    .find(|size| size.ws_col > 0 && size.ws_row > 0);
    match known {
        Some(size) => PtyOptions {
            cols: size.ws_col,
            rows: size.ws_row,
        },
        None => PtyOptions::default(),
    }
}

/// Keys go through as they are typed, Ctrl-C too, until this is dropped.
pub(super) struct RawMode {
    before: Termios,
}

impl RawMode {
    /// `None` when standard input is no terminal.
    pub(super) fn enter() -> Option<RawMode> {
        let stdin = rustix::stdio::stdin();
        if !isatty(stdin) {
            return None;
        }
        let before = tcgetattr(stdin).ok()?;
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(stdin, OptionalActions::Flush, &raw).ok()?;
        Some(RawMode { before })
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Drain, &self.before);
    }
}
