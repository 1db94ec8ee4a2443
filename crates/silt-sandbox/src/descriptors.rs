//! Descriptors of a supervisor that are kept back for its log: clients, commands
//! and connections are refused before a segment can not be opened.

use rustix::process::{Resource, getrlimit};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;

/// More than a rotation of all three logs, sealed segments that wait to be
/// synced, and what happens in one round take.
const FOR_THE_LOG: u64 = 24;

/// Connections to exposed ports leave this much to clients and commands.
const FOR_COMMANDS: u64 = 16;

/// Whether there is one for something new.
///
/// # Errors
/// `EMFILE` when all that are left are kept back.
pub(crate) fn room() -> io::Result<()> {
    room_beside(FOR_THE_LOG)
}

/// Whether there are two for a connection, its client and its server, beside
/// `awaited` ones that other connections are still to get.
///
/// # Errors
/// `EMFILE` when all that are left are kept back.
pub(crate) fn room_for_connection(awaited: u64) -> io::Result<()> {
    room_beside(FOR_THE_LOG + FOR_COMMANDS + awaited + 1)
}

fn room_beside(kept_back: u64) -> io::Result<()> {
    let most = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    if open()? + kept_back < most {
        return Ok(());
    }
    Err(io::Error::from_raw_os_error(libc::EMFILE))
}

/// How many are open. The lowest free number does not tell: descriptors that
/// were passed on leave holes below others.
fn open() -> io::Result<u64> {
    const TABLE: &str = "/proc/self/fd";
    match fs::metadata(TABLE)?.size() {
        // Linux before 6.2 does not say. The listing has its own descriptor.
        0 => Ok(fs::read_dir(TABLE)?.count() as u64),
        open => Ok(open),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_above_a_hole_are_counted() {
        // More than what other tests of this process open and close meanwhile.
        let before = open().unwrap();
        let mut held: Vec<_> = (0..200)
            .map(|_| fs::File::open("/dev/null").unwrap())
            .collect();
        held.drain(..50);
        let more = open().unwrap().saturating_sub(before);
        assert!((100..=200).contains(&more), "{more}");
    }
}
