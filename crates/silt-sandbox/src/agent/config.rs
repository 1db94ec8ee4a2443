//! What the supervisor tells an agent at its start and for each command.

use std::os::fd::OwnedFd;
use std::path::PathBuf;

use super::AgentError;
use crate::limits::Limits;
use crate::runtime::{Mount, Network, Runtime};

/// What an agent is started with. Travels over the control socket, never in argv.
#[derive(Clone, Debug)]
pub struct AgentConfig {
    pub runtime: Runtime,
    /// Host name inside; the sandbox's name.
    pub hostname: String,
    /// Host folder shown writable at `/workspace`. Must exist; absolute.
    pub workdir: PathBuf,
    pub mounts: Vec<Mount>,
    pub network: Network,
    /// The sandbox's own environment, for every command. A command's own wins over it.
    pub env: Vec<(String, String)>,
    pub limits: Limits,
    /// Host folders that must never be seen inside, even below `workdir` or a
    /// mount: the Silt home with its logs and sockets.
    pub hidden: Vec<PathBuf>,
    /// The executable that knows [`AGENT_VERB`](super::AGENT_VERB); `None` is this very one.
    pub executable: Option<PathBuf>,
}

/// One command.
#[derive(Clone, Debug, Default)]
pub struct CommandSpec {
    /// A path, or a name looked up in the `PATH` inside.
    pub program: String,
    /// Without the program's own name.
    pub args: Vec<String>,
    /// As seen inside; relative to the workdir, which is also the default.
    pub cwd: Option<String>,
    pub env: Vec<(String, String)>,
}

/// Size of a terminal in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PtySize {
    pub cols: u16,
    pub rows: u16,
}

/// What a command's descriptors 0, 1 and 2 are.
#[derive(Debug)]
pub enum Stdio {
    Pipes {
        stdin: OwnedFd,
        stdout: OwnedFd,
        stderr: OwnedFd,
    },
    /// A terminal made inside the sandbox; its master comes back as
    /// [`AgentEvent::PtyMaster`](super::AgentEvent::PtyMaster).
    Pty(PtySize),
}

impl CommandSpec {
    pub(super) fn validate(&self) -> Result<(), AgentError> {
        let refuse = |option, message: String| Err(AgentError::InvalidArgument { option, message });
        let has_nul = |text: &String| text.contains('\0');
        if self.program.is_empty() {
            return refuse("program", "it is empty; name a program".into());
        }
        if has_nul(&self.program) || self.args.iter().any(has_nul) {
            return refuse(
                "args",
                "a program or an argument can not hold a NUL byte".into(),
            );
        }
        if self.cwd.as_ref().is_some_and(has_nul) {
            return refuse("cwd", "a path can not hold a NUL byte".into());
        }
        validate_env(&self.env)
    }
}

/// The value is never part of the message: it may be a secret.
pub(super) fn validate_env(env: &[(String, String)]) -> Result<(), AgentError> {
    for (name, value) in env {
        if name.is_empty() || name.contains(['=', '\0']) || value.contains('\0') {
            let message =
                format!("{name:?} is no name of a variable, or its value holds a NUL byte");
            return Err(AgentError::InvalidArgument {
                option: "env",
                message,
            });
        }
    }
    Ok(())
}
