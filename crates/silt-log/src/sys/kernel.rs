//! The calls as the kernel of Linux takes them.

use super::{FileIdentity, Result};
use rustix::fd::{AsRawFd, BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, CWD, FallocateFlags, Mode, OFlags, RenameFlags, StatxFlags};
use rustix::io::Errno;
use std::path::Path;

pub(crate) fn open_folder(path: &Path) -> Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    rustix::fs::open(path, flags, Mode::empty())
}

pub(crate) fn make_folder(path: &Path) -> Result<()> {
    rustix::fs::mkdir(path, Mode::RWXU)
}

pub(crate) fn rename_path(from: &Path, to: &Path) -> Result<()> {
    rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)
}

pub(crate) fn open_read(folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    rustix::fs::openat(folder, name, flags, Mode::empty())
}

pub(crate) fn open_lock(folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    rustix::fs::openat(folder, name, flags, Mode::RUSR | Mode::WUSR)
}

pub(crate) fn create(folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd> {
    let flags = OFlags::WRONLY
        | OFlags::CREATE
        | OFlags::EXCL
        | OFlags::APPEND
        | OFlags::CLOEXEC
        | OFlags::NOFOLLOW;
    rustix::fs::openat(folder, name, flags, Mode::RUSR | Mode::WUSR)
}

pub(crate) fn open_append(folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd> {
    let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    rustix::fs::openat(folder, name, flags, Mode::empty())
}

pub(crate) fn rename_new(folder: BorrowedFd<'_>, from: &str, to: &str) -> Result<()> {
    rustix::fs::renameat_with(folder, from, folder, to, RenameFlags::NOREPLACE)
}

pub(crate) fn remove_tree(path: &Path) -> Result<()> {
    std::fs::remove_dir_all(path).map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))
}

pub(crate) fn duplicate(file: BorrowedFd<'_>) -> Result<OwnedFd> {
    rustix::io::fcntl_dupfd_cloexec(file, 0)
}

pub(crate) fn link(folder: BorrowedFd<'_>, name: &str, target: &str) -> Result<()> {
    rustix::fs::symlinkat(target, folder, name)
}

pub(crate) fn rename_over(folder: BorrowedFd<'_>, from: &str, to: &str) -> Result<()> {
    rustix::fs::renameat(folder, from, folder, to)
}

pub(crate) fn remove(folder: BorrowedFd<'_>, name: &str) -> Result<()> {
    rustix::fs::unlinkat(folder, name, AtFlags::empty())
}

pub(crate) fn write(file: BorrowedFd<'_>, bytes: &[u8]) -> Result<usize> {
    rustix::io::write(file, bytes)
}

pub(crate) fn read_at(file: BorrowedFd<'_>, buffer: &mut [u8], offset: u64) -> Result<usize> {
    rustix::io::pread(file, buffer, offset)
}

pub(crate) fn write_at(file: BorrowedFd<'_>, bytes: &[u8], offset: u64) -> Result<usize> {
    rustix::io::pwrite(file, bytes, offset)
}

pub(crate) fn sync_data(file: BorrowedFd<'_>) -> Result<()> {
    rustix::fs::fdatasync(file)
}

pub(crate) fn sync_all(file: BorrowedFd<'_>) -> Result<()> {
    rustix::fs::fsync(file)
}

pub(crate) fn reserve(file: BorrowedFd<'_>, offset: u64, length: u64) -> Result<()> {
    rustix::fs::fallocate(file, FallocateFlags::KEEP_SIZE, offset, length)
}

pub(crate) fn release_reserved(file: BorrowedFd<'_>, size: u64) -> Result<()> {
    rustix::fs::ftruncate(file, size)
}

pub(crate) fn identity(file: BorrowedFd<'_>) -> Result<FileIdentity> {
    let fields = StatxFlags::BASIC_STATS | StatxFlags::BTIME;
    let stat = rustix::fs::statx(file, "", AtFlags::EMPTY_PATH, fields)?;
    let born_ns = if stat.stx_mask & StatxFlags::BTIME.bits() != 0 {
        stat.stx_btime.tv_sec * 1_000_000_000 + i64::from(stat.stx_btime.tv_nsec)
    } else {
        0
    };
    Ok(FileIdentity {
        inode: stat.stx_ino,
        born_ns,
        size: stat.stx_size,
        links: stat.stx_nlink,
    })
}

pub(crate) fn file_system_kind(folder: BorrowedFd<'_>) -> Result<u64> {
    Ok(rustix::fs::fstatfs(folder)?.f_type as u64)
}

pub(crate) fn inode_at(path: &Path) -> Result<u64> {
    Ok(rustix::fs::stat(path)?.st_ino)
}

pub(crate) fn exists(folder: BorrowedFd<'_>, name: &str) -> Result<()> {
    rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).map(drop)
}

pub(crate) fn list(folder: BorrowedFd<'_>) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in rustix::fs::Dir::read_from(folder)? {
        if let Ok(name) = entry?.file_name().to_str() {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

/// An open-file-description lock over the whole file: it belongs to the
/// descriptor, so no other `close` in the process drops it.
fn whole_file_lock() -> libc::flock {
    libc::flock {
        l_type: libc::F_WRLCK as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: 0,
        l_len: 0,
        l_pid: 0,
    }
}

pub(crate) fn lock(file: BorrowedFd<'_>) -> Result<()> {
    let lock = whole_file_lock();
    // SAFETY: the descriptor is open and `lock` outlives the call.
    let answer = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_OFD_SETLK, &lock) };
    if answer == 0 {
        Ok(())
    } else {
        Err(last_errno())
    }
}

pub(crate) fn unlock(file: BorrowedFd<'_>) {
    let lock = libc::flock {
        l_type: libc::F_UNLCK as libc::c_short,
        ..whole_file_lock()
    };
    // SAFETY: the descriptor is open and `lock` outlives the call. What it
    // answers changes nothing: closing the descriptor follows.
    unsafe { libc::fcntl(file.as_raw_fd(), libc::F_OFD_SETLK, &lock) };
}

pub(crate) fn is_locked(file: BorrowedFd<'_>) -> Result<bool> {
    let mut lock = whole_file_lock();
    // SAFETY: the descriptor is open and `lock` outlives the call.
    let answer = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_OFD_GETLK, &mut lock) };
    if answer == 0 {
        Ok(i32::from(lock.l_type) != libc::F_UNLCK)
    } else {
        Err(last_errno())
    }
}

fn last_errno() -> Errno {
    Errno::from_io_error(&std::io::Error::last_os_error()).unwrap_or(Errno::IO)
}
