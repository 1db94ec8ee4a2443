//! The commands that run, and what is told about each.

use std::collections::BTreeMap;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::path::Path;

use rustix::io::Errno;
use rustix::process::{WaitOptions, wait};

use super::command::{Command, Step};
use super::terminal::{self, Terminal};
use super::wire::{FromAgent, Outbox};
use super::{SpawnFailure, descendants};

/// How many exited commands can still be signalled through what they left behind.
const REMEMBERED: usize = 4096;

#[derive(Default)]
pub(super) struct Children {
    alive: BTreeMap<u64, Child>,
    /// Process groups of commands that have exited.
    exited: BTreeMap<u64, i32>,
}

struct Child {
    pid: i32,
    state: State,
    /// Its master is kept for `resize`. Its other side is kept since a terminal
    /// that nobody has open hangs up, and what a command that opens it again
    /// writes would be lost. Both are let go at the exit.
    terminal: Option<Terminal>,
}

enum State {
    Starting {
        start: OwnedFd,
        command: Command,
        program: String,
        cwd: Option<String>,
    },
    Running,
    /// Already reported; only to be reaped.
    Failed,
}

/// A command that has been forked and not yet executed.
pub(super) struct Forked {
    pub(super) pid: i32,
    pub(super) start: OwnedFd,
    pub(super) command: Command,
    pub(super) program: String,
    pub(super) cwd: Option<String>,
    pub(super) terminal: Option<Terminal>,
}

impl Children {
    pub(super) fn add(&mut self, id: u64, forked: Forked) {
        let Forked {
            pid,
            start,
            command,
            program,
            cwd,
            terminal,
        } = forked;
        // The number has been given anew, so nothing of that group was left.
        self.exited.retain(|_, group| *group != pid);
        let state = State::Starting {
            start,
            command,
            program,
            cwd,
        };
        let child = Child {
            pid,
            state,
            terminal,
        };
        self.alive.insert(id, child);
    }

    /// The start pipes to be polled.
    pub(super) fn starting(&self) -> impl Iterator<Item = (u64, BorrowedFd<'_>)> {
        use std::os::fd::AsFd;
        self.alive
            .iter()
            .filter_map(|(id, child)| match &child.state {
                State::Starting { start, .. } => Some((*id, start.as_fd())),
                State::Running | State::Failed => None,
            })
    }

    /// Reports how the start of a command went; its pipe is readable or at its end.
    pub(super) fn started(&mut self, id: u64, out: &mut Outbox) {
        let Some(child) = self.alive.get_mut(&id) else {
            return;
        };
        let State::Starting {
            start,
            command,
            program,
            cwd,
        } = &child.state
        else {
            return;
        };
        let mut report = [0; 5];
        let read = rustix::io::retry_on_intr(|| rustix::io::read(start, &mut report));
        if read != Ok(report.len()) {
            out.push(&FromAgent::Spawned { id, pid: child.pid }, Vec::new());
            child.state = State::Running;
            return;
        }
        let step = Step::from_byte(report[0]);
        let errno = Errno::from_raw_os_error(i32::from_ne_bytes([
            report[1], report[2], report[3], report[4],
        ]));
        let (what, message) = explain(step, errno, command, program, cwd.as_deref());
        out.push(
            &FromAgent::spawn_failed(id, errno, what, message),
            Vec::new(),
        );
        child.state = State::Failed;
    }

    /// Reaps whatever has ended, orphans too.
    pub(super) fn reap(&mut self, out: &mut Outbox) {
        while let Ok(Some((pid, status))) = wait(WaitOptions::NOHANG) {
            let pid = pid.as_raw_nonzero().get();
            let Some(id) = self
                .alive
                .iter()
                .find(|(_, c)| c.pid == pid)
                .map(|(id, _)| *id)
            else {
                continue;
            };
            self.started(id, out);
            let child = self.alive.remove(&id);
            if matches!(
                child,
                Some(Child {
                    state: State::Running,
                    ..
                })
            ) {
                let (code, signal) = (status.exit_status(), status.terminating_signal());
                out.push(&FromAgent::Exited { id, code, signal }, Vec::new());
                self.exited.insert(id, pid);
                if self.exited.len() > REMEMBERED {
                    self.exited.pop_first();
                }
            }
        }
    }

    pub(super) fn signal(&self, id: u64, signal: i32) {
        if let Some(child) = self.alive.get(&id) {
            let starting = matches!(child.state, State::Starting { .. });
            if send_signal(-child.pid, signal).is_err() && starting {
                // Not yet the leader of its own group.
                let _ = send_signal(child.pid, signal);
            }
        } else if let Some(&group) = self.exited.get(&id) {
            descendants::signal_group(group, signal);
        }
    }

    pub(super) fn resize(&self, id: u64, cols: u16, rows: u16) {
        let child = self.alive.get(&id);
        if let Some(terminal) = child.and_then(|child| child.terminal.as_ref()) {
            // A terminal that has hung up has no size to set.
            let _ = terminal::resize(&terminal.master, cols, rows);
        }
    }
}

fn explain(
    step: Step,
    errno: Errno,
    command: &Command,
    program: &str,
    cwd: Option<&str>,
) -> (SpawnFailure, String) {
    let why = std::io::Error::from(errno);
    match step {
        Step::Cwd => {
            let cwd = cwd.unwrap_or_default();
            (
                SpawnFailure::BadCwd,
                format!("change into the folder {cwd:?} inside: {why}"),
            )
        }
        Step::Stdio => (
            SpawnFailure::Other,
            format!("connect the descriptors of {program:?}: {why}"),
        ),
        Step::Limit => (SpawnFailure::Other, format!("limit {program:?}: {why}")),
        Step::Exec => match errno {
            // A folder of the PATH that may not be entered refuses every name.
            Errno::ACCESS if program.contains('/') || exists(command, cwd) => (
                SpawnFailure::NotExecutable,
                format!("{program:?} is not executable: {why}"),
            ),
            Errno::NOENT | Errno::NOTDIR | Errno::ACCESS if !exists(command, cwd) => {
                let message = if program.contains('/') {
                    format!("{program:?} is not there inside the sandbox")
                } else {
                    format!("{program:?} is in no folder of the PATH inside the sandbox")
                };
                (SpawnFailure::NotFound, message)
            }
            Errno::NOENT | Errno::NOTDIR => (
                SpawnFailure::NotExecutable,
                format!(
                    "{program:?} is there, but the interpreter of its first line, or its loader, is not"
                ),
            ),
            Errno::NOEXEC => (
                SpawnFailure::NotExecutable,
                format!("{program:?} is no program of this machine and has no `#!` line: {why}"),
            ),
            Errno::AGAIN | Errno::NOMEM => {
                (SpawnFailure::Other, format!("execute {program:?}: {why}"))
            }
            _ => (
                SpawnFailure::NotExecutable,
                format!("execute {program:?}: {why}"),
            ),
        },
    }
}

fn exists(command: &Command, cwd: Option<&str>) -> bool {
    let folder = Path::new(cwd.unwrap_or("."));
    command.candidates.iter().any(|path| {
        path.to_str()
            .is_ok_and(|path| folder.join(path).symlink_metadata().is_ok())
    })
}

fn send_signal(pid: i32, signal: i32) -> Result<(), ()> {
    debug_assert!(pid != 0 && pid != -1, "would signal the agent or the world");
    // SAFETY: `kill` touches no memory of ours.
    if unsafe { libc::kill(pid, signal) } == 0 {
        Ok(())
    } else {
        Err(())
    }
}

pub(super) fn send_signal_by_pidfd(pidfd: &OwnedFd, signal: i32) {
    // SAFETY: a valid descriptor, no structure, no flags.
    unsafe {
        libc::syscall(
            libc::SYS_pidfd_send_signal,
            pidfd.as_raw_fd(),
            signal,
            std::ptr::null::<libc::siginfo_t>(),
            0,
        )
    };
}
