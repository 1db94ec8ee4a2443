//! The supervisor's side of an agent.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::process::Child;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{RecvFlags, SendFlags};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::launch::launch;
use super::setup::{Prepared, prepare, refused};
use super::wire::{FromAgent, Packet, Received, ToAgent, receive};
use super::{AgentConfig, AgentError, AgentEvent, CommandSpec, PtySize, Stdio};
use crate::limits::{ControlGroup, UnheldLimit};

/// How long the end of a sandbox may take before what is left is given up on.
/// Only processes stuck in the kernel take longer than milliseconds.
const END_MAX: Duration = Duration::from_secs(10);

/// A running agent. Dropping it ends the sandbox: every process in it is killed,
/// the agent is reaped and the control groups are removed.
///
/// Used from one thread at a time; the thread that started it may end before it.
/// Sending blocks only while the agent is behind.
#[derive(Debug)]
pub struct AgentProcess {
    /// `None` once the sandbox has been ended.
    control: Option<OwnedFd>,
    child: Child,
    group: ControlGroup,
    unheld: Vec<UnheldLimit>,
    ended: bool,
}

impl AgentProcess {
    /// Starts an agent and waits until the sandbox is ready.
    ///
    /// # Errors
    /// `RuntimeUnavailable` and `LimitUnavailable` name the mend, `InvalidArgument`
    /// the workdir or mount that is not there.
    pub fn start(config: &AgentConfig) -> Result<Self, AgentError> {
        let Prepared {
            message,
            group,
            unheld,
        } = prepare(config)?;
        let (child, control) = launch(config.executable.as_deref())
            .map_err(|e| AgentError::io("start the agent's process", e))?;
        let mut agent = Self {
            control: Some(control),
            child,
            group,
            unheld,
            ended: false,
        };
        agent.group.add(agent.pid())?;
        agent.send(&ToAgent::Setup(Box::new(message)), Vec::new())?;
        match receive(agent.as_fd(), RecvFlags::empty()) {
            Ok(Received::Message(FromAgent::Ready, _)) => Ok(agent),
            Ok(Received::Message(FromAgent::Failed(refusal), _)) => Err(refused(config, refusal)),
            Ok(_) => {
                drop(agent.control.take());
                let how = agent
                    .child
                    .wait()
                    .map_or_else(|e| e.to_string(), |s| s.to_string());
                Err(AgentError::io(
                    format!("set up the sandbox: the agent ended early ({how})"),
                    std::io::ErrorKind::UnexpectedEof,
                ))
            }
            Err(error) => Err(AgentError::io("hear from the agent", error)),
        }
    }

    /// The agent's process id on the host.
    pub fn pid(&self) -> i32 {
        self.child.id() as i32
    }

    /// Next event, or `None` when there is none now; never blocks. Poll
    /// [`as_fd`](AsFd::as_fd) for readable. After [`AgentEvent::Ended`] always `None`.
    pub fn recv(&mut self) -> Result<Option<AgentEvent>, AgentError> {
        if self.ended {
            return Ok(None);
        }
        let (message, mut fds) = match receive(self.as_fd(), RecvFlags::DONTWAIT) {
            Ok(Received::Message(message, fds)) => (message, fds),
            Ok(Received::Nothing) => return Ok(None),
            Ok(Received::Closed) => {
                self.ended = true;
                return Ok(Some(AgentEvent::Ended));
            }
            Ok(Received::Lost(_)) => {
                let odd = std::io::ErrorKind::InvalidData;
                return Err(AgentError::io("hear from the agent", odd));
            }
            Err(error) => return Err(AgentError::io("hear from the agent", error)),
        };
        // The kernel leaves out what does not fit below the limit on open files.
        let fd = fds.pop();
        Ok(Some(match message {
            FromAgent::Spawned { id, pid } => AgentEvent::Spawned { id, pid },
            FromAgent::PtyMaster { id } => AgentEvent::PtyMaster { id, fd },
            FromAgent::SpawnFailed {
                id,
                errno,
                what,
                message,
            } => AgentEvent::SpawnFailed {
                id,
                errno,
                what,
                message,
            },
            FromAgent::Exited { id, code, signal } => AgentEvent::Exited { id, code, signal },
            FromAgent::Connected { token } => match fd {
                Some(fd) => AgentEvent::Connected { token, fd },
                None => AgentEvent::ConnectFailed { token },
            },
            FromAgent::ConnectFailed { token } => AgentEvent::ConnectFailed { token },
            FromAgent::Ready | FromAgent::Failed(_) => {
                return Err(AgentError::io(
                    "hear from the agent: it answered out of turn",
                    std::io::ErrorKind::InvalidData,
                ));
            }
        }))
    }

    /// Asks for a command. `id` is the caller's own and must not repeat.
    /// The outcome comes as `Spawned` or `SpawnFailed`.
    ///
    /// # Errors
    /// `InvalidArgument` for a NUL byte, or a variable without a usable name.
    pub fn spawn(&mut self, id: u64, spec: &CommandSpec, stdio: Stdio) -> Result<(), AgentError> {
        spec.validate()?;
        let (pty, fds) = match stdio {
            Stdio::Pipes {
                stdin,
                stdout,
                stderr,
            } => (None, vec![stdin, stdout, stderr]),
            Stdio::Pty(size) => (Some((size.cols, size.rows)), Vec::new()),
        };
        let message = ToAgent::Spawn {
            id,
            program: spec.program.clone(),
            args: spec.args.clone(),
            cwd: spec.cwd.clone(),
            env: spec.env.clone(),
            pty,
        };
        self.send(&message, fds)
    }

    /// Sends a signal to the process group of a command, also after the command
    /// itself has exited. Nobody left in it is not an error.
    pub fn signal(&mut self, id: u64, signal: i32) -> Result<(), AgentError> {
        self.send(&ToAgent::Signal { id, signal }, Vec::new())
    }

    /// Sends a signal to every process of the sandbox but the agent.
    pub fn signal_all(&mut self, signal: i32) -> Result<(), AgentError> {
        self.send(&ToAgent::SignalAll { signal }, Vec::new())
    }

    /// Sets the size of a command's terminal; its foreground group gets SIGWINCH.
    pub fn resize(&mut self, id: u64, size: PtySize) -> Result<(), AgentError> {
        self.send(
            &ToAgent::Resize {
                id,
                cols: size.cols,
                rows: size.rows,
            },
            Vec::new(),
        )
    }

    /// Asks for a TCP connection to `port` inside: 127.0.0.1, then ::1, again for up to 10 s.
    pub fn connect(&mut self, token: u64, port: u16) -> Result<(), AgentError> {
        self.send(&ToAgent::Connect { token, port }, Vec::new())
    }

    /// The limits that were asked for with `bestEffort` and do not hold.
    pub fn unheld_limits(&self) -> &[UnheldLimit] {
        &self.unheld
    }

    /// How many processes of this sandbox the kernel has killed for want of memory
    /// since the start; 0 without a memory limit. Cheap enough to ask at each exit by SIGKILL.
    pub fn oom_kills(&self) -> u64 {
        self.group.oom_kills()
    }

    /// How many times the limit on processes has refused a fork since the start;
    /// 0 where no control group holds it.
    pub fn fork_refusals(&self) -> u64 {
        self.group.fork_refusals()
    }

    /// Ends the sandbox now, as dropping does, and says what could not be cleaned up.
    pub fn end(mut self) -> Result<(), AgentError> {
        self.finish()
    }

    fn finish(&mut self) -> Result<(), AgentError> {
        if self.control.take().is_none() {
            return Ok(());
        }
        let reaped = self.reap();
        self.group.remove().and(reaped)
    }

    fn reap(&mut self) -> Result<(), AgentError> {
        let lost = |e: std::io::Error| AgentError::io("wait for the agent's end", e);
        if self.child.try_wait().map_err(lost)?.is_some() {
            return Ok(());
        }
        let pid = Pid::from_child(&self.child);
        let pidfd = pidfd_open(pid, PidfdFlags::empty()).map_err(|e| lost(e.into()))?;
        let limit = Timespec {
            tv_sec: END_MAX.as_secs() as i64,
            tv_nsec: 0,
        };
        let ended = rustix::io::retry_on_intr(|| {
            poll(&mut [PollFd::new(&pidfd, PollFlags::IN)], Some(&limit))
        });
        if ended.map_err(|e| lost(e.into()))? == 0 {
            self.child.kill().map_err(lost)?;
        }
        self.child.wait().map_err(lost)?;
        Ok(())
    }

    fn send(&mut self, message: &ToAgent, fds: Vec<OwnedFd>) -> Result<(), AgentError> {
        Packet::to_agent(message, fds)
            .and_then(|packet| Ok(packet.send(self.as_fd(), SendFlags::empty())?))
            .or_else(|error| match error.kind() {
                // Told by `Ended`, in order with what happened before.
                std::io::ErrorKind::BrokenPipe | std::io::ErrorKind::ConnectionReset => Ok(()),
                _ => Err(AgentError::io("tell the agent", error)),
            })
    }
}

impl AsFd for AgentProcess {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.control
            .as_ref()
            .expect("the socket is there until the end")
            .as_fd()
    }
}

impl Drop for AgentProcess {
    fn drop(&mut self) {
        // Nobody is left to be told; `end` is for those who want to know.
        let _ = self.finish();
    }
}
