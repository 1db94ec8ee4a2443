//! The agent: the process inside a sandbox that runs its commands.
//!
//! In the `namespace` runtime it is pid 1 of the sandbox, in the `process`
//! runtime a plain subreaper. The supervisor holds the other end of its control
//! socket ([`AgentProcess`]); when that end closes, for whatever reason, the
//! agent ends and takes every process of the sandbox with it.

mod children;
mod command;
mod config;
mod connect;
mod descendants;
mod environment;
mod error;
mod event;
mod handle;
mod launch;
mod mend;
mod namespace;
mod process;
mod serve;
mod setup;
mod terminal;
mod wire;

pub use config::{AgentConfig, CommandSpec, PtySize, Stdio};
pub use error::AgentError;
pub use event::{AgentEvent, SpawnFailure};
pub use handle::AgentProcess;

use std::os::fd::{FromRawFd, OwnedFd, RawFd};
use std::process::ExitCode;

use rustix::net::{RecvFlags, SendFlags};

use crate::runtime::Runtime;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use wire::fuzzing::messages as fuzz_messages;
use wire::{FromAgent, Packet, Received, Refusal, ToAgent, receive};

/// The hidden verb under which the executable becomes an agent.
pub const AGENT_VERB: &str = "__agent";

const CONTROL_FD: RawFd = 3;

/// The agent's whole life. Its control socket is descriptor 3.
///
/// Must be called from the main thread before any other thread exists: it forks
/// and goes on in the child.
pub fn agent_main() -> ExitCode {
    // SAFETY: the supervisor put the socket there, and nothing else in this process owns it.
    let control = unsafe { OwnedFd::from_raw_fd(CONTROL_FD) };
    close_from(CONTROL_FD + 1);
    let setup = match receive(&control, RecvFlags::empty()) {
        Ok(Received::Message(ToAgent::Setup(setup), _)) => setup,
        _ => return ExitCode::FAILURE,
    };
    if rustix::io::fcntl_setfd(&control, rustix::io::FdFlags::CLOEXEC).is_err() {
        return ExitCode::FAILURE;
    }
    match setup.runtime {
        Runtime::Namespace => namespace::run(*setup, control),
        Runtime::Process => process::run(*setup, control),
    }
}

/// Closes every descriptor from `first` on that a careless caller let through.
fn close_from(first: RawFd) {
    // SAFETY: called where nothing above `first` is owned by this process.
    unsafe { libc::close_range(first as u32, u32::MAX, 0) };
}

fn refuse(control: &OwnedFd, refusal: Refusal) -> ExitCode {
    let packet = Packet::from_agent(&FromAgent::Failed(refusal), Vec::new());
    // A supervisor that is gone needs no reason.
    let _ = packet.send(control, SendFlags::empty());
    ExitCode::FAILURE
}
