//! The client's side of a control socket.

mod dial;
mod link;
mod reader;

pub(crate) use dial::{answers, listen};
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use link::fuzzing::answers as fuzz_answers;

use crate::folder::Folder;
use crate::protocol::LARGEST_PAYLOAD;
use crate::state::State;
use crate::{Error, Home, Reply, Request, Status, status};
use dial::Dialed;
use link::Link;
use std::io;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

/// How long a supervisor that holds the log may take to open its socket.
const START_PATIENCE: Duration = Duration::from_secs(5);
/// How long it may take to greet; it answers in well under a millisecond.
const GREET_PATIENCE: Duration = Duration::from_secs(20);

/// What is called once with the answer to a request.
pub type OnReply = Box<dyn FnOnce(Result<(Reply, Vec<u8>), Error>) + Send>;

/// A connection to the supervisor of a running sandbox.
///
/// While it is open the sandbox is not idle. Dropping the last clone closes it
/// and changes nothing in the sandbox: commands go on, their output is kept.
/// Requests that wait then are answered with `SandboxNotRunning`.
#[derive(Clone)]
pub struct Connection {
    handle: Arc<Handle>,
}

struct Handle {
    link: Arc<Link>,
    peer: Option<rustix::process::Pid>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.link.close("the connection was closed");
    }
}

impl Connection {
    /// Connects to a running sandbox.
    ///
    /// # Errors
    /// `SandboxNotRunning`, `SandboxNotFound`; `Protocol` when the supervisor
    /// is of a release that this one can not talk to, or does not answer.
    pub fn open(home: &Home, name: &str) -> Result<Connection, Error> {
        let folder = Folder::at(home.existing(name)?);
        let Dialed { socket, peer } = dial_running(&folder, name)?;
        let frames = dial::greet(&socket, name, GREET_PATIENCE)?;
        let link = Link::new(name, socket, frames);
        reader::add(&link)
            .map_err(|error| Error::io("watch the socket of", folder.path(), error))?;
        Ok(Connection {
            handle: Arc::new(Handle { link, peer }),
        })
    }

    /// Sends a request; never waits. `on_reply` is called exactly once: on the
    /// one reader thread of this process, or right here when the connection is
    /// already gone. It must be quick and must not call [`call`](Self::call).
    pub fn request(&self, request: Request, payload: Vec<u8>, on_reply: OnReply) {
        if payload.len() > LARGEST_PAYLOAD {
            let message = format!("at most {LARGEST_PAYLOAD} bytes fit into one request");
            return on_reply(Err(Error::argument("payload", message)));
        }
        self.handle.link.send(request, &payload, on_reply);
    }

    /// Whether the other end has gone: a request would not be sent any more.
    pub fn is_closed(&self) -> bool {
        self.handle.link.is_closed()
    }

    /// Sends a request and waits for its answer.
    pub fn call(&self, request: Request, payload: Vec<u8>) -> Result<(Reply, Vec<u8>), Error> {
        let answer = self.call_within(request, payload, None)?;
        Ok(answer.expect("without a time limit there is an answer"))
    }

    /// None when there was no answer in time.
    pub(crate) fn call_within(
        &self,
        request: Request,
        payload: Vec<u8>,
        patience: Option<Duration>,
    ) -> Result<Option<(Reply, Vec<u8>)>, Error> {
        let (sender, receiver) = mpsc::channel();
        self.request(
            request,
            payload,
            Box::new(move |answer| {
                let _ = sender.send(answer);
            }),
        );
        let received = match patience {
            Some(patience) => receiver.recv_timeout(patience).ok(),
            None => Some(receiver.recv().expect("every request is answered")),
        };
        received.transpose()
    }

    /// Returns when the supervisor has closed its end, which it does last.
    pub(crate) fn wait_closed(&self) {
        self.handle.link.wait_closed();
    }

    /// SIGKILL for the supervisor at the other end.
    pub(crate) fn kill_peer(&self) -> io::Result<()> {
        kill(self.handle.peer)
    }
}

fn kill(peer: Option<rustix::process::Pid>) -> io::Result<()> {
    let pid = peer.ok_or_else(|| io::Error::other("its process is not visible from here"))?;
    Ok(rustix::process::kill_process(
        pid,
        rustix::process::Signal::KILL,
    )?)
}

/// SIGKILL for a supervisor that takes connections but does not greet.
pub(crate) fn kill_silent(folder: &Folder) -> io::Result<()> {
    kill(dial::dial(folder)?.peer)
}

fn dial_running(folder: &Folder, name: &str) -> Result<Dialed, Error> {
    let deadline = Instant::now() + START_PATIENCE;
    loop {
        let error = match dial::dial(folder) {
            Ok(dialed) => return Ok(dialed),
            Err(error) => error,
        };
        match status::status(folder, &State::read(folder)?)? {
            // It is about to open its socket, or about to end.
            Status::Running if Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(2));
            }
            Status::Running => return Err(Error::io("connect to", folder.socket(), error)),
            Status::Stopped => {
                let message = format!("it is stopped; `silt start {name}` starts it again");
                return Err(Error::not_running(name, message));
            }
            Status::Crashed => {
                let message = format!("its supervisor died; `silt start {name}` starts it again");
                return Err(Error::not_running(name, message));
            }
        }
    }
}
