//! One connection: requests that wait for an answer, bytes that wait to be sent.

#[cfg(any(test, feature = "fuzzing"))]
pub(super) mod fuzzing;

use super::OnReply;
use super::reader::{self, Interest};
use crate::hang_up::is_hung_up;
use crate::protocol::{Frames, ReplyFrame, RequestFrame, encode, frame};
use crate::{Error, Reply, Request};
use rustix::io::Errno;
use rustix::net::{RecvFlags, SendFlags};
use std::collections::{HashMap, VecDeque};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

type Answer = (OnReply, Result<(Reply, Vec<u8>), Error>);

pub(super) struct Link {
    name: String,
    socket: UnixStream,
    state: Mutex<State>,
    closed: Condvar,
}

struct State {
    next_id: u64,
    waiting: HashMap<u64, OnReply>,
    unsent: VecDeque<u8>,
    frames: Frames,
    /// Why the connection is of no use any more.
    closed: Option<String>,
}

impl Link {
    pub(super) fn new(name: &str, socket: UnixStream, frames: Frames) -> Arc<Link> {
        Arc::new(Link {
            name: name.to_owned(),
            socket,
            state: Mutex::new(State {
                next_id: 1,
                waiting: HashMap::new(),
                unsent: VecDeque::new(),
                frames,
                closed: None,
            }),
            closed: Condvar::new(),
        })
    }

    /// A callback that panicked held no lock, so the state is whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn send(self: &Arc<Link>, request: Request, payload: &[u8], on_reply: OnReply) {
        let mut state = self.lock();
        if let Some(reason) = &state.closed {
            let error = Error::not_running(&self.name, reason.clone());
            drop(state);
            return on_reply(Err(error));
        }
        let id = state.next_id;
        state.next_id += 1;
        let frame = encode(&RequestFrame { id, request }, payload);
        if !frame::is_taken(&frame) {
            drop(state);
            let message = "the command with its arguments and environment is too large";
            return on_reply(Err(Error::argument("args", message)));
        }
        state.waiting.insert(id, on_reply);
        state.unsent.extend(frame);
        if self.push(&mut state) {
            reader::watch(self, Interest::ReadWrite);
        }
    }

    /// Sends what can be sent now; true while something is left, for which the
    /// reader then has to watch. The lock is held until it does: between two who
    /// push, the last word would not be the one that is true. An error is seen by
    /// the reader too, which then closes the link.
    fn push(&self, state: &mut State) -> bool {
        while !state.unsent.is_empty() {
            let (bytes, _) = state.unsent.as_slices();
            let flags = SendFlags::NOSIGNAL | SendFlags::DONTWAIT;
            match rustix::net::send(&self.socket, bytes, flags) {
                Ok(sent) => drop(state.unsent.drain(..sent)),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return true,
                Err(_) => {
                    state.unsent.clear();
                    let _ = self.socket.shutdown(std::net::Shutdown::Both);
                }
            }
        }
        false
    }

    /// Called by the reader when the socket takes bytes again.
    pub(super) fn writable(self: &Arc<Link>) {
        let mut state = self.lock();
        if !self.push(&mut state) {
            reader::watch(self, Interest::Read);
        }
    }

    /// Called by the reader when there is something to read. Answers go out
    /// without any lock held.
    pub(super) fn readable(&self, chunk: &mut [u8]) {
        let read = match rustix::net::recv(&self.socket, &mut *chunk, RecvFlags::DONTWAIT) {
            Ok((0, _)) => return self.close("its supervisor has ended"),
            Ok((read, _)) => read,
            Err(Errno::INTR | Errno::AGAIN) => return,
            Err(error) => return self.close(&format!("its supervisor went away: {error}")),
        };
        let mut answers = Vec::new();
        let mut state = self.lock();
        state.frames.push(&chunk[..read]);
        let broken = take_answers(&mut state, &mut answers).err();
        drop(state);
        for (on_reply, answer) in answers {
            on_reply(answer);
        }
        if let Some(error) = broken {
            self.close(&error.to_string());
        }
    }

    /// Closes once; everything that waits is answered with `reason`.
    pub(super) fn close(&self, reason: &str) {
        let waiting = {
            let mut state = self.lock();
            if state.closed.is_some() {
                return;
            }
            state.closed = Some(reason.to_owned());
            state.unsent = VecDeque::new();
            std::mem::take(&mut state.waiting)
        };
        reader::remove(self);
        let _ = self.socket.shutdown(std::net::Shutdown::Both);
        self.closed.notify_all();
        for on_reply in waiting.into_values() {
            on_reply(Err(Error::not_running(&self.name, reason)));
        }
    }

    /// Asks the kernel as well: the reader may not have come to a supervisor that
    /// was killed and has a successor already.
    pub(super) fn is_closed(&self) -> bool {
        self.lock().closed.is_some() || is_hung_up(&self.socket)
    }

    pub(super) fn wait_closed(&self) {
        let mut state = self.lock();
        while state.closed.is_none() {
            state = self
                .closed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl AsFd for Link {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

fn take_answers(state: &mut State, answers: &mut Vec<Answer>) -> Result<(), Error> {
    while let Some((header, payload)) = state.frames.next()? {
        let frame: ReplyFrame = serde_json::from_slice(header).map_err(|error| {
            Error::protocol(format!(
                "the supervisor's answer is not understood: {error}"
            ))
        })?;
        let answer = match (frame.ok, frame.error) {
            (Some(reply), None) => Ok((reply, payload.to_vec())),
            (_, Some(error)) => Err(error.into()),
            (None, None) => Err(Error::protocol("the supervisor's answer is empty")),
        };
        match (frame.id, answer) {
            (Some(id), answer) => {
                if let Some(on_reply) = state.waiting.remove(&id) {
                    answers.push((on_reply, answer));
                }
            }
            // It concerns the whole connection.
            (None, Err(error)) => return Err(error),
            (None, Ok(_)) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::sync::mpsc;
    use std::time::Duration;

    #[test]
    fn requests_that_threads_send_at_once_all_go_out() {
        const LENGTH: usize = 300_000;
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        let link = Link::new("sent", ours, Frames::default());
        reader::add(&link).unwrap();
        let (sender, received) = mpsc::channel();
        std::thread::spawn(move || {
            let mut chunk = vec![0; 1 << 20];
            while let Ok(read @ 1..) = theirs.read(&mut chunk) {
                sender.send(read).unwrap();
            }
        });
        for _ in 0..2000 {
            std::thread::scope(|scope| {
                for _ in 0..3 {
                    let write = Request::Write { session_id: 1 };
                    let link = &link;
                    scope.spawn(move || link.send(write, &[0; LENGTH], Box::new(drop)));
                }
            });
            let mut left = 3 * LENGTH;
            while left > 0 {
                let read = received.recv_timeout(Duration::from_secs(20));
                left = left.saturating_sub(read.expect("everything goes out"));
            }
        }
        link.close("the test is over");
    }
}
