//! `state.json`: the newest run of a sandbox's supervisor.

use crate::folder::{Durable, Folder, replace};
use crate::{Error, sys};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;

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

    /// What is held; nothing, where there is nothing or it is torn: the log says
    /// what happened, this file only says it faster.
    ///
    /// # Errors
    /// What kept it from being read: then it is not known who still runs.
    pub(crate) fn read(folder: &Folder) -> Result<State, Error> {
        let path = folder.state();
        match sys::read(&path) {
            Ok(json) => Ok(serde_json::from_slice(&json).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(State::default()),
            Err(error) => Err(Error::io("read", path, error)),
        }
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
    /// The process that has this number now, if there is one.
    ///
    /// # Errors
    /// What kept this from being looked at.
    pub(crate) fn of(pid: i32) -> io::Result<Option<ProcessId>> {
        let stat = match sys::read(Path::new(&format!("/proc/{pid}/stat"))) {
            Ok(stat) => String::from_utf8_lossy(&stat).into_owned(),
            Err(error) if is_gone(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        let boot = sys::read_text(Path::new("/proc/sys/kernel/random/boot_id"))?;
        // The name in parentheses may hold anything; the fields stand after it.
        let fields = stat.rsplit_once(')').map(|(_, fields)| fields);
        let mut fields = fields.into_iter().flat_map(str::split_whitespace);
        if fields.next() == Some("Z") {
            return Ok(None);
        }
        let start = fields.nth(18).and_then(|start| start.parse().ok());
        Ok(Some(ProcessId {
            pid,
            start: start.ok_or(io::ErrorKind::InvalidData)?,
            boot: boot.trim().to_owned(),
        }))
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
        if matches!(ProcessId::of(self.pid), Ok(Some(now)) if now == *self) {
            let _ = pidfd_send_signal(fd, Signal::KILL);
        }
    }

    /// False only when it is known to be gone.
    pub(crate) fn alive(&self) -> bool {
        ProcessId::of(self.pid).map_or(true, |now| now.as_ref() == Some(self))
    }
}

fn is_gone(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound || error.raw_os_error() == Some(libc::ESRCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_told_from_another_with_its_number() {
        let me = ProcessId::of(std::process::id() as i32).unwrap().unwrap();
        assert!(me.alive());
        let other = ProcessId {
            start: me.start + 1,
            ..me.clone()
        };
        assert!(!other.alive());
    }
}
