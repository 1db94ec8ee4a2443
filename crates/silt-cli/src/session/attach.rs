//! Follows a session to its end.

use super::input;
use super::shown::{Reader, Shown};
use super::signals::Signals;
use super::terminal::RawMode;
use crate::failure::Failure;
use crate::wakeups::{self, Waker};
use silt_log::{
    BatchLimits, EndReason, Log, LogDirectory, LogPosition, Next, OnGap, Stream, StreamOptions,
};
use silt_sandbox::{Connection, Error, Home, Reply, Request, SessionEnd, Status};
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

/// Until when output is followed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The session's: further commands may run.
    Session,
    /// The sandbox's, which stops with the session.
    Sandbox,
}

/// The answer to `wait`, once it is there.
type Answer = Arc<Mutex<Option<Result<SessionEnd, Error>>>>;

pub(crate) struct Attached<'a> {
    pub(crate) home: &'a Home,
    pub(crate) name: &'a str,
    pub(crate) connection: &'a Connection,
    pub(crate) session_id: u64,
    /// Stands before the session's first entry.
    pub(crate) cursor: &'a str,
    pub(crate) pty: bool,
    pub(crate) until: End,
}

impl Attached<'_> {
    /// Shows what the session writes and forwards what it is sent, until it has
    /// ended and all was shown. When it fails, nothing that nobody follows runs on.
    pub(crate) fn follow(&self, waker: &Waker) -> Result<SessionEnd, Failure> {
        let followed = self.try_follow(waker);
        if followed.is_err() {
            self.end_now();
        }
        followed
    }

    fn try_follow(&self, waker: &Waker) -> Result<SessionEnd, Failure> {
        let options = StreamOptions {
            sessions: vec![self.session_id],
            from_cursor: Some(self.cursor.to_owned()),
            follow: true,
            on_gap: OnGap::Report,
            ..StreamOptions::default()
        };
        let logs = silt_sandbox::logs_dir(self.home, self.name)?;
        let mut stream = LogDirectory::open(logs)?.stream(&options)?;
        let for_log = waker.clone();
        stream.set_waker(Box::new(move || for_log.wake()));
        let answer = self.ask_for_end(waker);
        let _raw = if self.pty { RawMode::enter() } else { None };
        input::forward(self.connection.clone(), self.session_id)
            .map_err(|error| Failure::other(format!("could not start a thread: {error}")))?;
        self.show(&mut stream, &answer)
    }

    fn end_now(&self) {
        let end = match self.until {
            End::Sandbox => Request::Kill,
            End::Session => Request::Signal {
                session_id: self.session_id,
                signal: "SIGKILL".to_owned(),
            },
        };
        // It may have ended by itself.
        let _ = self.connection.call(end, Vec::new());
    }

    fn ask_for_end(&self, waker: &Waker) -> Answer {
        let answer = Answer::default();
        let (slot, waker) = (Arc::clone(&answer), waker.clone());
        let wait = Request::Wait {
            session_id: self.session_id,
        };
        self.connection.request(
            wait,
            Vec::new(),
            Box::new(move |reply| {
                let end = reply.and_then(|(reply, _)| match reply {
                    Reply::Ended(end) => Ok(end),
                    _ => Err(Error::Protocol {
                        message: "the supervisor's answer to `wait` is another".to_owned(),
                    }),
                });
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(end);
                waker.wake();
            }),
        );
        answer
    }

    fn show(&self, stream: &mut Stream, answer: &Answer) -> Result<SessionEnd, Failure> {
        let signals = Rc::new(Signals::new(self.connection, self.session_id, self.pty));
        let held_up = Rc::clone(&signals);
        // A reader that does not read holds up what is shown, and no signal.
        let mut shown = Shown::new(move || held_up.forward());
        let mut over = None;
        let mut until = self.until;
        loop {
            signals.forward();
            match stream.next(BatchLimits::default())? {
                Next::Batch(batch) => {
                    if shown.batch(&batch)? == Reader::Gone {
                        // As the kernel would have said it to the command.
                        signals.send("SIGPIPE");
                    }
                    // Others may write on without an end.
                    over = over.or_else(|| take_end(answer));
                    if until == End::Session
                        && let Some(end) =
                            over.take_if(|end| stands_at(stream) >= end.last_sequence)
                    {
                        return Ok(end);
                    }
                }
                Next::Pending => {
                    if let Some(end) = take_end(answer) {
                        over = Some(end);
                        // What was written before the answer is on disk now.
                        continue;
                    }
                    if until == End::Session
                        && let Some(end) = over.take()
                    {
                        if stream.report_missing(Log::Exec, end.last_sequence)? {
                            over = Some(end);
                            continue;
                        }
                        let (from, to) = (stands_at(stream) + 1, end.last_sequence);
                        if from <= to {
                            shown.note(&format!("not shown: exec {from} to {to}"))?;
                        }
                        return Ok(end);
                    }
                    if let Some(end) = self.unanswered_end(answer)? {
                        // The sandbox was over with its supervisor, whoever goes
                        // on with the log.
                        (over, until) = (Some(end), End::Session);
                        continue;
                    }
                    if over.is_some() && self.connection.is_closed() {
                        // The sandbox was over; the log is another supervisor's now.
                        until = End::Session;
                        continue;
                    }
                    wakeups::wait(None)?;
                }
                Next::End(end) => {
                    return self.after_the_log(end.reason, over, answer);
                }
            }
        }
    }

    /// How the session ended whose supervisor was gone before it answered; None
    /// while there is an answer to come, or the end of the log.
    fn unanswered_end(&self, answer: &Answer) -> Result<Option<SessionEnd>, Failure> {
        let unanswered = matches!(
            *answer.lock().unwrap_or_else(PoisonError::into_inner),
            Some(Err(Error::SandboxNotRunning { .. }))
        );
        if !unanswered {
            return Ok(None);
        }
        match silt_sandbox::recorded_end(self.home, self.name, self.session_id) {
            Ok(None) if self.has_died() => Err(self.died()),
            recorded => Ok(recorded.unwrap_or_default()),
        }
    }

    /// Whether another supervisor goes on with the log, to which the session is
    /// one that crashed or, where the disk had no room for it, unknown.
    fn has_died(&self) -> bool {
        silt_sandbox::get(self.home, self.name).is_ok_and(|info| {
            let mut sessions = info.sessions.iter();
            info.status == Status::Running
                && sessions.all(|one| one.session_id != self.session_id || one.crashed)
        })
    }

    fn died(&self) -> Failure {
        Failure::other(format!(
            "the supervisor of {} died, and the command with it; `silt logs {}` has what it wrote",
            self.name, self.name
        ))
    }

    /// The log has ended; the answer is there, on its way, or will not come.
    fn after_the_log(
        &self,
        reason: EndReason,
        over: Option<SessionEnd>,
        answer: &Answer,
    ) -> Result<SessionEnd, Failure> {
        if let Some(end) = over {
            return Ok(end);
        }
        loop {
            match take(answer) {
                None => {
                    wakeups::wait(None)?;
                }
                Some(Ok(end)) => return Ok(end),
                // A command that ends at once ends its sandbox before it could
                // be asked, and a supervisor can die before it answers; the
                // sandbox's record says how.
                Some(Err(Error::SandboxNotRunning { .. })) => {
                    let id = self.session_id;
                    return match silt_sandbox::recorded_end(self.home, self.name, id)? {
                        Some(end) => Ok(end),
                        None if reason == EndReason::Crashed => Err(self.died()),
                        None => Err(Failure::other(format!(
                            "how session {id} of {} ended is not known",
                            self.name
                        ))),
                    };
                }
                Some(Err(error)) => return Err(error.into()),
            }
        }
    }
}

fn take(answer: &Answer) -> Option<Result<SessionEnd, Error>> {
    answer.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Takes the answer if the session has ended. An error waits for the log's end,
/// so that all that was written is shown first.
fn take_end(answer: &Answer) -> Option<SessionEnd> {
    let mut answer = answer.lock().unwrap_or_else(PoisonError::into_inner);
    answer.take_if(|answer| answer.is_ok())?.ok()
}

/// The number of the last entry that was looked at.
fn stands_at(stream: &Stream) -> u64 {
    match stream.position().position[Log::Exec as usize] {
        LogPosition::After { sequence, .. } => sequence,
        LogPosition::Unread => 0,
    }
}
