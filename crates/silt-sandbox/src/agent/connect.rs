//! Connections to servers inside, made in the sandbox's own network namespace.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::net::{
    AddressFamily, Ipv4Addr, Ipv6Addr, SocketAddr, SocketFlags, SocketType, connect, socket_with,
    sockopt::socket_error,
};

use super::wire::{FromAgent, Outbox};

/// How long a server inside may take until it accepts.
const PATIENCE: Duration = Duration::from_secs(10);
const RETRY: Duration = Duration::from_millis(20);

/// The connections that are wanted and not yet there.
#[derive(Default)]
pub(super) struct Connects(Vec<Attempt>);

struct Attempt {
    token: u64,
    port: u16,
    deadline: Instant,
    /// When to try again, unless a socket is under way.
    next: Instant,
    under_way: Option<(OwnedFd, Family)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    V4,
    V6,
}

enum Outcome {
    Connected(OwnedFd),
    Failed(Errno),
    Waits,
}

impl Connects {
    pub(super) fn add(&mut self, token: u64, port: u16) {
        let now = Instant::now();
        let deadline = now + PATIENCE;
        self.0.push(Attempt {
            token,
            port,
            deadline,
            next: now,
            under_way: None,
        });
    }

    /// Sockets to be polled for writable.
    pub(super) fn under_way(&self) -> impl Iterator<Item = (u64, BorrowedFd<'_>)> {
        self.0
            .iter()
            .filter_map(|a| Some((a.token, a.under_way.as_ref()?.0.as_fd())))
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        let due = |a: &Attempt| {
            if a.under_way.is_some() {
                a.deadline
            } else {
                a.next
            }
        };
        self.0.iter().map(due).min()
    }

    /// Goes on with each that is due; `ready` says whose socket is writable.
    pub(super) fn advance(&mut self, ready: &[u64], out: &mut Outbox) {
        let now = Instant::now();
        self.0.retain_mut(|attempt| {
            let token = attempt.token;
            match attempt.advance(now, ready.contains(&token)) {
                Outcome::Waits => return true,
                Outcome::Connected(fd) => out.push(&FromAgent::Connected { token }, vec![fd]),
                Outcome::Failed(errno) => {
                    let errno = errno.raw_os_error();
                    out.push(&FromAgent::ConnectFailed { token, errno }, Vec::new());
                }
            }
            false
        });
    }
}

impl Attempt {
    fn advance(&mut self, now: Instant, ready: bool) -> Outcome {
        let mut last = Errno::TIMEDOUT;
        let mut family = Family::V4;
        if let Some((socket, tried)) = self.under_way.take() {
            if !ready && now < self.deadline {
                self.under_way = Some((socket, tried));
                return Outcome::Waits;
            }
            match socket_error(&socket) {
                Ok(Ok(())) if ready => return Outcome::Connected(socket),
                Ok(Err(errno)) | Err(errno) => last = errno,
                Ok(Ok(())) => {}
            }
            if tried == Family::V6 {
                return self.later(now, last);
            }
            family = Family::V6;
        } else if now < self.next {
            return Outcome::Waits;
        }
        loop {
            match dial(family, self.port) {
                Ok((socket, true)) => return Outcome::Connected(socket),
                Ok((socket, false)) => {
                    self.under_way = Some((socket, family));
                    return Outcome::Waits;
                }
                // Without IPv6 the answer of IPv4 is the one that helps.
                Err(Errno::AFNOSUPPORT | Errno::ADDRNOTAVAIL) if family == Family::V6 => {}
                Err(errno) => last = errno,
            }
            if family == Family::V6 {
                return self.later(now, last);
            }
            family = Family::V6;
        }
    }

    fn later(&mut self, now: Instant, last: Errno) -> Outcome {
        if now >= self.deadline {
            return Outcome::Failed(last);
        }
        self.next = now + RETRY;
        Outcome::Waits
    }
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
