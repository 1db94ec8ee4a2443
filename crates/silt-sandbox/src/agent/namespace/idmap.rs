//! Mounts whose owner outside appears as the sandbox's id inside, without a chown.

use std::fs;
use std::io::{self, Read};
use std::os::fd::OwnedFd;

use rustix::io::Errno;
use rustix::pipe::{PipeFlags, pipe_with};

use super::mounts;

/// A user and a group id.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

/// Lets `owner`'s files of a detached mount appear as `inside`'s, and files made by
/// `inside` be `owner`'s. All other ids stay what they are.
pub(super) fn apply(tree: &OwnedFd, owner: Owner, inside: Owner) -> Result<(), Errno> {
    if owner == inside {
        return Ok(());
    }
    let to_errno = |e: io::Error| Errno::from_io_error(&e).unwrap_or(Errno::IO);
    let userns = namespace(owner, inside).map_err(to_errno)?;
    // A file system below that knows no mapping must not take it from the top.
    mounts::idmap(tree, &userns, true).or_else(|_| mounts::idmap(tree, &userns, false))
}

/// A user namespace that nobody lives in and that only carries the two maps.
fn namespace(owner: Owner, inside: Owner) -> io::Result<OwnedFd> {
    let (ready, report) = pipe_with(PipeFlags::CLOEXEC)?;
    let (wait, release) = pipe_with(PipeFlags::CLOEXEC)?;
    // SAFETY: one thread; the child makes system calls only and ends by `_exit`.
    let child = unsafe { libc::fork() };
    if child == 0 {
        drop(release);
        // SAFETY: plain system calls; the buffer is one byte that exists.
        unsafe {
            if libc::unshare(libc::CLONE_NEWUSER) == 0 {
                let _ = rustix::io::write(&report, b"r");
                let _ = rustix::io::read(&wait, &mut [0_u8; 1]);
            }
            libc::_exit(0)
        }
    }
    if child < 0 {
        return Err(io::Error::last_os_error());
    }
    drop((report, wait));
    let made = (|| {
        fs::File::from(ready).read_exact(&mut [0])?;
        fs::write(
            format!("/proc/{child}/uid_map"),
            swap(owner.uid, inside.uid),
        )?;
        fs::write(
            format!("/proc/{child}/gid_map"),
            swap(owner.gid, inside.gid),
        )?;
        Ok(fs::File::open(format!("/proc/{child}/ns/user"))?.into())
    })();
    drop(release);
    // SAFETY: the child is ours and ends as soon as the pipe is closed.
    unsafe { libc::waitpid(child, std::ptr::null_mut(), 0) };
    made
}

/// The map that exchanges two ids and leaves all others alone.
fn swap(a: u32, b: u32) -> String {
    let (low, high) = (a.min(b), a.max(b));
    if low == high {
        return format!("0 0 {}\n", u32::MAX);
    }
    let extents = [
        (low, high, 1),
        (high, low, 1),
        (0, 0, low),
        (low + 1, low + 1, high - low - 1),
        (high + 1, high + 1, u32::MAX - high - 1),
    ];
    extents
        .iter()
        .filter(|(_, _, count)| *count > 0)
        .map(|(inside, outside, count)| format!("{inside} {outside} {count}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::swap;

    #[test]
    fn every_id_is_mapped_once() {
        assert_eq!(
            swap(0, 65534),
            "0 65534 1\n65534 0 1\n1 1 65533\n65535 65535 4294901760\n"
        );
        assert_eq!(swap(7, 7), "0 0 4294967295\n");
        for (a, b) in [(0, 1), (5, 3), (1000, 65534)] {
            let count: u64 = swap(a, b)
                .lines()
                .map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap())
                .sum();
            assert_eq!(count, u64::from(u32::MAX));
        }
    }
}
