//! Finding and signalling the processes of this sandbox by walking `/proc`.
//!
//! A process group is left by `setsid`, but parentage is not: the agent is the
//! reaper of every orphan, so each process of the sandbox descends from it.

use std::collections::HashMap;
use std::fs;
use std::time::{Duration, Instant};

use rustix::process::{Pid, PidfdFlags, WaitOptions, getpid, pidfd_open, wait};

use super::children::send_signal_by_pidfd;

/// Longer only for what is stuck in the kernel or belongs to another user.
const KILL_MAX: Duration = Duration::from_secs(8);

struct Process {
    pid: i32,
    parent: i32,
    group: i32,
    /// Clock ticks since boot: with the pid it names a process once and for all.
    start: u64,
}

impl Process {
    fn read(pid: i32) -> Option<Self> {
        let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
        // The name may hold anything, also parentheses and line ends.
        let after_name = stat.iter().rposition(|&byte| byte == b')')? + 1;
        let text = std::str::from_utf8(&stat[after_name..]).ok()?;
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        Some(Self {
            pid,
            parent: fields.get(1)?.parse().ok()?,
            group: fields.get(2)?.parse().ok()?,
            start: fields.get(19)?.parse().ok()?,
        })
    }

    /// Signals this very process, never one that took over its number.
    fn signal(&self, signal: i32) {
        let Some(pid) = Pid::from_raw(self.pid) else {
            return;
        };
        let Ok(pidfd) = pidfd_open(pid, PidfdFlags::empty()) else {
            return;
        };
        if Self::read(self.pid).is_some_and(|now| now.start == self.start) {
            send_signal_by_pidfd(&pidfd, signal);
        }
    }
}

/// Signals what is left of the process group of a command that has exited.
pub(super) fn signal_group(group: i32, signal: i32) {
    descendants()
        .iter()
        .filter(|p| p.group == group)
        .for_each(|p| p.signal(signal));
}

pub(super) fn signal_all(signal: i32) {
    descendants().iter().for_each(|p| p.signal(signal));
}

/// Kills until nobody is left, also what is forked meanwhile.
pub(super) fn kill_all() {
    let deadline = Instant::now() + KILL_MAX;
    while Instant::now() < deadline {
        signal_all(libc::SIGKILL);
        loop {
            match wait(WaitOptions::NOHANG) {
                Ok(Some(_)) => {}
                Ok(None) => break,
                // No child left, and orphans would be children.
                Err(_) => return,
            }
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn descendants() -> Vec<Process> {
    let Ok(folder) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    let mut others: HashMap<i32, Vec<Process>> = HashMap::new();
    for entry in folder.flatten() {
        let pid = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        if let Some(process) = pid.and_then(Process::read) {
            others.entry(process.parent).or_default().push(process);
        }
    }
    let mut found = others
        .remove(&getpid().as_raw_nonzero().get())
        .unwrap_or_default();
    let mut next = 0;
    while next < found.len() {
        found.extend(others.remove(&found[next].pid).unwrap_or_default());
        next += 1;
    }
    found
}
