//! `state.json`: the newest run of a sandbox's supervisor.

use crate::Error;
use crate::folder::{Durable, Folder, replace};
use serde::{Deserialize, Serialize};
use std::fs;

/// Written when the supervisor starts and when it ends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct State {
    version: u32,
    pub started_at: Option<String>,
    pub ended_at: Option<String>,
    pub supervisor_pid: Option<u32>,
    /// The agent, so that a start after a crash can make sure that it is gone.
    pub agent: Option<ProcessId>,
    pub error: Option<String>,
}

impl State {
    pub(crate) fn started(at: String, agent: Option<ProcessId>) -> State {
        State {
            version: 1,
            started_at: Some(at),
            ended_at: None,
            supervisor_pid: Some(std::process::id()),
            agent,
            error: None,
        }
    }

    pub(crate) fn write(&self, folder: &Folder) -> Result<(), Error> {
        let json = serde_json::to_vec(self).expect("a state is plain data");
        replace(&folder.state(), &json, Durable::Crash)
    }

    /// What is held; nothing, where there is nothing or it can not be read: the
    /// log says what happened, this file only says it faster.
    pub(crate) fn read(folder: &Folder) -> State {
        fs::read(folder.state())
            .ok()
            .and_then(|json| serde_json::from_slice(&json).ok())
            .unwrap_or_default()
    }
}

/// A process that another one with the same number is not taken for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProcessId {
    pub pid: i32,
    /// Clock ticks from the boot to its start.
    start: u64,
    boot: String,
}

impl ProcessId {
    /// The process that has this number now.
    pub(crate) fn of(pid: i32) -> Option<ProcessId> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name in parentheses may hold anything; the fields stand after it.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        if *fields.first()? == "Z" {
            return None;
        }
        Some(ProcessId {
            pid,
            start: fields.get(19)?.parse().ok()?,
            boot: fs::read_to_string("/proc/sys/kernel/random/boot_id")
                .ok()?
                .trim()
                .to_owned(),
        })
    }

    /// SIGKILL for this very process, never for a later one with its number.
    pub(crate) fn kill(&self) {
        use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
        let Some(fd) =
            Pid::from_raw(self.pid).and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok())
        else {
            return;
        };
        // Looked at after the descriptor was opened, which stays with the process.
        if self.alive() {
            let _ = pidfd_send_signal(fd, Signal::KILL);
        }
    }

    pub(crate) fn alive(&self) -> bool {
        ProcessId::of(self.pid).as_ref() == Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_told_from_another_with_its_number() {
        let me = ProcessId::of(std::process::id() as i32).unwrap();
        assert!(me.alive());
        let other = ProcessId {
            start: me.start + 1,
            ..me.clone()
        };
        assert!(!other.alive());
    }
}
