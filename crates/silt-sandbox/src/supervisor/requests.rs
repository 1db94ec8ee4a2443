//! Answering clients.

use super::Supervisor;
use super::clients::Asked;
use super::input::Written;
use super::phase::Phase;
use super::poller::{Interest, Token};
use super::session::{Caller, Session};
use super::signals;
use crate::agent::PtySize;
use crate::{Error, Reply, Request, SessionEnd};
use silt_log::{Exit, Log, SessionTotals};

impl Supervisor {
    pub(super) fn answer(&mut self, asked: Asked) {
        let caller = asked.caller;
        let answer = match asked.request {
            Request::Spawn(spawn) => match self.running() {
                Ok(()) => return self.spawn(caller, spawn),
                Err(error) => Err(error),
            },
            Request::Write { session_id } => {
                match self.write(caller, session_id, asked.payload) {
                    // Answered once the command has taken it.
                    Ok(()) => return,
                    Err(error) => Err(error),
                }
            }
            Request::CloseStdin { session_id } => self.close_stdin(session_id),
            Request::Signal { session_id, signal } => self.send_signal(session_id, &signal),
            Request::Resize {
                session_id,
                cols,
                rows,
            } => self.resize(session_id, PtySize { cols, rows }),
            Request::Wait { session_id } => match self.wait_for(session_id, |session| {
                session.waiters.push(caller);
            }) {
                Ok(None) => return,
                Ok(Some(reply)) => Ok(reply),
                Err(error) => Err(error),
            },
            Request::WaitForLastByte { session_id } => match self.wait_for(session_id, |session| {
                session.patient_waiters.push(caller);
            }) {
                Ok(None) => return,
                Ok(Some(reply)) => Ok(reply),
                Err(_) if self.was_begun(session_id) => Ok(self.over_by_now(session_id)),
                Err(error) => Err(error),
            },
            Request::Expose { port } => self.running().and_then(|()| self.expose(port)),
            Request::Stop => {
                self.ending_for.push(caller);
                return self.stop("a client asked for it");
            }
            Request::Kill => {
                self.ending_for.push(caller);
                return self.end_now("a client asked to kill it");
            }
            Request::Inspect => {
                self.flush();
                let home = crate::Home::at(self.home.clone());
                crate::get(&home, &self.record.name).map(|info| Reply::Info(Box::new(info)))
            }
            Request::Ping => Ok(Reply::Pong {
                release: env!("CARGO_PKG_VERSION").to_owned(),
                pid: std::process::id(),
            }),
        };
        self.clients.reply(caller, answer, &self.poller);
    }

    fn running(&self) -> Result<(), Error> {
        match self.phase {
            Phase::Running => Ok(()),
            _ => Err(Error::not_running(&self.record.name, "it is ending")),
        }
    }

    /// A session that has not ended. None when it has; an error when there was
    /// none of this number.
    fn session(&mut self, id: u64) -> Result<Option<&mut Session>, Error> {
        if self.journal.get(id).is_none() && !self.sessions.contains_key(&id) {
            let message = format!("there is no session {id} in this sandbox");
            return Err(Error::argument("sessionId", message));
        }
        Ok(self.sessions.get_mut(&id))
    }

    /// Also where a full disk took it off the record.
    fn was_begun(&self, id: u64) -> bool {
        id <= self.journal.newest().max(self.writer.last_session())
    }

    fn write(&mut self, caller: Caller, id: u64, bytes: Vec<u8>) -> Result<(), Error> {
        let size = bytes.len();
        let Some(session) = self.session(id)? else {
            self.answer_writes(vec![(caller, true)]);
            return Ok(());
        };
        if session.input.is_full(size) {
            return Err(Error::argument(
                "data",
                "the command does not read, and too much waits for it; await each write",
            ));
        }
        if session.input.is_ending() {
            self.answer_writes(vec![(caller, true)]);
            return Ok(());
        }
        session.input.push(bytes, caller);
        self.write_input(id);
        Ok(())
    }

    fn close_stdin(&mut self, id: u64) -> Result<Reply, Error> {
        if let Some(session) = self.session(id)? {
            session.input.end();
            self.write_input(id);
        }
        Ok(Reply::Done)
    }

    /// Gives a command what it takes of its standard input now.
    pub(super) fn write_input(&mut self, id: u64) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        let mut answers = Vec::new();
        let input = &mut session.input;
        input.write(&mut answers);
        if let Some(fd) = input.fd()
            && input.waits() != input.watched
        {
            // Not watched while nothing waits: the end of a reader would be
            // reported again and again.
            if input.watched {
                self.poller.remove(fd);
            } else {
                let _ = self.poller.add(fd, Token::Input(id), Interest::Write);
            }
            input.watched = !input.watched;
        }
        drop(input.take_ended());
        self.answer_writes(answers);
    }

    /// The session is over: what waits will never be read.
    pub(super) fn close_input(&mut self, session: &mut Session) {
        let mut answers = Vec::new();
        session.input.give_up(&mut answers);
        if session.input.watched
            && let Some(fd) = session.input.fd()
        {
            self.poller.remove(fd);
        }
        self.answer_writes(answers);
    }

    fn answer_writes(&mut self, answers: Vec<Written>) {
        for (caller, closed) in answers {
            let reply = Reply::Written { closed };
            self.clients.reply(caller, Ok(reply), &self.poller);
        }
    }

    fn send_signal(&mut self, id: u64, name: &str) -> Result<Reply, Error> {
        let signal = signals::parse(name).ok_or_else(|| {
            Error::argument(
                "signal",
                format!("{name:?} is not a signal, such as SIGTERM"),
            )
        })?;
        if self.session(id)?.is_some() {
            self.signal(id, signal);
        }
        Ok(Reply::Done)
    }

    fn resize(&mut self, id: u64, size: PtySize) -> Result<Reply, Error> {
        match self.session(id)? {
            Some(session) if !session.pty => {
                let message = format!("session {id} has no terminal; spawn it with pty");
                Err(Error::argument("sessionId", message))
            }
            Some(_) => {
                self.agent()?.resize(id, size)?;
                Ok(Reply::Done)
            }
            None => Ok(Reply::Done),
        }
    }

    /// Of a session whose end nobody knows any more it is known that all it
    /// wrote lies before now.
    fn over_by_now(&mut self, id: u64) -> Reply {
        self.flush();
        let totals = SessionTotals {
            last_sequence: self.writer.last_sequence(Log::Exec),
            ..SessionTotals::default()
        };
        let exit = Exit {
            code: None,
            signal: None,
            started_ns: 0,
            ended_ns: 0,
            timed_out: false,
        };
        Reply::Ended(SessionEnd::new(id, exit, &totals))
    }

    /// None while it is waited for.
    fn wait_for(
        &mut self,
        id: u64,
        join: impl FnOnce(&mut Session),
    ) -> Result<Option<Reply>, Error> {
        if let Some(session) = self.session(id)? {
            join(session);
            return Ok(None);
        }
        match self.journal.get(id).and_then(|session| session.end.clone()) {
            Some(end) => Ok(Some(Reply::Ended(end))),
            None => Err(Error::not_running(
                &self.record.name,
                format!(
                    "session {id} was running when the supervisor before died; how it ended is not known"
                ),
            )),
        }
    }
}
