//! The agent: the process inside a sandbox that runs its commands.
//!
//! In the `namespace` runtime it is pid 1 of the sandbox, in the `process`
//! runtime a plain subreaper. The supervisor holds the other end of its control
//! socket ([`AgentProcess`]); when that end closes, for whatever reason, the
//! agent ends and takes every process of the sandbox with it.

mod config;
mod error;
mod event;
mod handle;

pub use config::{AgentConfig, CommandSpec, PtySize, Stdio};
pub use error::AgentError;
pub use event::{AgentEvent, SpawnFailure};
pub use handle::AgentProcess;

use std::process::ExitCode;

/// The hidden verb under which the executable becomes an agent.
pub const AGENT_VERB: &str = "__agent";

/// The agent's whole life. Its control socket is descriptor 3.
///
/// Must be called from the main thread before any other thread exists.
pub fn agent_main() -> ExitCode {
    ExitCode::FAILURE
}
