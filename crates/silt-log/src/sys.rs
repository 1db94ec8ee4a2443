//! Every call to the kernel that the engine makes, in one replaceable module.

use rustix::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use rustix::io::Errno;
use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

mod call;
#[cfg(test)]
mod either;
mod kernel;
#[cfg(test)]
pub(crate) mod memory;
#[cfg(test)]
pub(crate) mod simulated;

pub(crate) use call::Call;
#[cfg(not(test))]
pub(crate) use call::{call, jobs_that_may_wait, read_some, single_threaded, write_some};
#[cfg(test)]
use either as machine;
#[cfg(not(test))]
use kernel as machine;
#[cfg(test)]
pub(crate) use simulated::{call, jobs_that_may_wait, read_some, single_threaded, write_some};

pub(crate) type Result<T> = std::result::Result<T, Errno>;

/// What identifies a file beyond its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileIdentity {
    pub(crate) inode: u64,
    /// Birth time in nanoseconds since 1970; 0 where the file system has none.
    pub(crate) born_ns: i64,
    pub(crate) size: u64,
    pub(crate) links: u32,
}

pub(crate) fn open_folder(path: &Path) -> Result<OwnedFd> {
    call(Call::OpenFolder, || machine::open_folder(path))
}

pub(crate) fn make_folder(path: &Path) -> Result<()> {
    call(Call::MakeFolder, || machine::make_folder(path))
}

/// Renames a folder; an existing target is an error.
pub(crate) fn rename_path(from: &Path, to: &Path) -> Result<()> {
    call(Call::RenameFolder, || machine::rename_path(from, to))
}

pub(crate) fn open_read(folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd> {
    call(Call::Open, || machine::open_read(folder, name))
}

/// Opens for reading and writing, making the file when it is not there.
pub(crate) fn open_lock(folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd> {
    call(Call::OpenLock, || machine::open_lock(folder, name))
}

/// Makes a new file for appending; an existing one is an error.
pub(crate) fn create(folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd> {
    call(Call::Create, || machine::create(folder, name))
}

/// Opens an existing file for writing at its end.
pub(crate) fn open_append(folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd> {
    call(Call::OpenAppend, || machine::open_append(folder, name))
}

/// Renames within one folder; an existing target is an error.
pub(crate) fn rename_new(folder: BorrowedFd<'_>, from: &str, to: &str) -> Result<()> {
    call(Call::Rename, || machine::rename_new(folder, from, to))
}

/// Removes a folder with all that is in it.
pub(crate) fn remove_tree(path: &Path) -> Result<()> {
    call(Call::RemoveFolder, || machine::remove_tree(path))
}

/// Another descriptor of the same open file.
pub(crate) fn duplicate(file: BorrowedFd<'_>) -> Result<OwnedFd> {
    call(Call::Duplicate, || machine::duplicate(file))
}

/// Points the symbolic link `name` at `target`, in one step.
pub(crate) fn swap_link(folder: BorrowedFd<'_>, name: &str, target: &str) -> Result<()> {
    let temporary = format!(".{name}.link");
    match remove(folder, &temporary) {
        Ok(()) | Err(Errno::NOENT) => {}
        Err(error) => return Err(error),
    }
    call(Call::Link, || machine::link(folder, &temporary, target))?;
    call(Call::SwapLink, || {
        machine::rename_over(folder, &temporary, name)
    })
}

pub(crate) fn remove(folder: BorrowedFd<'_>, name: &str) -> Result<()> {
    call(Call::Remove, || machine::remove(folder, name))
}

/// One `write(2)`; an interrupted call that wrote nothing is made again.
pub(crate) fn write(file: BorrowedFd<'_>, bytes: &[u8]) -> Result<usize> {
    rustix::io::retry_on_intr(|| {
        write_some(Call::Write, bytes, |bytes| machine::write(file, bytes))
    })
}

pub(crate) fn read_at(file: BorrowedFd<'_>, buffer: &mut [u8], offset: u64) -> Result<usize> {
    rustix::io::retry_on_intr(|| {
        read_some(Call::ReadAt, || {
            machine::read_at(file, &mut *buffer, offset)
        })
    })
}

pub(crate) fn write_at(file: BorrowedFd<'_>, bytes: &[u8], offset: u64) -> Result<usize> {
    rustix::io::retry_on_intr(|| {
        write_some(Call::WriteAt, bytes, |bytes| {
            machine::write_at(file, bytes, offset)
        })
    })
}

pub(crate) fn sync_data(file: BorrowedFd<'_>) -> Result<()> {
    rustix::io::retry_on_intr(|| call(Call::SyncData, || machine::sync_data(file)))
}

pub(crate) fn sync_all(file: BorrowedFd<'_>) -> Result<()> {
    rustix::io::retry_on_intr(|| call(Call::SyncAll, || machine::sync_all(file)))
}

/// Reserves space without changing the size of the file.
pub(crate) fn reserve(file: BorrowedFd<'_>, offset: u64, length: u64) -> Result<()> {
    rustix::io::retry_on_intr(|| call(Call::Reserve, || machine::reserve(file, offset, length)))
}

/// Frees what was reserved past the end: the one truncation there is, to the
/// size that the file has.
pub(crate) fn release_reserved(file: BorrowedFd<'_>, size: u64) -> Result<()> {
    rustix::io::retry_on_intr(|| call(Call::Release, || machine::release_reserved(file, size)))
}

pub(crate) fn identity(file: BorrowedFd<'_>) -> Result<FileIdentity> {
    call(Call::Identity, || machine::identity(file))
}

/// The number by which the kernel knows the file system of a folder.
pub(crate) fn file_system_kind(folder: BorrowedFd<'_>) -> Result<u64> {
    machine::file_system_kind(folder)
}

/// The inode at a path now, `None` when nothing is there.
pub(crate) fn inode_at(path: &Path) -> Result<Option<u64>> {
    match call(Call::InodeAt, || machine::inode_at(path)) {
        Ok(inode) => Ok(Some(inode)),
        Err(Errno::NOENT | Errno::NOTDIR | Errno::STALE) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a folder has a file of this name now.
pub(crate) fn exists(folder: BorrowedFd<'_>, name: &str) -> bool {
    call(Call::Exists, || machine::exists(folder, name)).is_ok()
}

/// The names in a folder, in no order.
pub(crate) fn list(folder: BorrowedFd<'_>) -> Result<Vec<String>> {
    call(Call::List, || machine::list(folder))
}

/// Takes the writer's lock; `false` when another holds it.
pub(crate) fn try_lock(file: BorrowedFd<'_>) -> Result<bool> {
    match call(Call::Lock, || machine::lock(file)) {
        Ok(()) => Ok(true),
        Err(Errno::AGAIN | Errno::ACCESS) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Gives the writer's lock back, also where a process that was just forked still
/// has the descriptor open.
pub(crate) fn unlock(file: BorrowedFd<'_>) {
    machine::unlock(file);
}

/// Whether somebody holds the writer's lock. Disturbs nobody.
pub(crate) fn is_locked(file: BorrowedFd<'_>) -> Result<bool> {
    call(Call::AskLock, || machine::is_locked(file))
}

/// Changes at every boot of the machine; empty where it can not be read.
pub(crate) fn boot_id() -> String {
    #[cfg(test)]
    if let Some(boot) = simulated::boot() {
        return boot;
    }
    first_line("/proc/sys/kernel/random/boot_id")
}

/// Names this installation; empty where it can not be read.
pub(crate) fn machine_id() -> String {
    #[cfg(test)]
    if memory::is_in_use() {
        return "simulated".to_owned();
    }
    first_line("/etc/machine-id")
}

fn first_line(path: &str) -> String {
    call(Call::ReadText, || {
        std::fs::read_to_string(path)
            .map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))
    })
    .unwrap_or_default()
    .trim()
    .to_owned()
}

/// Wall clock, nanoseconds since 1970.
pub(crate) fn now_ns() -> i64 {
    #[cfg(test)]
    if let Some(now) = simulated::now() {
        return now;
    }
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos() as i64)
}

/// The clock that only goes forward.
pub(crate) fn moment() -> Instant {
    #[cfg(test)]
    if let Some(moment) = simulated::moment() {
        return moment;
    }
    Instant::now()
}

pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    #[cfg(test)]
    if let Some(bytes) = memory::random_bytes() {
        return bytes;
    }
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the kernel gives random bytes");
    bytes
}

/// A path that names an open descriptor of this process.
pub(crate) fn descriptor_path(file: impl AsFd) -> String {
    format!("/proc/self/fd/{}", file.as_fd().as_raw_fd())
}
