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

    /// Takes what the agent reported before its end, which is no news any more.
    pub(super) fn hear_the_last(&mut self) {
        while let Some(Ok(Some(event))) = self.agent.as_mut().map(AgentProcess::recv) {
            if matches!(event, AgentEvent::Ended) {
                return;
            }
            self.take_agent_event(event);
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
                self.note_limits();
                if let Some(signal) = signal {
                    self.note_signal(id, signal);
                }
                self.exited(id, ProgramExit::now(code, signal.map(signals::name)));
            }
            AgentEvent::Connected { token, fd } => self.exposed.connected(token, fd),
            AgentEvent::ConnectFailed { token } => self.exposed.failed(token),
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

    /// What the kernel did to a command; what a client asked for is no news.
    fn note_signal(&mut self, id: u64, signal: i32) {
        let Some(session) = self.sessions.get(&id) else {
            return;
        };
        let (program, name) = (&session.program, signals::name(signal));
        let ended = format!("session {id} ({program}) was ended by {name}");
        let asked = session.asked_to_die || session.timed_out;
        let text = if signal == libc::SIGXCPU {
            format!("ERROR: {ended}: past its limit of processor time")
        } else if signals::is_fatal_fault(signal) {
            format!("ERROR: {ended}")
        } else if signal == libc::SIGKILL && !asked {
            format!("WARNING: {ended}, which no client asked for")
        } else {
            return;
        };
        self.writer.event(Log::Kernel, &text);
    }

    /// What the limits of the whole sandbox did since this was asked last.
    pub(super) fn note_limits(&mut self) {
        let Some(agent) = &self.agent else { return };
        let limits = &self.record.limits;
        if let Some(bytes) = limits.memory_bytes {
            let kills = agent.oom_kills();
            if kills > self.oom_kills {
                let text = format!(
                    "CRITICAL: {} processes were killed for want of memory, limit {bytes} bytes",
                    kills - self.oom_kills
                );
                self.oom_kills = kills;
                self.writer.event(Log::Kernel, &text);
            }
        }
        if let Some(processes) = limits.processes {
            let refusals = agent.fork_refusals();
            if refusals > self.fork_refusals {
                let text = format!(
                    "WARNING: a new process was refused {} times, limit {processes}",
                    refusals - self.fork_refusals
                );
                self.fork_refusals = refusals;
                self.writer.event(Log::Kernel, &text);
            }
        }
    }

    /// Without its agent nothing of the sandbox runs.
    fn lost_agent(&mut self, why: &str) {
        let text = format!("the first process of the sandbox is gone: {why}");
        self.writer.event(Log::Kernel, &format!("CRITICAL: {text}"));
        self.state.error = Some(text);
        self.end_agent();
    }

    /// Signals a command's group on behalf of a client or of a limit.
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
