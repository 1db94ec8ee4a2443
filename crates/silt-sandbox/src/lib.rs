//! Sandboxes of this machine.

mod agent;
mod limits;
mod runtime;

pub use agent::{
    AGENT_VERB, AgentConfig, AgentError, AgentEvent, AgentProcess, CommandSpec, PtySize,
    SpawnFailure, Stdio, agent_main,
};
pub use limits::{Limits, UnheldLimit};
pub use runtime::{Mount, Network, Runtime};
