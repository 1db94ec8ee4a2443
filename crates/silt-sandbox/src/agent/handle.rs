//! The supervisor's side of an agent.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use super::{AgentConfig, AgentError, AgentEvent, CommandSpec, PtySize, Stdio};
use crate::limits::UnheldLimit;

/// A running agent. Dropping it ends the sandbox: every process in it is killed,
/// the agent is reaped and the control groups are removed.
///
/// Used from one thread; it may move between threads, and the thread that
/// started it may end. Sending blocks only while the agent is behind.
#[derive(Debug)]
pub struct AgentProcess {
    control: OwnedFd,
}

impl AgentProcess {
    /// Starts an agent and waits until the sandbox is ready.
    ///
    /// # Errors
    /// `RuntimeUnavailable` and `LimitUnavailable` name the mend, `InvalidArgument`
    /// the workdir or mount that is not there.
    pub fn start(config: &AgentConfig) -> Result<Self, AgentError> {
        let _ = config;
        Err(AgentError::io(
            "not there yet",
            std::io::Error::from(std::io::ErrorKind::Unsupported),
        ))
    }

    /// The agent's process id on the host.
    pub fn pid(&self) -> i32 {
        0
    }

    /// Next event, or `None` when there is none now; never blocks. Poll
    /// [`as_fd`](AsFd::as_fd) for readable. After [`AgentEvent::Ended`] always `None`.
    pub fn recv(&mut self) -> Result<Option<AgentEvent>, AgentError> {
        Ok(None)
    }

    /// Asks for a command. `id` is the caller's own and must not repeat.
    /// The outcome comes as `Spawned` or `SpawnFailed`.
    pub fn spawn(&mut self, id: u64, spec: &CommandSpec, stdio: Stdio) -> Result<(), AgentError> {
        let _ = (id, spec, stdio);
        Ok(())
    }

    /// Sends a signal to the process group of a command, also after the command
    /// itself has exited. Nobody left in it is not an error.
    pub fn signal(&mut self, id: u64, signal: i32) -> Result<(), AgentError> {
        let _ = (id, signal);
        Ok(())
    }

    /// Sends a signal to every process of the sandbox but the agent.
    pub fn signal_all(&mut self, signal: i32) -> Result<(), AgentError> {
        let _ = signal;
        Ok(())
    }

    /// Sets the size of a command's terminal; its foreground group gets SIGWINCH.
    pub fn resize(&mut self, id: u64, size: PtySize) -> Result<(), AgentError> {
        let _ = (id, size);
        Ok(())
    }

    /// Asks for a TCP connection to `port` inside: 127.0.0.1, then ::1, again for up to 10 s.
    pub fn connect(&mut self, token: u64, port: u16) -> Result<(), AgentError> {
        let _ = (token, port);
        Ok(())
    }

    /// The limits that were asked for with `bestEffort` and do not hold.
    pub fn unheld_limits(&self) -> &[UnheldLimit] {
        &[]
    }

    /// How many processes of this sandbox the kernel has killed for want of memory
    /// since the start; 0 without a memory limit. Cheap enough to ask at each exit by SIGKILL.
    pub fn oom_kills(&self) -> u64 {
        0
    }

    /// Ends the sandbox now, as dropping does, and says what could not be cleaned up.
    pub fn end(self) -> Result<(), AgentError> {
        Ok(())
    }
}

impl AsFd for AgentProcess {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.control.as_fd()
    }
}
