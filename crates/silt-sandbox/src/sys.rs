//! Every call to the kernel about the files in which sandboxes are kept, in one
//! replaceable module. What is in a workdir, and the log, are not among them.
//!
//! A call that was interrupted is made again.

mod call;
#[cfg(test)]
pub(crate) mod simulated;

use call::Call;
#[cfg(not(test))]
use call::{call as once, read_some, write_some};
use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use rustix::fs::{AtFlags, CWD, Dir, DirEntry, FlockOperation, Mode, OFlags, RenameFlags};
use rustix::fs::{chmodat, openat, renameat, renameat_with, unlinkat};
#[cfg(test)]
use simulated::{call as once, read_some, write_some};
use std::ffi::{CStr, OsString};
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

fn call<T>(name: Call, mut make: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    uninterrupted(|| once(name, &mut make))
}

fn uninterrupted<T>(mut make: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match make() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// A whole file.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = call(Call::Open, || File::open(path))?;
    let mut held = Vec::new();
    let mut chunk = [0; 16 << 10];
    loop {
        let from = held.len() as u64;
        match uninterrupted(|| read_some(Call::Read, || file.read_at(&mut chunk, from)))? {
            0 => return Ok(held),
            count => held.extend_from_slice(&chunk[..count]),
        }
    }
}

/// A whole file of text.
pub(crate) fn read_text(path: &Path) -> io::Result<String> {
    String::from_utf8(read(path)?).map_err(|_| ErrorKind::InvalidData.into())
}

/// A file for writing, empty.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    call(Call::Create, || File::create(path))
}

/// A file that is there, for writing at its end.
pub(crate) fn open_append(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).custom_flags(libc::O_CLOEXEC);
    call(Call::OpenAppend, || options.open(path))
}

pub(crate) fn write_all(mut file: &File, bytes: &[u8]) -> io::Result<()> {
    let mut left = bytes;
    while !left.is_empty() {
        match uninterrupted(|| write_some(Call::Write, left, |some| file.write(some)))? {
            0 => return Err(ErrorKind::WriteZero.into()),
            count => left = &left[count..],
        }
    }
    Ok(())
}

pub(crate) fn sync_data(file: &File) -> io::Result<()> {
    call(Call::Sync, || file.sync_data())
}

pub(crate) fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    let mode = Permissions::from_mode(mode);
    call(Call::SetMode, || fs::set_permissions(path, mode.clone()))
}

pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    call(Call::Rename, || fs::rename(from, to))
}

/// Renames; an existing target is an error.
pub(crate) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    call(Call::Rename, || {
        Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
    })
}

/// Removes a file.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    call(Call::Remove, || fs::remove_file(path))
}

/// Makes a folder for its owner alone.
pub(crate) fn make_folder(path: &Path) -> io::Result<()> {
    call(Call::MakeFolder, || {
        DirBuilder::new().mode(0o700).create(path)
    })
}

/// The same, with those above it that are not there.
pub(crate) fn make_folders(path: &Path) -> io::Result<()> {
    call(Call::MakeFolder, || {
        DirBuilder::new().recursive(true).mode(0o700).create(path)
    })
}

/// What is at a path; what a link leads to.
pub(crate) fn look(path: &Path) -> io::Result<Metadata> {
    call(Call::Look, || fs::metadata(path))
}

/// What is at a path, be it a link.
pub(crate) fn look_at_link(path: &Path) -> io::Result<Metadata> {
    call(Call::Look, || fs::symlink_metadata(path))
}

/// A path without links.
pub(crate) fn real_path(path: &Path) -> io::Result<PathBuf> {
    call(Call::Look, || fs::canonicalize(path))
}

/// The names in a folder, in no order.
pub(crate) fn list(path: &Path) -> io::Result<Vec<OsString>> {
    call(Call::List, || {
        fs::read_dir(path)?
            .map(|entry| Ok(entry?.file_name()))
            .collect()
    })
}

/// A folder as a file, to be locked.
pub(crate) fn open_folder(path: &Path) -> io::Result<File> {
    call(Call::OpenFolder, || File::open(path))
}

/// Locks a file that is open; false when another holds it and `waits` is not set.
pub(crate) fn lock(file: &File, waits: bool) -> io::Result<bool> {
    let how = match waits {
        true => FlockOperation::LockExclusive,
        false => FlockOperation::NonBlockingLockExclusive,
    };
    match call(Call::Lock, || Ok(rustix::fs::flock(file, how)?)) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
        Err(error) => Err(error),
    }
}

/// A socket that takes connections.
pub(crate) fn listen(path: &Path) -> io::Result<UnixListener> {
    call(Call::Listen, || UnixListener::bind(path))
}

/// Word of what happens in a folder.
pub(crate) fn watch(path: &Path, flags: WatchFlags) -> io::Result<OwnedFd> {
    let events = call(Call::Watch, || {
        Ok(inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?)
    })?;
    call(Call::Watch, || {
        Ok(inotify::add_watch(&events, path, flags)?)
    })?;
    Ok(events)
}

pub(crate) fn open_at(folder: BorrowedFd<'_>, name: &CStr, flags: OFlags) -> io::Result<OwnedFd> {
    call(Call::OpenFolder, || {
        Ok(openat(folder, name, flags, Mode::empty())?)
    })
}

pub(crate) fn remove_at(folder: BorrowedFd<'_>, name: &CStr, how: AtFlags) -> io::Result<()> {
    call(Call::Remove, || Ok(unlinkat(folder, name, how)?))
}

pub(crate) fn rename_at(
    from: BorrowedFd<'_>,
    name: &CStr,
    to: BorrowedFd<'_>,
    new: &CStr,
) -> io::Result<()> {
    call(Call::Rename, || Ok(renameat(from, name, to, new)?))
}

pub(crate) fn list_at(folder: BorrowedFd<'_>) -> io::Result<Vec<DirEntry>> {
    call(Call::List, || {
        let entries: Result<Vec<_>, _> = Dir::read_from(folder)?.collect();
        Ok(entries?)
    })
}

/// Opens a folder to its owner, by its descriptor.
pub(crate) fn allow(folder: BorrowedFd<'_>) -> io::Result<()> {
    let path = format!("/proc/self/fd/{}", folder.as_raw_fd());
    call(Call::SetMode, || {
        Ok(chmodat(CWD, &path, Mode::RWXU, AtFlags::empty())?)
    })
}
