//! One connection: bytes both ways, each way ended on its own.

use rustix::event::epoll::EventFlags;
use rustix::io::Errno;
use rustix::net::{RecvFlags, SendFlags, Shutdown};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

const BUFFER: usize = 64 << 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The client on the host.
    Outer = 0,
    /// The server in the sandbox.
    Inner = 1,
}

impl Side {
    fn other(self) -> Side {
        match self {
            Side::Outer => Side::Inner,
            Side::Inner => Side::Outer,
        }
    }
}

/// What goes from one side to the other.
#[derive(Default)]
struct Way {
    bytes: Vec<u8>,
    sent: usize,
    /// The sender has ended its half.
    read_all: bool,
    /// And the receiver was told.
    told: bool,
}

impl Way {
    fn waits(&self) -> bool {
        self.sent < self.bytes.len()
    }
}

pub(super) struct Relay {
    outer: OwnedFd,
    inner: Option<OwnedFd>,
    /// By the side that sends.
    ways: [Way; 2],
    /// What each side is watched for.
    pub watched: [EventFlags; 2],
}

impl Relay {
    pub(super) fn new(outer: OwnedFd) -> Relay {
        Relay {
            outer,
            inner: None,
            ways: Default::default(),
            watched: [EventFlags::empty(); 2],
        }
    }

    pub(super) fn connect(&mut self, inner: OwnedFd) {
        self.inner = Some(inner);
    }

    fn is_connected(&self) -> bool {
        self.inner.is_some()
    }

    /// A side's socket; before the inner one is there, the outer one.
    pub(super) fn fd(&self, side: Side) -> BorrowedFd<'_> {
        match (side, &self.inner) {
            (Side::Inner, Some(inner)) => inner.as_fd(),
            _ => self.outer.as_fd(),
        }
    }

    pub(super) fn wants_read(&self, side: Side) -> bool {
        let way = &self.ways[side as usize];
        self.is_connected() && !way.read_all && !way.waits()
    }

    pub(super) fn wants_write(&self, side: Side) -> bool {
        self.ways[side.other() as usize].waits()
    }

    /// Whether both halves have ended.
    pub(super) fn is_over(&self) -> bool {
        self.ways.iter().all(|way| way.told)
    }

    /// Moves what can be moved now, after something happened at `side`.
    pub(super) fn carry(&mut self, side: Side) -> rustix::io::Result<()> {
        if !self.is_connected() {
            return Ok(());
        }
        self.send_from(side.other())?;
        if self.wants_read(side) {
            self.receive(side)?;
            self.send_from(side)?;
        }
        Ok(())
    }

    fn receive(&mut self, side: Side) -> rustix::io::Result<()> {
        let mut way = std::mem::take(&mut self.ways[side as usize]);
        way.bytes.resize(BUFFER, 0);
        way.sent = 0;
        let received = rustix::net::recv(self.fd(side), &mut way.bytes[..], RecvFlags::DONTWAIT);
        let length = match received {
            Ok((0, _)) => {
                way.read_all = true;
                0
            }
            Ok((length, _)) => length,
            Err(Errno::AGAIN | Errno::INTR) => 0,
            Err(error) => return Err(error),
        };
        way.bytes.truncate(length);
        self.ways[side as usize] = way;
        Ok(())
    }

    fn send_from(&mut self, side: Side) -> rustix::io::Result<()> {
        let mut way = std::mem::take(&mut self.ways[side as usize]);
        let to = self.fd(side.other());
        while way.waits() {
            let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
            match rustix::net::send(to, &way.bytes[way.sent..], flags) {
                Ok(sent) => way.sent += sent,
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => break,
                Err(error) => return Err(error),
            }
        }
        if way.read_all && !way.waits() && !way.told {
            way.told = true;
            let _ = rustix::net::shutdown(to, Shutdown::Write);
        }
        self.ways[side as usize] = way;
        Ok(())
    }
}
