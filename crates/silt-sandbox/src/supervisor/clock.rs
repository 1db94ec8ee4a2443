//! Everything that happens because time has passed.

use super::Supervisor;
use super::phase::Phase;
use super::poller::{Interest, Token};
use super::session::{GRACE, TimeLimit};
use crate::Millis;
use crate::Reply;
use std::time::{Duration, Instant};

/// How long new clients wait when descriptors ran out.
pub(super) const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

impl Supervisor {
    /// When there is something to do at the latest, should nothing happen.
    pub(super) fn next_due(&self) -> Option<Instant> {
        let sessions = self.sessions.values().flat_map(|session| {
            [session.detaches_at(), session.time_limit.due()]
                .into_iter()
                .flatten()
        });
        [
            self.writer.deadline(),
            self.journal.deadline(),
            self.phase.due(),
            self.lifetime_due(),
            self.idle_due(),
            self.accept_again,
        ]
        .into_iter()
        .flatten()
        .chain(sessions)
        .min()
    }

    /// Does what is due.
    pub(super) fn on_time(&mut self) {
        let now = Instant::now();
        let passed = |due: Option<Instant>| due.is_some_and(|due| due <= now);
        self.time_sessions(now);
        self.track_idleness(now);
        if passed(self.journal.deadline()) {
            match self.folder_watch.is_gone() {
                true => self.journal.settle_later(),
                false => drop(self.journal.settle()),
            }
        }
        if passed(self.lifetime_due()) {
            self.stop("its lifetime is over");
        }
        if passed(self.idle_due()) {
            self.stop("it was idle for as long as it may be");
        }
        if passed(self.accept_again) {
            self.accept_again = None;
            let _ = self
                .poller
                .add(&self.listener, Token::Listener, Interest::Read);
        }
    }

    fn time_sessions(&mut self, now: Instant) {
        let mut limits = self.sessions.values().map(|one| one.time_limit.due());
        if limits.any(|due| due.is_some_and(|due| due <= now)) {
            // An exit that was not heard of yet is no exit past the limit.
            self.take_agent_events();
        }
        let mut signals = Vec::new();
        let mut detached = Vec::new();
        for session in self.sessions.values_mut() {
            match session.time_limit {
                TimeLimit::Terminate(at) if at <= now && session.exit.is_none() => {
                    session.timed_out = true;
                    session.time_limit = TimeLimit::Kill(now + GRACE);
                    signals.push((session.id, libc::SIGTERM));
                }
                // Its program met the limit; what it left behind has none.
                TimeLimit::Terminate(at) if at <= now => session.time_limit = TimeLimit::Done,
                TimeLimit::Kill(at) if at <= now => {
                    session.time_limit = TimeLimit::Done;
                    signals.push((session.id, libc::SIGKILL));
                }
                _ => {}
            }
            if session.detaches_at().is_some_and(|at| at <= now) && session.is_detached() {
                detached.push(session.id);
            }
        }
        for (id, signal) in signals {
            self.signal(id, signal);
        }
        for id in detached {
            self.answer_detached(id);
        }
    }

    /// Tells waiters of an exit although something still holds the pipes.
    fn answer_detached(&mut self, id: u64) {
        self.capture_what_is_there(id);
        self.writer.hand_on(id);
        self.flush();
        let last_sequence = self.writer.last_sequence(silt_log::Log::Exec);
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        let end = session.detached(last_sequence);
        for caller in std::mem::take(&mut session.waiters) {
            let reply = Reply::Ended(end.clone());
            self.clients.reply(caller, Ok(reply), &self.poller);
        }
    }

    fn track_idleness(&mut self, now: Instant) {
        let idle = self.sessions.is_empty() && self.pending.is_empty() && self.clients.is_empty();
        self.idle_since = idle.then(|| self.idle_since.unwrap_or(now));
    }

    fn lifetime_due(&self) -> Option<Instant> {
        self.running_due(Some(self.started), self.record.max_lifetime)
    }

    fn idle_due(&self) -> Option<Instant> {
        self.running_due(self.idle_since, self.record.idle_timeout)
    }

    fn running_due(&self, since: Option<Instant>, span: Option<Millis>) -> Option<Instant> {
        if self.phase != Phase::Running {
            return None;
        }
        since?.checked_add(span?.duration())
    }
}
