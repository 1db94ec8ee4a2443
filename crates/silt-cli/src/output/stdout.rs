//! Standard output in large writes.

use rustix::fd::{AsFd, BorrowedFd};
use rustix::io::Errno;
use std::io;

/// Held back until there is this much, or nothing more comes now.
const FLUSH_AT: usize = 64 << 10;

/// Room asked for in a pipe, so that its reader and this process take turns
/// less often.
const PIPE_BYTES: usize = 1 << 20;

/// Standard output or standard error, without the line buffer of the standard
/// library.
pub(crate) struct Stdout {
    to: Target,
    buffer: Vec<u8>,
    widened: bool,
    /// Asked after each interrupted write, whether to give up.
    give_up: Box<dyn Fn() -> bool>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Output,
    Error,
}

impl Stdout {
    pub(crate) fn new() -> Stdout {
        Stdout::to(Target::Output)
    }

    pub(crate) fn stderr() -> Stdout {
        Stdout::to(Target::Error)
    }

    fn to(to: Target) -> Stdout {
        Stdout {
            to,
            buffer: Vec::new(),
            widened: false,
            give_up: Box::new(|| false),
        }
    }

    /// A signal that interrupts a write to a slow reader is looked at then.
    pub(crate) fn give_up_when(&mut self, give_up: impl Fn() -> bool + 'static) {
        self.give_up = Box::new(give_up);
    }

    pub(crate) fn fd(&self) -> BorrowedFd<'static> {
        match self.to {
            Target::Output => rustix::stdio::stdout(),
            Target::Error => rustix::stdio::stderr(),
        }
    }

    /// Where to add what is shown; [`Stdout::added`] has to follow.
    pub(crate) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    pub(crate) fn added(&mut self) -> io::Result<()> {
        if self.buffer.len() >= FLUSH_AT {
            self.flush()?;
        }
        Ok(())
    }

    /// Shows `bytes` after all that was added; large ones are not copied.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.len() < FLUSH_AT {
            self.buffer.extend_from_slice(bytes);
            return self.added();
        }
        self.flush()?;
        self.write_all(bytes)
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        let mut buffer = std::mem::take(&mut self.buffer);
        let result = self.write_all(&buffer);
        buffer.clear();
        self.buffer = buffer;
        result
    }

    fn write_all(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        if bytes.len() >= FLUSH_AT && !self.widened {
            self.widened = true;
            // Refused where it is no pipe, or past the user's limit.
            let _ = rustix::pipe::fcntl_setpipe_size(self.fd(), PIPE_BYTES);
        }
        while !bytes.is_empty() {
            match rustix::io::write(self.fd(), bytes) {
                Ok(written) => bytes = &bytes[written..],
                Err(Errno::INTR) if (self.give_up)() => return Err(Errno::INTR.into()),
                Err(Errno::INTR) => {}
                // Somebody has set the shared description to non-blocking.
                Err(Errno::AGAIN) => {
                    self.wait_writable()?;
                    if (self.give_up)() {
                        return Err(Errno::INTR.into());
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn wait_writable(&self) -> io::Result<()> {
        use rustix::event::{PollFd, PollFlags, poll};
        let fd = self.fd();
        match poll(&mut [PollFd::new(&fd.as_fd(), PollFlags::OUT)], None) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
