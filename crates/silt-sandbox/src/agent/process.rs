//! The `process` runtime: no isolation, but nothing outlives its supervisor.

use std::os::fd::OwnedFd;
use std::process::ExitCode;

use rustix::process::set_child_subreaper;

use super::environment::Environment;
use super::serve::{Base, serve};
use super::wire::{Blame, Refusal, Setup};
use super::{descendants, refuse};

pub(super) fn run(setup: Setup, control: OwnedFd) -> ExitCode {
    match set_up(setup) {
        Ok(base) => {
            serve(&control, base);
            descendants::kill_all();
            ExitCode::SUCCESS
        }
        Err(refusal) => refuse(&control, refusal),
    }
}

fn set_up(setup: Setup) -> Result<Base, Refusal> {
    let action = format!("change into the workdir {}", setup.workdir.display());
    rustix::process::chdir(&setup.workdir).map_err(|errno| Refusal {
        blame: Blame::Workdir,
        action,
        errno: errno.raw_os_error(),
    })?;
    // Orphans, also those with a session of their own, come to the agent and not
    // to the host's pid 1: so their killing finds them.
    set_child_subreaper(Some(rustix::process::getpid()))
        .map_err(|errno| Refusal::machine("become the reaper of the commands", errno))?;
    let home = setup.workdir.to_string_lossy().into_owned();
    Ok(Base {
        environment: Environment::new(&home, setup.env),
        rlimits: setup.rlimits,
    })
}
