//! Signals on their way to the command.

use super::terminal;
use crate::failure::Failure;
use crate::wakeups::{self, Waker};
use silt_sandbox::{Connection, Request};
use std::cell::Cell;

/// Signals that go to the command's process group.
const FORWARDED: [(i32, &str); 4] = [
    (libc::SIGINT, "SIGINT"),
    (libc::SIGTERM, "SIGTERM"),
    (libc::SIGHUP, "SIGHUP"),
    (libc::SIGQUIT, "SIGQUIT"),
];

/// From now on the signals that are forwarded wait for it.
pub(crate) fn prepare_signals() -> Result<Waker, Failure> {
    let signals = FORWARDED.map(|(signal, _)| signal);
    let waker = wakeups::install(&signals)?;
    wakeups::install(&[libc::SIGWINCH])?;
    Ok(waker)
}

/// Sends signals to one session.
pub(super) struct Signals {
    connection: Connection,
    session_id: u64,
    pty: bool,
    interrupts: Cell<u32>,
}

impl Signals {
    pub(super) fn new(connection: &Connection, session_id: u64, pty: bool) -> Signals {
        Signals {
            connection: connection.clone(),
            session_id,
            pty,
            interrupts: Cell::new(0),
        }
    }

    /// Sends those that have come; the second Ctrl-C kills.
    pub(super) fn forward(&self) {
        for (signal, name) in FORWARDED {
            for _ in 0..wakeups::take(signal) {
                if signal == libc::SIGINT {
                    self.interrupts.set(self.interrupts.get() + 1);
                    if self.interrupts.get() > 1 {
                        self.send("SIGKILL");
                        continue;
                    }
                }
                self.send(name);
            }
        }
        if wakeups::take(libc::SIGWINCH) > 0 && self.pty {
            let size = terminal::size();
            let resize = Request::Resize {
                session_id: self.session_id,
                cols: size.cols,
                rows: size.rows,
            };
            self.connection.request(resize, Vec::new(), Box::new(drop));
        }
    }

    pub(super) fn send(&self, name: &str) {
        let signal = Request::Signal {
            session_id: self.session_id,
            signal: name.to_owned(),
        };
        // A session that has ended meanwhile needs none.
        self.connection.request(signal, Vec::new(), Box::new(drop));
    }
}
