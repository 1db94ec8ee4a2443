//! Writes that never wait in the kernel, so that a signal that comes just before
//! one is not kept until a slow reader has read.
//!
//! The descriptor is shared with other programs: whether it blocks must stay as
//! it is. So each kind of file is asked in its own way.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{AsRawFd, BorrowedFd, OwnedFd};
use rustix::fs::{FileType, Mode, OFlags};
use rustix::io::{Errno, Result};
use rustix::net::SendFlags;

/// What a pipe takes whole once it takes anything: PIPE_BUF.
const PORTION: usize = 4096;

/// Standard output or standard error.
pub(super) struct Unblocked {
    fd: BorrowedFd<'static>,
    way: Way,
}

enum Way {
    /// A description of our own of the same pipe or terminal.
    Own(OwnedFd),
    Socket,
    /// What can not be opened again: as much as is sure to fit.
    Portions,
    /// Files are written to without waiting for anybody.
    Plain,
}

impl Unblocked {
    pub(super) fn of(fd: BorrowedFd<'static>) -> Unblocked {
        let way = match rustix::fs::fstat(fd).map(|stat| FileType::from_raw_mode(stat.st_mode)) {
            Ok(FileType::Fifo) => open_again(fd).map_or(Way::Portions, Way::Own),
            Ok(FileType::CharacterDevice) if rustix::termios::isatty(fd) => {
                open_again(fd).map_or(Way::Portions, Way::Own)
            }
            Ok(FileType::Socket) => Way::Socket,
            _ => Way::Plain,
        };
        Unblocked { fd, way }
    }

    /// Writes what there is room for now.
    ///
    /// # Errors
    /// `EAGAIN` where there is none; else as of write(2).
    pub(super) fn write(&self, bytes: &[u8]) -> Result<usize> {
        match &self.way {
            Way::Own(description) => rustix::io::write(description, bytes),
            Way::Socket => {
                rustix::net::send(self.fd, bytes, SendFlags::DONTWAIT | SendFlags::NOSIGNAL)
            }
            Way::Portions if self.has_room()? => {
                rustix::io::write(self.fd, &bytes[..bytes.len().min(PORTION)])
            }
            Way::Portions => Err(Errno::AGAIN),
            Way::Plain => rustix::io::write(self.fd, bytes),
        }
    }

    fn has_room(&self) -> Result<bool> {
        let now = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        let mut polled = [PollFd::new(&self.fd, PollFlags::OUT)];
        Ok(poll(&mut polled, Some(&now))? > 0)
    }
}

/// Refused without /proc, and for a pipe that another user has made.
fn open_again(fd: BorrowedFd<'_>) -> Result<OwnedFd> {
    rustix::fs::open(
        format!("/proc/self/fd/{}", fd.as_raw_fd()),
        OFlags::WRONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC,
        Mode::empty(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fd::AsFd;
    use std::io::Read;

    /// Bytes that tell where they stand.
    fn numbered(size: usize) -> Vec<u8> {
        (0..size / 8)
            .flat_map(|at| (at as u64).to_le_bytes())
            .collect()
    }

    fn writes_without_waiting(way: Option<Way>) {
        let (reader, writer) = rustix::pipe::pipe().unwrap();
        let writer: &'static OwnedFd = Box::leak(Box::new(writer));
        let fd = writer.as_fd();
        let mut file = Unblocked::of(fd);
        if let Some(way) = way {
            file.way = way;
        }
        let bytes = numbered(1 << 20);
        let mut written = 0;
        let mut reader = std::fs::File::from(reader);
        let mut received = Vec::new();
        while written < bytes.len() {
            match file.write(&bytes[written..]) {
                Ok(some) => written += some,
                // Would hang here, were it to wait: only this thread reads.
                Err(Errno::AGAIN) => {
                    let mut some = [0; 5000];
                    let read = reader.read(&mut some).unwrap();
                    received.extend_from_slice(&some[..read]);
                }
                Err(error) => panic!("{error}"),
            }
        }
        let mut rest = vec![0; bytes.len() - received.len()];
        reader.read_exact(&mut rest).unwrap();
        received.extend(rest);
        assert!(received == bytes);
        let shared = rustix::fs::fcntl_getfl(fd).unwrap();
        assert!(!shared.contains(OFlags::NONBLOCK), "others share it");
    }

    #[test]
    fn a_full_pipe_is_told_and_takes_all_in_the_end() {
        writes_without_waiting(None);
    }

    #[test]
    fn a_full_pipe_that_can_not_be_opened_again_is_told_and_takes_all_in_the_end() {
        writes_without_waiting(Some(Way::Portions));
    }
}
