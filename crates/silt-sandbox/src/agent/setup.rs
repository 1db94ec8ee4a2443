//! From a supervisor's configuration to what the agent is told, and from the
//! agent's refusal to an error that names the mend.

use std::io;

use super::config::validate_env;
use super::mend::mend;
use super::wire::{Blame, Refusal, Rlimits, Setup};
use super::{AgentConfig, AgentError};
use crate::limits::{self, ControlGroup, UnheldLimit};
use crate::runtime::Runtime;

/// The id that a root caller's commands run as unless `SILT_UID` names another.
const NOBODY: u32 = 65534;

pub(super) struct Prepared {
    pub(super) message: Setup,
    pub(super) group: ControlGroup,
    pub(super) unheld: Vec<UnheldLimit>,
}

/// Checks what can be checked before anything is started, and holds the limits.
pub(super) fn prepare(config: &AgentConfig) -> Result<Prepared, AgentError> {
    validate_env(&config.env)?;
    let run_as = match config.runtime {
        Runtime::Namespace => run_as()?,
        Runtime::Process => None,
    };
    let held = limits::prepare(&config.limits, config.runtime)?;
    let rlimits = Rlimits {
        open_files: config.limits.open_files,
        cpu_seconds: config.limits.cpu_seconds,
        processes: held.processes_by_rlimit,
        memory_bytes: config.limits.memory_bytes,
        prefer_killing_commands: held.group.holds_memory(),
    };
    let message = message(config, run_as, rlimits);
    Ok(Prepared {
        message,
        group: held.group,
        unheld: held.unheld,
    })
}

fn message(config: &AgentConfig, run_as: Option<u32>, rlimits: Rlimits) -> Setup {
    let mut env = config.env.clone();
    if config.runtime == Runtime::Process
        && let Ok(path) = std::env::var("PATH")
    {
        env.insert(0, ("PATH".into(), path));
    }
    Setup {
        runtime: config.runtime,
        hostname: config.hostname.clone(),
        workdir: config.workdir.clone(),
        mounts: config.mounts.clone(),
        // One that is not there shows nothing.
        hidden: config
            .hidden
            .iter()
            .filter_map(|path| path.canonicalize().ok())
            .collect(),
        network: config.network,
        env,
        run_as,
        rlimits,
    }
}

fn run_as() -> Result<Option<u32>, AgentError> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let Some(given) = std::env::var_os("SILT_UID") else {
        return Ok(Some(NOBODY));
    };
    match given.to_str().and_then(|text| text.parse().ok()) {
        Some(id) if (1..u32::MAX).contains(&id) => Ok(Some(id)),
        _ => Err(AgentError::InvalidArgument {
            option: "SILT_UID",
            message: format!("{given:?} is not a user id above 0"),
        }),
    }
}

pub(super) fn refused(config: &AgentConfig, refusal: Refusal) -> AgentError {
    let why = io::Error::from_raw_os_error(refusal.errno);
    let message = format!("{}: {why}", refusal.action);
    match refusal.blame {
        Blame::Workdir => AgentError::InvalidArgument {
            option: "workdir",
            message,
        },
        Blame::Mounts => AgentError::InvalidArgument {
            option: "mounts",
            message,
        },
        Blame::Machine => AgentError::RuntimeUnavailable {
            runtime: config.runtime.name(),
            message,
            mend: mend(),
        },
    }
}
