//! Connections to servers inside, made in the sandbox's own network namespace.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::event::PollFlags;
use rustix::io::Errno;
use rustix::net::sockopt::{set_socket_linger, socket_error};
use rustix::net::{
    AddressFamily, Ipv4Addr, Ipv6Addr, SocketAddr, SocketFlags, SocketType, connect, getpeername,
    getsockname, socket_with,
};

use super::wire::{FromAgent, Outbox};

/// How long a server inside may take until it accepts.
const PATIENCE: Duration = Duration::from_secs(10);
const RETRY: Duration = Duration::from_millis(20);
/// How long a listener that was just not there must hold a connection. A program
/// that tries whether its port is free listens there for a moment, and what had
/// connected to that is reset.
const SETTLING: Duration = Duration::from_millis(100);

/// The connections that are wanted and not yet there.
#[derive(Default)]
pub(super) struct Connects(Vec<Attempt>);

struct Attempt {
    token: u64,
    port: u16,
    deadline: Instant,
    /// It was tried before, in vain.
    refused: bool,
    stage: Stage,
}

enum Stage {
    /// Tries at that time.
    Pausing(Instant),
    Connecting(OwnedFd, Family),
    /// Connected, and taken for lasting at that time, or as soon as it says a word.
    Settling(OwnedFd, Instant),
}

#[derive(Clone, Copy)]
enum Family {
    V4,
    V6,
}

enum Outcome {
    Connected(OwnedFd),
    Failed,
    Waits,
}

impl Connects {
    pub(super) fn add(&mut self, token: u64, port: u16) {
        self.0.push(Attempt::new(token, port));
    }

    /// Sockets to be polled, and for what.
    pub(super) fn under_way(&self) -> impl Iterator<Item = (u64, BorrowedFd<'_>, PollFlags)> {
        self.0.iter().filter_map(|attempt| {
            let (socket, flags) = match &attempt.stage {
                Stage::Pausing(_) => return None,
                Stage::Connecting(socket, _) => (socket, PollFlags::OUT),
                Stage::Settling(socket, _) => (socket, PollFlags::IN),
            };
            Some((attempt.token, socket.as_fd(), flags))
        })
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        let due = |attempt: &Attempt| match attempt.stage {
            Stage::Pausing(until) | Stage::Settling(_, until) => until,
            Stage::Connecting(..) => attempt.deadline,
        };
        self.0.iter().map(due).min()
    }

    /// Goes on with each that is due; `ready` names those whose socket is.
    pub(super) fn advance(&mut self, ready: &[u64], out: &mut Outbox) {
        let now = Instant::now();
        self.0.retain_mut(|attempt| {
            let token = attempt.token;
            match attempt.advance(now, ready.contains(&token)) {
                Outcome::Waits => return true,
                Outcome::Connected(fd) => out.push(&FromAgent::Connected { token }, vec![fd]),
                Outcome::Failed => out.push(&FromAgent::ConnectFailed { token }, Vec::new()),
            }
            false
        });
    }
}

impl Attempt {
    fn new(token: u64, port: u16) -> Attempt {
        let now = Instant::now();
        Attempt {
            token,
            port,
            deadline: now + PATIENCE,
            refused: false,
            stage: Stage::Pausing(now),
        }
    }

    fn advance(&mut self, now: Instant, ready: bool) -> Outcome {
        match std::mem::replace(&mut self.stage, Stage::Pausing(now)) {
            Stage::Pausing(until) if now < until => self.stays(Stage::Pausing(until)),
            Stage::Pausing(_) => self.dial(now, Family::V4),
            Stage::Connecting(socket, family) if !ready && now < self.deadline => {
                self.stays(Stage::Connecting(socket, family))
            }
            Stage::Connecting(socket, family) if ready && is_sound(&socket) => {
                self.connected(now, socket, family)
            }
            Stage::Connecting(_, family) => self.failed(now, family),
            Stage::Settling(socket, until) if !ready && now < until => {
                self.stays(Stage::Settling(socket, until))
            }
            Stage::Settling(socket, _) if is_sound(&socket) => Outcome::Connected(socket),
            Stage::Settling(..) => self.later(now),
        }
    }

    fn stays(&mut self, stage: Stage) -> Outcome {
        self.stage = stage;
        Outcome::Waits
    }

    fn dial(&mut self, now: Instant, family: Family) -> Outcome {
        match dial(family, self.port) {
            Ok((socket, true)) => self.connected(now, socket, family),
            Ok((socket, false)) => self.stays(Stage::Connecting(socket, family)),
            Err(_) => self.failed(now, family),
        }
    }

    fn connected(&mut self, now: Instant, socket: OwnedFd, family: Family) -> Outcome {
        if is_itself(&socket) {
            // Its end must not keep the port from the server.
            let _ = set_socket_linger(&socket, Some(Duration::ZERO));
            self.failed(now, family)
        } else if self.refused {
            self.stays(Stage::Settling(socket, now + SETTLING))
        } else {
            Outcome::Connected(socket)
        }
    }

    fn failed(&mut self, now: Instant, family: Family) -> Outcome {
        match family {
            Family::V4 => self.dial(now, Family::V6),
            Family::V6 => self.later(now),
        }
    }

    fn later(&mut self, now: Instant) -> Outcome {
        if now >= self.deadline {
            return Outcome::Failed;
        }
        self.refused = true;
        self.stays(Stage::Pausing(now + RETRY))
    }
}

/// Whether no error has come to a socket, a reset for one.
fn is_sound(socket: &OwnedFd) -> bool {
    matches!(socket_error(socket), Ok(Ok(())))
}

/// Where nothing listens on a port that the kernel also gives to connections, one
/// may be given the very port that it asks for, and meets itself (RFC 9293, 3.5).
fn is_itself(socket: &OwnedFd) -> bool {
    matches!((getsockname(socket), getpeername(socket)), (Ok(own), Ok(Some(peer))) if own == peer)
}

/// A socket, and whether it is connected already.
fn dial(family: Family, port: u16) -> Result<(OwnedFd, bool), Errno> {
    let (domain, address): (_, SocketAddr) = match family {
        Family::V4 => (AddressFamily::INET, (Ipv4Addr::LOCALHOST, port).into()),
        Family::V6 => (AddressFamily::INET6, (Ipv6Addr::LOCALHOST, port).into()),
    };
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(domain, SocketType::STREAM, flags, None)?;
    match connect(&socket, &address) {
        Ok(()) => Ok((socket, true)),
        Err(Errno::INPROGRESS) => Ok((socket, false)),
        Err(errno) => Err(errno),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::event::{PollFd, poll};
    use rustix::net::bind;

    /// Many more than there are ports to be given: they are given in no order.
    const DIALS: usize = 1_000_000;

    fn bound(port: u16) -> Result<OwnedFd, Errno> {
        let socket = socket_with(
            AddressFamily::INET,
            SocketType::STREAM,
            SocketFlags::CLOEXEC,
            None,
        )?;
        bind(&socket, &SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
        Ok(socket)
    }

    #[test]
    fn a_connection_to_a_port_where_nothing_listens_does_not_meet_itself() {
        let range = std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap();
        let range: Vec<u16> = range
            .split_whitespace()
            .map(|n| n.parse().unwrap())
            .collect();
        // Of these a connection is given every second one, from the first on.
        let mut ports = (range[0]..range[1]).step_by(2);
        let port = ports.find(|port| bound(*port).is_ok()).unwrap();
        let met = (0..DIALS).find_map(|_| {
            let (socket, _) = dial(Family::V4, port).ok()?;
            poll(&mut [PollFd::new(&socket, PollFlags::OUT)], None).unwrap();
            is_itself(&socket).then_some(socket)
        });
        let socket = met.expect("a connection to itself");

        let mut attempt = Attempt::new(1, port);
        let outcome = attempt.connected(Instant::now(), socket, Family::V6);
        assert!(matches!(outcome, Outcome::Waits));
        assert!(matches!(attempt.stage, Stage::Pausing(_)));
        // And the server can still have the port.
        bound(port).unwrap();
    }
}
