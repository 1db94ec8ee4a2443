//! The `namespace` runtime: the agent becomes pid 1 of its own namespaces.
//!
//! The order matters. As root the mount sources are opened first, then root is
//! given up for good; only then come the namespaces, so that no id inside is ever
//! id 0 of the host. The system is assembled on a fresh tree, the host's tree is
//! let go, and last of all every capability. Two processes remain: the outer one,
//! which only watches the supervisor, and pid 1, which serves.

mod devices;
mod etc;
mod hidden;
mod identity;
mod idmap;
mod mounts;
mod network;
mod outer;
mod root;
mod seal;
mod seccomp;
mod sources;

use std::os::fd::OwnedFd;
use std::process::ExitCode;

use rustix::process::{Signal, set_parent_process_death_signal, setsid};
use rustix::thread::{UnshareFlags, unshare_unsafe};

use super::environment::Environment;
use super::refuse;
use super::serve::{Base, serve};
use super::wire::{Refusal, Setup};
use crate::runtime::Network;
use sources::Sources;

/// Where the workdir is inside, and the `HOME` of every command.
const WORKSPACE: &str = "/workspace";

pub(super) fn run(setup: Setup, control: OwnedFd) -> ExitCode {
    let opened = match enter(&setup) {
        Ok(opened) => opened,
        Err(refusal) => return refuse(&control, refusal),
    };
    // SAFETY: the agent has one thread, so the child may go on as it likes.
    match unsafe { libc::fork() } {
        -1 => {
            let errno = rustix::io::Errno::from_io_error(&std::io::Error::last_os_error());
            let errno = errno.unwrap_or(rustix::io::Errno::AGAIN);
            refuse(
                &control,
                Refusal::machine("fork the first process of the sandbox", errno),
            )
        }
        0 => match set_up(setup, opened) {
            Ok(base) => {
                serve(&control, base);
                // The kernel kills everything else in the sandbox with its pid 1.
                ExitCode::SUCCESS
            }
            Err(refusal) => refuse(&control, refusal),
        },
        inner => {
            drop(opened);
            outer::watch(&control, inner)
        }
    }
}

/// Gives up root, then enters the new namespaces. As root the sources that the
/// caller named are opened before, with the caller's rights.
fn enter(setup: &Setup) -> Result<Option<Sources>, Refusal> {
    let opened = match setup.run_as {
        Some(id) => {
            let opened = Sources::open(setup, Some(id))?;
            identity::give_up_root(id)?;
            Some(opened)
        }
        None => None,
    };
    let mut flags = UnshareFlags::NEWUSER
        | UnshareFlags::NEWNS
        | UnshareFlags::NEWPID
        | UnshareFlags::NEWIPC
        | UnshareFlags::NEWUTS
        | UnshareFlags::NEWCGROUP;
    if setup.network == Network::None {
        flags |= UnshareFlags::NEWNET;
    }
    let ids = identity::current();
    // SAFETY: descriptors are not unshared, and there is one thread.
    unsafe { unshare_unsafe(flags) }
        .map_err(|e| Refusal::machine("make user and other namespaces", e))?;
    identity::map(ids)?;
    Ok(opened)
}

/// Pid 1 from here on: builds the system, then gives up every right it took.
fn set_up(setup: Setup, opened: Option<Sources>) -> Result<Base, Refusal> {
    let machine = |action: &'static str| move |errno| Refusal::machine(action, errno);
    set_parent_process_death_signal(Some(Signal::KILL))
        .map_err(machine("ask for the parent-death signal"))?;
    setsid().map_err(machine("start a session of its own"))?;
    mounts::make_private().map_err(machine("make all mounts private"))?;
    let opened = match opened {
        Some(opened) => opened,
        None => Sources::open(&setup, None)?,
    };
    root::build(&setup, opened)?;
    if setup.network == Network::None {
        network::loopback_up().map_err(machine("bring the loopback up"))?;
    }
    rustix::system::sethostname(setup.hostname.as_bytes()).map_err(machine("set the host name"))?;
    rustix::process::chdir(WORKSPACE).map_err(machine("change into /workspace"))?;
    seal::seal(&setup.rlimits)?;
    Ok(Base {
        environment: Environment::new(WORKSPACE, setup.env),
        rlimits: setup.rlimits,
    })
}
