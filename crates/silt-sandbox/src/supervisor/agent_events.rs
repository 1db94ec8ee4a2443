//! What the agent reports.

use super::Supervisor;
use super::session::{Caller, ProgramExit};
use super::signals;
use crate::Error;
use crate::agent::{AgentEvent, AgentProcess};
use silt_log::Log;

impl Supervisor {
    /// The agent, while there is a sandbox.
    pub(super) fn agent(&mut self) -> Result<&mut AgentProcess, Error> {
        let name = &self.record.name;
        self.agent
            .as_mut()
            .ok_or_else(|| Error::not_running(name, "it is ending"))
    }

    pub(super) fn take_agent_events(&mut self) {
        while let Some(agent) = &mut self.agent {
            match agent.recv() {
                Ok(Some(AgentEvent::Ended)) => return self.lost_agent("it ended unexpectedly"),
                Ok(Some(event)) => self.take_agent_event(event),
                Ok(None) => return,
                Err(error) => return self.lost_agent(&error.to_string()),
            }
        }
    }

    fn take_agent_event(&mut self, event: AgentEvent) {
        match event {
            AgentEvent::PtyMaster { id, fd } => self.take_terminal(id, fd),
            AgentEvent::Spawned { id, .. } => self.spawned(id),
            AgentEvent::SpawnFailed {
                id,
                errno,
                what,
                message,
            } => self.spawn_failed(id, what, errno, &message),
            AgentEvent::Exited { id, code, signal } => {
                if let Some(signal) = signal {
                    self.note_signal(id, signal);
                }
                self.exited(id, ProgramExit::now(code, signal.map(signals::name)));
            }
            AgentEvent::Connected { token, fd } => self.exposed.connected(token, fd),
            AgentEvent::ConnectFailed { token, .. } => self.exposed.failed(token),
            AgentEvent::Ended => {}
        }
    }

    pub(super) fn exited(&mut self, id: u64, exit: ProgramExit) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        session.exit = Some(exit);
        let ends_sandbox = session.ends_sandbox;
        if ends_sandbox {
            self.end_now("its command has exited");
        }
        self.settle(id);
    }

    /// What the kernel did to the sandbox; what a client asked for is no news.
    fn note_signal(&mut self, id: u64, signal: i32) {
        let oom_kills = self.agent.as_ref().map_or(0, AgentProcess::oom_kills);
        let out_of_memory = oom_kills > self.oom_kills;
        self.oom_kills = oom_kills;
        let Some(session) = self.sessions.get(&id) else {
            return;
        };
        let program = &session.program;
        let name = signals::name(signal);
        let text = if out_of_memory {
            format!(
                "CRITICAL: session {id} ({program}) was ended by {name}: the kernel killed for want of memory, limit {} bytes",
                self.record.limits.memory_bytes.unwrap_or(0)
            )
        } else if signal == libc::SIGXCPU {
            format!(
                "ERROR: session {id} ({program}) was ended by {name}: past its limit of processor time"
            )
        } else if signals::is_fatal_fault(signal) {
            format!("ERROR: session {id} ({program}) was ended by {name}")
        } else if signal == libc::SIGKILL && !session.asked_to_die && !session.timed_out {
            format!(
                "WARNING: session {id} ({program}) was ended by {name}, which nobody asked Silt for"
            )
        } else {
            return;
        };
        self.writer.event(Log::Kernel, &text);
    }

    /// Without its agent nothing of the sandbox runs.
    fn lost_agent(&mut self, why: &str) {
        let text = format!("the first process of the sandbox is gone: {why}");
        self.writer.event(Log::Kernel, &format!("CRITICAL: {text}"));
        self.state.error = Some(text);
        self.end_agent();
    }

    /// For commands that the supervisor itself ends.
    pub(super) fn signal(&mut self, id: u64, signal: i32) {
        if let Some(session) = self.sessions.get_mut(&id) {
            session.asked_to_die = true;
        }
        if let Some(agent) = &mut self.agent {
            let _ = agent.signal(id, signal);
        }
    }

    pub(super) fn cancel_pending(&mut self) {
        let callers: Vec<Caller> = std::mem::take(&mut self.pending)
            .into_values()
            .map(|pending| pending.caller())
            .collect();
        for caller in callers {
            let error = Error::not_running(&self.record.name, "it ended before the command ran");
            self.clients.reply(caller, Err(error), &self.poller);
        }
    }
}
