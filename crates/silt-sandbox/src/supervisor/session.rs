//! A session: one command, from its start to its exit record.

use super::input::Input;
use crate::SessionEnd;
use crate::hang_up::is_hung_up;
use crate::status::now_ns;
use silt_log::{Exit, SessionTotals, Source};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

/// A `wait` is answered this long after the exit, should something still hold
/// the pipes.
pub(super) const DETACH_AFTER: Duration = Duration::from_secs(1);
/// Between SIGTERM and SIGKILL.
pub(super) const GRACE: Duration = Duration::from_secs(5);

/// More than a terminal holds. It tells only what of that one read would give.
const TERMINAL_BYTES: usize = 128 << 10;

/// A request that waits for its answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller {
    pub client: u64,
    pub request: u64,
}

/// A stream of the command.
pub(super) struct Output {
    pub source: Source,
    /// None after its end.
    pub fd: Option<OwnedFd>,
}

impl Output {
    /// Whether something can still write to it. What was written and not yet
    /// read says nothing of that: its end is sure to come.
    pub(super) fn is_held(&self) -> bool {
        self.fd.as_ref().is_some_and(|fd| !is_hung_up(fd))
    }

    /// No fewer than the bytes that wait to be read.
    pub(super) fn unread(&self) -> usize {
        if self.source == Source::Output {
            return TERMINAL_BYTES;
        }
        let waiting = self.fd.as_ref().map(rustix::io::ioctl_fionread);
        waiting.map_or(0, |waiting| waiting.unwrap_or(0) as usize)
    }
}

/// What the command's time limit does next.
#[derive(Clone, Copy, Debug)]
pub(super) enum TimeLimit {
    None,
    Terminate(Instant),
    Kill(Instant),
    Done,
}

impl TimeLimit {
    pub(super) fn due(self) -> Option<Instant> {
        match self {
            TimeLimit::Terminate(at) | TimeLimit::Kill(at) => Some(at),
            TimeLimit::None | TimeLimit::Done => None,
        }
    }
}

/// How the command's own process ended.
pub(super) struct ProgramExit {
    pub code: Option<i32>,
    pub signal: Option<String>,
    pub ended_ns: i64,
    pub at: Instant,
}

impl ProgramExit {
    pub(super) fn now(code: Option<i32>, signal: Option<String>) -> ProgramExit {
        ProgramExit {
            code,
            signal,
            ended_ns: now_ns(),
            at: Instant::now(),
        }
    }
}

pub(super) struct Session {
    pub id: u64,
    /// The program's name, without its arguments.
    pub program: String,
    pub outputs: Vec<Output>,
    pub input: Input,
    pub pty: bool,
    pub started_ns: i64,
    pub exit: Option<ProgramExit>,
    pub time_limit: TimeLimit,
    pub timed_out: bool,
    /// Signals that clients sent: no news for the kernel's log.
    pub asked_to_die: bool,
    pub waiters: Vec<Caller>,
    /// Who waits for the last byte, also while something else holds the pipes.
    pub patient_waiters: Vec<Caller>,
    pub ends_sandbox: bool,
}

impl Session {
    /// Whether everything is over: the program and the last byte.
    pub(super) fn is_over(&self) -> bool {
        self.exit.is_some() && self.outputs.iter().all(|output| output.fd.is_none())
    }

    /// When waiters are told although something still holds the pipes.
    pub(super) fn detaches_at(&self) -> Option<Instant> {
        let exit = self.exit.as_ref()?;
        (!self.waiters.is_empty()).then(|| exit.at + DETACH_AFTER)
    }

    /// Whether the program is gone and something else holds a pipe of it.
    pub(super) fn is_detached(&self) -> bool {
        self.exit.is_some() && self.outputs.iter().any(Output::is_held)
    }

    /// What the log's exit record says. To be called after the exit.
    pub(super) fn log_exit(&self) -> Exit {
        let exit = self.exit.as_ref();
        Exit {
            code: exit.and_then(|exit| exit.code),
            signal: exit.and_then(|exit| exit.signal.clone()),
            started_ns: self.started_ns,
            ended_ns: exit.map_or_else(now_ns, |exit| exit.ended_ns.max(self.started_ns)),
            timed_out: self.timed_out,
        }
    }

    /// What waiters are told once everything is over.
    pub(super) fn end(&self, totals: &SessionTotals) -> SessionEnd {
        SessionEnd::new(self.id, self.log_exit(), totals)
    }

    /// What waiters are told while something still holds the pipes.
    pub(super) fn detached(&self, last_sequence: u64) -> SessionEnd {
        let totals = SessionTotals {
            last_sequence,
            ..SessionTotals::default()
        };
        SessionEnd {
            detached: true,
            ..self.end(&totals)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_wait_to_be_read_do_not_make_a_child_that_holds_the_pipe() {
        let (reader, writer) = rustix::pipe::pipe().unwrap();
        let output = Output {
            source: Source::Stdout,
            fd: Some(reader),
        };
        assert!(output.is_held());
        rustix::io::write(&writer, b"not read yet\n").unwrap();
        assert!(output.is_held());
        drop(writer);
        assert!(!output.is_held());
    }

    #[test]
    fn what_waits_in_a_terminal_is_no_more_than_what_is_taken_for_unread() {
        use rustix::fs::{Mode, OFlags};
        use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let path = ptsname(&master, Vec::new()).unwrap();
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK;
        let terminal = rustix::fs::open(path.as_c_str(), flags, Mode::empty()).unwrap();
        let output = Output {
            source: Source::Output,
            fd: Some(master),
        };
        let mut written = 0;
        while let Ok(some) = rustix::io::write(&terminal, &[b'x'; 1000]) {
            written += some;
        }
        assert!(written > 4096, "{written}");
        let unread = output.unread();
        assert!(
            (written..1 << 20).contains(&unread),
            "{unread} of {written}"
        );
    }
}
