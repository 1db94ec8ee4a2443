//! The end of a sandbox: asked for, by a limit, or by its command's exit.

use super::Supervisor;
use super::phase::Phase;
use super::room::with_room;
use super::session::{GRACE, ProgramExit};
use crate::status::now_ns;
use crate::{Home, Reply, remove, sys};
use std::time::{Duration, Instant};

/// How long exits are awaited after SIGKILL.
const KILL_PATIENCE: Duration = Duration::from_secs(1);
/// How long pipes are read after nothing that could write runs any more.
const DRAIN_PATIENCE: Duration = Duration::from_secs(5);
/// How long the last answers may take.
const ANSWER_PATIENCE: Duration = Duration::from_secs(2);

impl Supervisor {
    /// SIGTERM for all, SIGKILL after the grace.
    pub(super) fn stop(&mut self, why: &str) {
        if self.phase != Phase::Running {
            return;
        }
        self.note(&format!("stopping: {why}"));
        self.phase = Phase::Terminating {
            until: Instant::now() + GRACE,
        };
        if self.nothing_runs() {
            return;
        }
        self.signal_all(libc::SIGTERM);
        // An interactive shell ignores SIGTERM, and knows a hang-up.
        let terminals: Vec<u64> = self
            .sessions
            .values()
            .filter(|session| session.pty)
            .map(|session| session.id)
            .collect();
        for id in terminals {
            self.signal(id, libc::SIGHUP);
        }
    }

    /// SIGKILL for all.
    pub(super) fn end_now(&mut self, why: &str) {
        match self.phase {
            Phase::Running => self.note(&format!("stopping: {why}")),
            Phase::Terminating { .. } => {}
            Phase::Killing { .. } | Phase::Draining { .. } | Phase::Over => return,
        }
        self.signal_all(libc::SIGKILL);
        self.phase = Phase::Killing {
            until: Instant::now() + KILL_PATIENCE,
        };
    }

    fn signal_all(&mut self, signal: i32) {
        for session in self.sessions.values_mut() {
            session.asked_to_die = true;
        }
        if let Some(agent) = &mut self.agent {
            let _ = agent.signal_all(signal);
        }
    }

    /// Ends the agent and with it all that runs. What was written lies in the
    /// pipes still.
    pub(super) fn end_agent(&mut self) {
        self.hear_the_last();
        self.cancel_pending();
        self.note_limits();
        if let Some(agent) = self.agent.take() {
            self.poller.remove(&agent);
            if let Err(error) = agent.end() {
                self.note(&format!("WARNING: could not clean up all: {error}"));
            }
        }
        self.phase = Phase::Draining {
            until: Instant::now() + DRAIN_PATIENCE,
        };
        let ids: Vec<u64> = self.sessions.keys().copied().collect();
        for id in ids {
            if let Some(session) = self.sessions.get_mut(&id)
                && session.exit.is_none()
            {
                session.exit = Some(ProgramExit::now(None, Some("SIGKILL".to_owned())));
            }
            self.settle(id);
        }
    }

    /// Goes on to the next phase as soon as there is nothing to wait for.
    pub(super) fn advance(&mut self) {
        let now = Instant::now();
        loop {
            match self.phase {
                Phase::Terminating { .. } if self.nothing_runs() => self.end_agent(),
                Phase::Terminating { until } if now >= until => self.end_now("SIGKILL"),
                Phase::Killing { until } if now >= until || self.all_have_exited() => {
                    self.end_agent();
                }
                Phase::Draining { .. } if self.sessions.is_empty() => self.phase = Phase::Over,
                Phase::Draining { until } if now >= until => self.abandon_outputs(),
                _ => return,
            }
        }
    }

    /// What was asked of the agent may run already: the agent says so first.
    fn nothing_runs(&self) -> bool {
        self.sessions.is_empty() && self.pending.is_empty()
    }

    fn all_have_exited(&self) -> bool {
        self.pending.is_empty() && self.sessions.values().all(|one| one.exit.is_some())
    }

    /// Where something outside the sandbox was given the pipes, its end is not
    /// awaited. Who was only held up still reads all that there is.
    fn abandon_outputs(&mut self) {
        let ids: Vec<u64> = self.sessions.keys().copied().collect();
        for id in ids {
            self.capture_what_is_there(id);
            if !self.sessions.contains_key(&id) {
                continue;
            }
            self.note(&format!(
                "WARNING: session {id}: something that could not be ended still holds its output"
            ));
            self.end_all_outputs(id);
            self.settle(id);
        }
    }

    /// Whoever asked for the sandbox went away before it was ready.
    pub(super) fn abandon(mut self, created: bool) {
        self.note("stopping: who started it is gone");
        self.end_agent();
        self.removes_itself |= created;
        self.finish();
    }

    /// The last steps, in an order that lets no client see half of it: first
    /// the files say that it ended, then the log ends, then callers are told.
    pub(super) fn finish(mut self) {
        self.note("stopped");
        self.writer.flush();
        self.state.ended_at = Some(silt_log::format_time(now_ns()));
        // What is deleted gets no new file, and what has its name is another's.
        if !self.folder_watch.is_gone() {
            let folder = self.folder_watch.held();
            let _ = with_room(&mut self.writer, || self.journal.settle());
            let _ = with_room(&mut self.writer, || self.state.write(&folder));
            let _ = sys::remove(&folder.socket());
        }
        let goes = self.removes_itself && self.folder_watch.lock();
        drop(self.exposed);
        self.writer.end();
        for caller in self.ending_for {
            self.clients.reply(caller, Ok(Reply::Done), &self.poller);
        }
        self.clients.finish(ANSWER_PATIENCE);
        if goes {
            // What is left of it is taken by the next `prune`.
            let _ = remove::discard(&Home::at(self.home), self.folder_watch.path());
        }
    }
}
