//! A command's standard input: what clients wrote and the command has not read
//! yet. Never blocks.

use super::session::Caller;
use rustix::io::Errno;
use std::collections::VecDeque;
use std::os::fd::OwnedFd;

/// A command that does not read must not make the supervisor grow. Clients that
/// wait for each answer never get near.
pub(super) const MOST_WAITING: usize = 64 << 20;

/// What a terminal takes for the end of input at the start of a line. Within
/// one it only hands on what the line has so far.
const END_OF_TRANSMISSION: u8 = 4;

struct Chunk {
    bytes: Vec<u8>,
    written: usize,
    caller: Option<Caller>,
}

pub(super) struct Input {
    fd: Option<OwnedFd>,
    terminal: bool,
    /// The newest bytes pushed do not end their line.
    within_line: bool,
    chunks: VecDeque<Chunk>,
    waiting: usize,
    /// Close once everything is written.
    ending: bool,
    /// Whether the poller watches the descriptor.
    pub watched: bool,
}

/// An answer that is due: who, and whether the command no longer reads.
pub(super) type Written = (Caller, bool);

impl Input {
    pub(super) fn new(fd: Option<OwnedFd>, terminal: bool) -> Input {
        Input {
            fd,
            terminal,
            within_line: false,
            chunks: VecDeque::new(),
            waiting: 0,
            ending: false,
            watched: false,
        }
    }

    pub(super) fn fd(&self) -> Option<&OwnedFd> {
        self.fd.as_ref()
    }

    pub(super) fn is_full(&self, more: usize) -> bool {
        self.waiting > 0 && self.waiting + more > MOST_WAITING
    }

    /// Whether there is something to write as soon as the command reads.
    pub(super) fn waits(&self) -> bool {
        self.fd.is_some() && !self.chunks.is_empty()
    }

    pub(super) fn push(&mut self, bytes: Vec<u8>, caller: Caller) {
        self.waiting += bytes.len();
        if let Some(last) = bytes.last() {
            self.within_line = !matches!(last, b'\n' | b'\r');
        }
        self.chunks.push_back(Chunk {
            bytes,
            written: 0,
            caller: Some(caller),
        });
    }

    /// Ends the input after what was pushed. Before the descriptor is dropped
    /// it must not be watched any more; see [`Input::take_ended`].
    pub(super) fn end(&mut self) {
        if self.ending {
            return;
        }
        if self.terminal {
            let times = 1 + usize::from(std::mem::take(&mut self.within_line));
            self.chunks.push_back(Chunk {
                bytes: vec![END_OF_TRANSMISSION; times],
                written: 0,
                caller: None,
            });
        } else {
            self.ending = true;
        }
    }

    pub(super) fn is_ending(&self) -> bool {
        self.ending || self.fd.is_none()
    }

    /// Writes what the command takes now.
    pub(super) fn write(&mut self, answers: &mut Vec<Written>) {
        while let Some(chunk) = self.chunks.front_mut() {
            let Some(fd) = &self.fd else {
                return self.give_up(answers);
            };
            match rustix::io::write(fd, &chunk.bytes[chunk.written..]) {
                Ok(written) => {
                    chunk.written += written;
                    if chunk.written < chunk.bytes.len() {
                        continue;
                    }
                    self.waiting = self.waiting.saturating_sub(chunk.bytes.len());
                    answers.extend(chunk.caller.map(|caller| (caller, false)));
                    self.chunks.pop_front();
                }
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return,
                Err(_) => {
                    self.ending = true;
                    return self.give_up(answers);
                }
            }
        }
    }

    /// The descriptor to close, once all is written or the command reads no more.
    pub(super) fn take_ended(&mut self) -> Option<OwnedFd> {
        (self.ending && self.chunks.is_empty()).then(|| self.fd.take())?
    }

    /// Answers everyone who still waits; the command reads no more.
    pub(super) fn give_up(&mut self, answers: &mut Vec<Written>) {
        self.waiting = 0;
        let callers = self.chunks.drain(..).filter_map(|chunk| chunk.caller);
        answers.extend(callers.map(|caller| (caller, true)));
    }
}
