//! Whether the other end of a pipe or a connection has gone.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::os::fd::AsFd;

/// Whether nothing holds the other end any more; does not wait. What came from
/// there and was not yet read says nothing of that. False where it can not be
/// asked.
pub(crate) fn is_hung_up(fd: impl AsFd) -> bool {
    let mut polled = [PollFd::new(&fd, PollFlags::empty())];
    let now = Timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    let asked = poll(&mut polled, Some(&now));
    asked.is_ok() && polled[0].revents().contains(PollFlags::HUP)
}
