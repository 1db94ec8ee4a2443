//! Standard output in large writes.

use super::closed;
use super::unblocked::Unblocked;
use crate::wakeups;
use rustix::event::{PollFd, PollFlags, poll};
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
    watch: Option<Watch>,
}

/// For those who look at signals while nobody reads.
struct Watch {
    /// Asked whenever a write had to wait, whether to give up.
    give_up: Box<dyn Fn() -> bool>,
    file: Unblocked,
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
            watch: None,
        }
    }

    /// No write to a slow reader keeps a signal waiting: `give_up` is asked when
    /// one has come. Signals have to be installed in [`wakeups`].
    pub(crate) fn give_up_when(&mut self, give_up: impl Fn() -> bool + 'static) {
        self.watch = Some(Watch {
            give_up: Box::new(give_up),
            file: Unblocked::of(self.fd()),
        });
    }

    /// Whether it was so from the start, and takes nothing.
    pub(crate) fn is_closed(&self) -> bool {
        closed::was_closed(self.fd())
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

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.len() >= FLUSH_AT && !self.widened {
            self.widened = true;
            // Refused where it is no pipe, or past the user's limit.
            let _ = rustix::pipe::fcntl_setpipe_size(self.fd(), PIPE_BYTES);
        }
        if self.is_closed() && !bytes.is_empty() {
            return Err(Errno::BADF.into());
        }
        match &self.watch {
            Some(watch) => watch.write_all(self.fd(), bytes),
            None => write_all(self.fd(), bytes),
        }
    }
}

fn write_all(fd: BorrowedFd<'_>, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(fd, bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(Errno::INTR) => {}
            // Somebody has set the shared description to non-blocking.
            Err(Errno::AGAIN) => wait_writable(fd)?,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Whether a line is taken at once.
pub(super) fn has_room(fd: BorrowedFd<'_>) -> bool {
    let mut asked = [PollFd::new(&fd, PollFlags::OUT)];
    poll(&mut asked, Some(&wakeups::NO_TIME)).is_ok() && asked[0].revents().contains(PollFlags::OUT)
}

fn wait_writable(fd: BorrowedFd<'_>) -> io::Result<()> {
    match poll(&mut [PollFd::new(&fd.as_fd(), PollFlags::OUT)], None) {
        Ok(_) | Err(Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

impl Watch {
    fn write_all(&self, fd: BorrowedFd<'_>, mut bytes: &[u8]) -> io::Result<()> {
        let mut said_room = false;
        while !bytes.is_empty() {
            match self.file.write(bytes) {
                Ok(written) => {
                    bytes = &bytes[written..];
                    said_room = false;
                    continue;
                }
                // What came before may have been taken note of, and wakes nobody.
                Err(Errno::INTR | Errno::AGAIN) if (self.give_up)() => {
                    return Err(Errno::INTR.into());
                }
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => said_room = wakeups::wait_writable(fd, said_room)?,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}
