//! Limits on memory, processes, files and processor time.
//!
//! `memoryBytes` and `processes` hold for the whole sandbox, `openFiles` and
//! `cpuSeconds` for each process in it.

mod group;
mod hierarchy;
mod leftovers;

use serde::{Deserialize, Serialize};

use crate::agent::AgentError;
use crate::runtime::Runtime;
pub(crate) use group::ControlGroup;
use hierarchy::Controller;

/// What a sandbox may use at most. Absent means no limit of Silt's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Limits {
    /// Bytes of memory of the whole sandbox, at least 4 MiB. The private `/tmp`, at
    /// most half of it, counts too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
    /// Processes and threads of the whole sandbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processes: Option<u64>,
    /// Open descriptors of each process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_files: Option<u64>,
    /// Seconds of processor time of each process; SIGXCPU, then SIGKILL a second later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_seconds: Option<u64>,
    /// Go on without the limits that this machine cannot hold. Default false.
    pub best_effort: bool,
}

/// A limit that was asked for with `bestEffort` and does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnheldLimit {
    /// The option's name, such as `memoryBytes`.
    pub name: &'static str,
    /// Why it does not hold, and what to do.
    pub reason: String,
}

/// Below this not even the agent fits.
const MEMORY_MIN: u64 = 4 << 20;

/// What holds the limits of one sandbox.
pub(crate) struct Held {
    pub(crate) group: ControlGroup,
    pub(crate) unheld: Vec<UnheldLimit>,
    /// To be held by the agent as `RLIMIT_NPROC`, which counts the sandbox alone
    /// where it has a user namespace of its own.
    pub(crate) processes_by_rlimit: Option<u64>,
}

/// Makes the control groups that the limits need.
///
/// # Errors
/// `LimitUnavailable`, unless `bestEffort`; `InvalidArgument` for a limit that
/// leaves no room to run anything.
pub(crate) fn prepare(limits: &Limits, runtime: Runtime) -> Result<Held, AgentError> {
    limits.validate()?;
    if limits.memory_bytes.is_some() || limits.processes.is_some() {
        leftovers::remove();
    }
    let own = agent_processes(runtime);
    let mut held = Held {
        group: ControlGroup::default(),
        unheld: Vec::new(),
        processes_by_rlimit: None,
    };
    if let Some(bytes) = limits.memory_bytes
        && let Err(reason) = held.group.limit(Controller::Memory, bytes)
    {
        held.unheld.push(UnheldLimit {
            name: "memoryBytes",
            reason,
        });
    }
    if let Some(processes) = limits.processes
        && let Err(reason) = held
            .group
            .limit(Controller::Pids, processes.saturating_add(own))
    {
        match runtime {
            // Since Linux 5.14 the kernel counts processes by user namespace.
            Runtime::Namespace if hierarchy::counts_by_namespace() => {
                held.processes_by_rlimit = Some(processes.saturating_add(own));
            }
            _ => held.unheld.push(UnheldLimit {
                name: "processes",
                reason,
            }),
        }
    }
    match held.unheld.first() {
        Some(first) if !limits.best_effort => Err(AgentError::LimitUnavailable {
            limit: first.name,
            message: first.reason.clone(),
            mend: MEND.into(),
        }),
        _ => Ok(held),
    }
}

const MEND: &str = "start it as root, or in a delegated control group of cgroup v2 \
    (`systemd-run --user --scope -p Delegate=yes …`), or set `bestEffort: true` to go on without";

/// The agent's own processes, which count but are not the caller's.
fn agent_processes(runtime: Runtime) -> u64 {
    match runtime {
        Runtime::Namespace => 2,
        Runtime::Process => 1,
    }
}

impl Limits {
    fn validate(&self) -> Result<(), AgentError> {
        let refuse = |option, message: String| Err(AgentError::InvalidArgument { option, message });
        if self.memory_bytes.is_some_and(|bytes| bytes < MEMORY_MIN) {
            return refuse(
                "limits.memoryBytes",
                format!("at least {MEMORY_MIN} bytes are needed to run anything"),
            );
        }
        let counts = [
            ("limits.processes", self.processes, 1),
            ("limits.openFiles", self.open_files, 4),
            ("limits.cpuSeconds", self.cpu_seconds, 1),
        ];
        for (option, given, least) in counts {
            if given.is_some_and(|count| count < least) {
                return refuse(
                    option,
                    format!("at least {least} is needed to run anything"),
                );
            }
        }
        Ok(())
    }
}
