//! What the supervisor waits for: one epoll, level-triggered, so that what was
//! not read in one round is reported again in the next and nobody starves.

use rustix::event::Timespec;
use rustix::event::epoll::{self, EventData, EventFlags};
use rustix::io::Errno;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

/// Whose descriptor it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Listener,
    Agent,
    Signals,
    Folder,
    Proxy,
    Client(u64),
    /// Output `index` of a session.
    Output(u64, usize),
    Input(u64),
}

/// How many kinds fit beside the number.
const KINDS: u64 = 16;

impl Token {
    fn pack(self) -> u64 {
        let (kind, number) = match self {
            Token::Listener => (0, 0),
            Token::Agent => (1, 0),
            Token::Signals => (2, 0),
            Token::Proxy => (3, 0),
            Token::Client(number) => (4, number),
            Token::Output(number, 0) => (5, number),
            Token::Output(number, _) => (6, number),
            Token::Input(number) => (7, number),
            Token::Folder => (8, 0),
        };
        number * KINDS + kind
    }

    fn unpack(packed: u64) -> Option<Token> {
        let number = packed / KINDS;
        Some(match packed % KINDS {
            0 => Token::Listener,
            1 => Token::Agent,
            2 => Token::Signals,
            3 => Token::Proxy,
            4 => Token::Client(number),
            5 => Token::Output(number, 0),
            6 => Token::Output(number, 1),
            7 => Token::Input(number),
            8 => Token::Folder,
            _ => return None,
        })
    }
}

/// What a descriptor is watched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interest {
    Read,
    Write,
    ReadWrite,
}

impl Interest {
    fn flags(self) -> EventFlags {
        match self {
            Interest::Read => EventFlags::IN,
            Interest::Write => EventFlags::OUT,
            Interest::ReadWrite => EventFlags::IN | EventFlags::OUT,
        }
    }
}

pub(super) struct Event {
    pub token: Token,
    pub readable: bool,
    pub writable: bool,
}

pub(super) struct Poller {
    epoll: OwnedFd,
    raw: Vec<epoll::Event>,
}

impl Poller {
    pub(super) fn new() -> io::Result<Poller> {
        Ok(Poller {
            epoll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            raw: Vec::with_capacity(256),
        })
    }

    pub(super) fn add(&self, fd: impl AsFd, token: Token, interest: Interest) -> io::Result<()> {
        let data = EventData::new_u64(token.pack());
        Ok(epoll::add(&self.epoll, fd, data, interest.flags())?)
    }

    pub(super) fn change(&self, fd: impl AsFd, token: Token, interest: Interest) {
        let data = EventData::new_u64(token.pack());
        let _ = epoll::modify(&self.epoll, fd, data, interest.flags());
    }

    pub(super) fn remove(&self, fd: impl AsFd) {
        let _ = epoll::delete(&self.epoll, fd);
    }

    /// Waits for events, at most `patience`; none is without a limit.
    pub(super) fn wait(&mut self, patience: Option<Duration>) -> io::Result<Vec<Event>> {
        let timeout = patience.map(|patience| Timespec {
            tv_sec: patience.as_secs() as i64,
            tv_nsec: patience.subsec_nanos() as _,
        });
        self.raw.clear();
        let spare = rustix::buffer::spare_capacity(&mut self.raw);
        match epoll::wait(&self.epoll, spare, timeout.as_ref()) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let events = self.raw.iter().filter_map(|event| {
            let flags = event.flags;
            Some(Event {
                token: Token::unpack(event.data.u64())?,
                readable: flags.intersects(!EventFlags::OUT),
                writable: flags.intersects(EventFlags::OUT | EventFlags::ERR | EventFlags::HUP),
            })
        });
        Ok(events.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_survive_packing() {
        for token in [
            Token::Listener,
            Token::Agent,
            Token::Signals,
            Token::Folder,
            Token::Proxy,
            Token::Client(7),
            Token::Output(1 << 53, 0),
            Token::Output(9, 1),
            Token::Input(3),
        ] {
            assert_eq!(Token::unpack(token.pack()), Some(token));
        }
    }
}
