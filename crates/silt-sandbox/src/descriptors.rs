//! Descriptors of a supervisor that are kept back for its log: clients, commands
//! and connections are refused before a segment can not be opened.

use rustix::process::{Resource, getrlimit};
use std::io;
use std::os::fd::{AsFd, AsRawFd};

/// More than a rotation of all three logs and what happens in one round take.
const KEPT_BACK: u64 = 24;

/// Whether there is one for something new. `held` is any open descriptor.
///
/// # Errors
/// As of the system when there is none at all.
pub(crate) fn room(held: impl AsFd) -> io::Result<()> {
    // The lowest free number is given, so all below it are in use.
    let next = rustix::io::fcntl_dupfd_cloexec(held, 0)?;
    let most = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    if next.as_raw_fd() as u64 + KEPT_BACK < most {
        return Ok(());
    }
    Err(io::Error::from_raw_os_error(libc::EMFILE))
}
