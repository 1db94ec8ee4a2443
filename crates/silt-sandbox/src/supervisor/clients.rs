//! The clients of a supervisor: their sockets, and what waits to be sent.

#[cfg(any(test, feature = "fuzzing"))]
pub(super) mod fuzzing;

use super::poller::{Interest, Poller, Token};
use super::session::Caller;
use crate::error::WireError;
use crate::protocol::{Frames, Hello, ReplyFrame, RequestFrame, encode};
use crate::{Error, Reply, Request, descriptors};
use rustix::io::Errno;
use rustix::net::{RecvFlags, SendFlags};
use serde::Deserialize;
use std::collections::{HashMap, VecDeque};
use std::io;
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::{Duration, Instant};

/// A client that sends requests and reads no answers is cut off here.
const MOST_UNSENT: usize = 16 << 20;
const CHUNK: usize = 256 << 10;

struct Client {
    socket: UnixStream,
    frames: Frames,
    unsent: VecDeque<u8>,
    greeted: bool,
}

/// A request as it came in.
pub(super) struct Asked {
    pub caller: Caller,
    pub request: Request,
    pub payload: Vec<u8>,
}

#[derive(Default)]
pub(super) struct Clients {
    clients: HashMap<u64, Client>,
    next: u64,
    chunk: Vec<u8>,
}

impl Clients {
    pub(super) fn is_empty(&self) -> bool {
        self.clients.is_empty()
    }

    /// Takes one client that waits, if any, and greets it.
    pub(super) fn accept(&mut self, listener: &UnixListener, poller: &Poller) -> io::Result<()> {
        descriptors::room()?;
        let socket = match listener.accept() {
            Ok((socket, _)) => socket,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        };
        if !is_owner(&socket) {
            return Ok(());
        }
        socket.set_nonblocking(true)?;
        self.next += 1;
        poller.add(&socket, Token::Client(self.next), Interest::Read)?;
        let client = Client {
            socket,
            frames: Frames::default(),
            unsent: VecDeque::new(),
            greeted: false,
        };
        self.clients.insert(self.next, client);
        self.send(self.next, &encode(&Hello::ours(), b""), poller);
        Ok(())
    }

    /// Reads what a client sent and cuts it into requests.
    pub(super) fn read(&mut self, id: u64, poller: &Poller) -> Vec<Asked> {
        self.chunk.resize(CHUNK, 0);
        let Some(client) = self.clients.get_mut(&id) else {
            return Vec::new();
        };
        let read = match rustix::net::recv(&client.socket, &mut self.chunk[..], RecvFlags::DONTWAIT)
        {
            Ok((read, _)) => read,
            Err(Errno::AGAIN | Errno::INTR) => return Vec::new(),
            Err(_) => 0,
        };
        if read == 0 {
            self.drop_client(id, poller);
            return Vec::new();
        }
        client.frames.push(&self.chunk[..read]);
        let mut asked = Vec::new();
        let mut refused = Vec::new();
        let broken = client.take_requests(id, &mut asked, &mut refused).err();
        for (request, error) in refused {
            self.reply(
                Caller {
                    client: id,
                    request,
                },
                Err(error),
                poller,
            );
        }
        if let Some(error) = broken {
            let frame = ReplyFrame {
                id: None,
                ok: None,
                error: Some(WireError::from(&error)),
            };
            self.send(id, &encode(&frame, b""), poller);
            self.drop_client(id, poller);
        }
        asked
    }

    /// Answers a request. One whose client is gone is of no interest any more.
    pub(super) fn reply(&mut self, to: Caller, answer: Result<Reply, Error>, poller: &Poller) {
        let (ok, error) = match answer {
            Ok(reply) => (Some(reply), None),
            Err(error) => (None, Some(WireError::from(&error))),
        };
        let frame = ReplyFrame {
            id: Some(to.request),
            ok,
            error,
        };
        self.send(to.client, &encode(&frame, b""), poller);
    }

    /// The socket takes bytes again.
    pub(super) fn writable(&mut self, id: u64, poller: &Poller) {
        if self
            .clients
            .get(&id)
            .is_some_and(|client| !client.unsent.is_empty())
        {
            self.send(id, b"", poller);
        }
    }

    fn send(&mut self, id: u64, bytes: &[u8], poller: &Poller) {
        let Some(client) = self.clients.get_mut(&id) else {
            return;
        };
        let waited = !client.unsent.is_empty();
        client.unsent.extend(bytes);
        if client.push().is_err() || client.unsent.len() > MOST_UNSENT {
            return self.drop_client(id, poller);
        }
        let waits = !client.unsent.is_empty();
        if waits != waited || bytes.is_empty() {
            let interest = if waits {
                Interest::ReadWrite
            } else {
                Interest::Read
            };
            poller.change(&client.socket, Token::Client(id), interest);
        }
    }

    fn drop_client(&mut self, id: u64, poller: &Poller) {
        if let Some(client) = self.clients.remove(&id) {
            poller.remove(&client.socket);
        }
    }

    /// Sends what is left, for at most `patience`; the last thing before the end.
    pub(super) fn finish(mut self, patience: Duration) {
        let deadline = Instant::now() + patience;
        for client in self.clients.values_mut() {
            let left = deadline.saturating_duration_since(Instant::now());
            let unsent = std::mem::take(&mut client.unsent);
            if unsent.is_empty() || left.is_zero() {
                continue;
            }
            let (first, second) = unsent.as_slices();
            let send = |socket: &mut UnixStream| -> io::Result<()> {
                socket.set_nonblocking(false)?;
                socket.set_write_timeout(Some(left))?;
                io::Write::write_all(socket, first)?;
                io::Write::write_all(socket, second)
            };
            // A client that does not read now can read the log later.
            let _ = send(&mut client.socket);
        }
    }
}

impl Client {
    /// Sends what the socket takes now.
    fn push(&mut self) -> rustix::io::Result<()> {
        while !self.unsent.is_empty() {
            let flags = SendFlags::NOSIGNAL | SendFlags::DONTWAIT;
            match rustix::net::send(&self.socket, self.unsent.as_slices().0, flags) {
                Ok(sent) => drop(self.unsent.drain(..sent)),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn take_requests(
        &mut self,
        id: u64,
        asked: &mut Vec<Asked>,
        refused: &mut Vec<(u64, Error)>,
    ) -> Result<(), Error> {
        while let Some((header, payload)) = self.frames.next()? {
            if !self.greeted {
                let hello: Hello = serde_json::from_slice(header)
                    .map_err(|_| Error::protocol("the first frame must be a greeting"))?;
                if hello.agree().is_none() {
                    return Err(Error::protocol(format!(
                        "this supervisor is of release {} and does not speak with release {}; stop the sandbox with the former, then start it with the latter",
                        env!("CARGO_PKG_VERSION"),
                        hello.release
                    )));
                }
                self.greeted = true;
                continue;
            }
            match serde_json::from_slice::<RequestFrame>(header) {
                Ok(frame) => asked.push(Asked {
                    caller: Caller {
                        client: id,
                        request: frame.id,
                    },
                    request: frame.request,
                    payload: payload.to_vec(),
                }),
                // A newer client asks for what this one does not know: an
                // answer to that request, and the connection goes on.
                Err(error) => refused.push((only_id(header)?, unknown(&error))),
            }
        }
        Ok(())
    }
}

fn only_id(header: &[u8]) -> Result<u64, Error> {
    #[derive(Deserialize)]
    struct OnlyId {
        id: u64,
    }
    serde_json::from_slice(header)
        .map(|OnlyId { id }| id)
        .map_err(|_| Error::protocol("a request without a number"))
}

fn unknown(error: &serde_json::Error) -> Error {
    Error::protocol(format!(
        "the supervisor (release {}) does not understand the request: {error}; if this client is newer, stop the sandbox and start it again with the newer release",
        env!("CARGO_PKG_VERSION")
    ))
}

/// The folder's mode keeps others out; this is for a home that was opened.
fn is_owner(socket: &UnixStream) -> bool {
    rustix::net::sockopt::socket_peercred(socket)
        .is_ok_and(|peer| peer.uid == rustix::process::geteuid() || peer.uid.is_root())
}
