//! Follows a session to its end.

use super::shown::{Reader, Shown};
use super::terminal::{self, RawMode};
use super::{input, status};
use crate::failure::Failure;
use crate::wakeups::{self, Waker};
use silt_log::{
    BatchLimits, EndReason, Log, LogDirectory, LogPosition, Next, OnGap, Stream, StreamOptions,
};
use silt_sandbox::{Connection, Error, Home, Reply, Request, SessionEnd};
use std::sync::{Arc, Mutex, PoisonError};

/// Signals that go to the command's process group.
const FORWARDED: [(i32, &str); 4] = [
    (libc::SIGINT, "SIGINT"),
    (libc::SIGTERM, "SIGTERM"),
    (libc::SIGHUP, "SIGHUP"),
    (libc::SIGQUIT, "SIGQUIT"),
];

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

/// From now on the signals that are forwarded wait for it.
pub(crate) fn prepare_signals() -> Result<Waker, Failure> {
    let signals = FORWARDED.map(|(signal, _)| signal);
    let waker = wakeups::install(&signals)?;
    wakeups::install(&[libc::SIGWINCH])?;
    Ok(waker)
}

impl Attached<'_> {
    /// Shows what the session writes and forwards what it is sent, until it has
    /// ended and all was shown.
    pub(crate) fn follow(&self, waker: &Waker) -> Result<SessionEnd, Failure> {
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
        let mut shown = Shown::new(|| false);
        let mut interrupts = 0;
        let mut over = None;
        loop {
            self.forward_signals(&mut interrupts);
            match stream.next(BatchLimits::default())? {
                Next::Batch(batch) => {
                    if shown.batch(&batch)? == Reader::Gone {
                        // As the kernel would have said it to the command.
                        self.signal("SIGPIPE");
                    }
                }
                Next::Pending => {
                    if let Some(end) = take_end(answer) {
                        over = Some(end);
                        // What was written before the answer is on disk now.
                        continue;
                    }
                    if self.until == End::Session
                        && let Some(end) = over.take_if(|end| reached(stream, end.last_sequence))
                    {
                        return Ok(end);
                    }
                    wakeups::wait(None)?;
                }
                Next::End(end) => {
                    return self.after_the_log(end.reason, over, answer);
                }
            }
        }
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
                // be asked; the sandbox's record says how.
                Some(Err(Error::SandboxNotRunning { .. })) if reason != EndReason::Crashed => {
                    return status::recorded_end(self.home, self.name, self.session_id);
                }
                Some(Err(Error::SandboxNotRunning { .. })) => {
                    return Err(Failure::other(format!(
                        "the supervisor of {} died, and the command with it; `silt logs {}` has what it wrote",
                        self.name, self.name
                    )));
                }
                Some(Err(error)) => return Err(error.into()),
            }
        }
    }

    fn forward_signals(&self, interrupts: &mut u32) {
        for (signal, name) in FORWARDED {
            for _ in 0..wakeups::take(signal) {
                if signal == libc::SIGINT {
                    *interrupts += 1;
                    if *interrupts > 1 {
                        self.signal("SIGKILL");
                        continue;
                    }
                }
                self.signal(name);
            }
        }
        if wakeups::take(libc::SIGWINCH) > 0 && self.pty {
            let size = terminal::size();
            let resize = Request::Resize {
                session_id: self.session_id,
                cols: size.cols,
                rows: size.rows,
            };
            self.connection.request(resize, Vec::new(), Box::new(drop));
        }
    }

    fn signal(&self, name: &str) {
        let signal = Request::Signal {
            session_id: self.session_id,
            signal: name.to_owned(),
        };
        // A session that has ended meanwhile needs none.
        self.connection.request(signal, Vec::new(), Box::new(drop));
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

fn reached(stream: &Stream, sequence: u64) -> bool {
    match stream.position().position[Log::Exec as usize] {
        LogPosition::After { sequence: at, .. } => at >= sequence,
        LogPosition::Unread => sequence == 0,
    }
}
