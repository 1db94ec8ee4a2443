//! Every call to the kernel that the engine makes, in one replaceable module.

use rustix::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, FallocateFlags, Mode, OFlags, RenameFlags, StatxFlags};
use rustix::io::Errno;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

mod call;
#[cfg(test)]
pub(crate) mod simulated;

pub(crate) use call::Call;
#[cfg(not(test))]
pub(crate) use call::{call, read_some, single_threaded, write_some};
#[cfg(test)]
pub(crate) use simulated::{call, read_some, single_threaded, write_some};

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
    call(Call::OpenFolder, || {
        rustix::fs::open(
            path,
            OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC,
            Mode::empty(),
        )
    })
}

pub(crate) fn make_folder(path: &Path) -> Result<()> {
    call(Call::MakeFolder, || rustix::fs::mkdir(path, Mode::RWXU))
}

pub(crate) fn rename_path(from: &Path, to: &Path) -> Result<()> {
    call(Call::RenameFolder, || {
        rustix::fs::renameat_with(
            rustix::fs::CWD,
            from,
            rustix::fs::CWD,
            to,
            RenameFlags::NOREPLACE,
        )
    })
}

pub(crate) fn open_read(folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd> {
    call(Call::Open, || {
        rustix::fs::openat(
            folder,
            name,
            OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW,
            Mode::empty(),
        )
    })
}

/// Opens for reading and writing, making the file when it is not there.
pub(crate) fn open_lock(folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd> {
    call(Call::OpenLock, || {
        rustix::fs::openat(
            folder,
            name,
            OFlags::RDWR | OFlags::CREATE | OFlags::CLOEXEC | OFlags::NOFOLLOW,
            Mode::RUSR | Mode::WUSR,
        )
    })
}

/// Makes a new file for appending; an existing one is an error.
pub(crate) fn create(folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd> {
    call(Call::Create, || {
        rustix::fs::openat(
            folder,
            name,
            OFlags::WRONLY
                | OFlags::CREATE
                | OFlags::EXCL
                | OFlags::APPEND
                | OFlags::CLOEXEC
                | OFlags::NOFOLLOW,
            Mode::RUSR | Mode::WUSR,
        )
    })
}

/// Opens an existing file for writing at its end.
pub(crate) fn open_append(folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd> {
    call(Call::OpenAppend, || {
        rustix::fs::openat(
            folder,
            name,
            OFlags::WRONLY | OFlags::APPEND | OFlags::CLOEXEC | OFlags::NOFOLLOW,
            Mode::empty(),
        )
    })
}

/// Renames within one folder; an existing target is an error.
pub(crate) fn rename_new(folder: BorrowedFd<'_>, from: &str, to: &str) -> Result<()> {
    call(Call::Rename, || {
        rustix::fs::renameat_with(folder, from, folder, to, RenameFlags::NOREPLACE)
    })
}

/// Removes a folder with all that is in it.
pub(crate) fn remove_tree(path: &Path) -> Result<()> {
    call(Call::RemoveFolder, || {
        std::fs::remove_dir_all(path)
            .map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))
    })
}

/// Another descriptor of the same open file.
pub(crate) fn duplicate(file: BorrowedFd<'_>) -> Result<OwnedFd> {
    call(Call::Duplicate, || rustix::io::fcntl_dupfd_cloexec(file, 0))
}

/// Points the symbolic link `name` at `target`, in one step.
pub(crate) fn swap_link(folder: BorrowedFd<'_>, name: &str, target: &str) -> Result<()> {
    let temporary = format!(".{name}.link");
    match remove(folder, &temporary) {
        Ok(()) | Err(Errno::NOENT) => {}
        Err(error) => return Err(error),
    }
    call(Call::Link, || {
        rustix::fs::symlinkat(target, folder, temporary.as_str())
    })?;
    call(Call::SwapLink, || {
        rustix::fs::renameat(folder, temporary.as_str(), folder, name)
    })
}

pub(crate) fn remove(folder: BorrowedFd<'_>, name: &str) -> Result<()> {
    call(Call::Remove, || {
        rustix::fs::unlinkat(folder, name, AtFlags::empty())
    })
}

/// One `write(2)`; an interrupted call that wrote nothing is made again.
pub(crate) fn write(file: BorrowedFd<'_>, bytes: &[u8]) -> Result<usize> {
    rustix::io::retry_on_intr(|| {
        write_some(Call::Write, bytes, |bytes| rustix::io::write(file, bytes))
    })
}

pub(crate) fn read_at(file: BorrowedFd<'_>, buffer: &mut [u8], offset: u64) -> Result<usize> {
    rustix::io::retry_on_intr(|| {
        read_some(Call::ReadAt, || {
            rustix::io::pread(file, &mut *buffer, offset)
        })
    })
}

pub(crate) fn write_at(file: BorrowedFd<'_>, bytes: &[u8], offset: u64) -> Result<usize> {
    rustix::io::retry_on_intr(|| {
        write_some(Call::WriteAt, bytes, |bytes| {
            rustix::io::pwrite(file, bytes, offset)
        })
    })
}

pub(crate) fn sync_data(file: BorrowedFd<'_>) -> Result<()> {
    rustix::io::retry_on_intr(|| call(Call::SyncData, || rustix::fs::fdatasync(file)))
}

pub(crate) fn sync_all(file: BorrowedFd<'_>) -> Result<()> {
    rustix::io::retry_on_intr(|| call(Call::SyncAll, || rustix::fs::fsync(file)))
}

/// Reserves space without changing the size of the file.
pub(crate) fn reserve(file: BorrowedFd<'_>, offset: u64, length: u64) -> Result<()> {
    rustix::io::retry_on_intr(|| {
        call(Call::Reserve, || {
            rustix::fs::fallocate(file, FallocateFlags::KEEP_SIZE, offset, length)
        })
    })
}

/// Frees what was reserved past the end: the one truncation there is, to the
/// size that the file has.
pub(crate) fn release_reserved(file: BorrowedFd<'_>, size: u64) -> Result<()> {
    rustix::io::retry_on_intr(|| call(Call::Release, || rustix::fs::ftruncate(file, size)))
}

pub(crate) fn identity(file: BorrowedFd<'_>) -> Result<FileIdentity> {
    let stat = call(Call::Identity, || {
        rustix::fs::statx(
            file,
            "",
            AtFlags::EMPTY_PATH,
            StatxFlags::BASIC_STATS | StatxFlags::BTIME,
        )
    })?;
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

/// The number by which the kernel knows the file system of a folder.
pub(crate) fn file_system_kind(folder: BorrowedFd<'_>) -> Result<u64> {
    Ok(rustix::fs::fstatfs(folder)?.f_type as u64)
}

/// The inode at a path now, `None` when nothing is there.
pub(crate) fn inode_at(path: &Path) -> Result<Option<u64>> {
    match call(Call::InodeAt, || rustix::fs::stat(path)) {
        Ok(stat) => Ok(Some(stat.st_ino)),
        Err(Errno::NOENT | Errno::NOTDIR | Errno::STALE) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a folder has a file of this name now.
pub(crate) fn exists(folder: BorrowedFd<'_>, name: &str) -> bool {
    call(Call::Exists, || {
        rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)
    })
    .is_ok()
}

/// The names in a folder, in no order.
pub(crate) fn list(folder: BorrowedFd<'_>) -> Result<Vec<String>> {
    call(Call::List, || {
        let mut names = Vec::new();
        for entry in rustix::fs::Dir::read_from(folder)? {
            if let Ok(name) = entry?.file_name().to_str() {
                names.push(name.to_owned());
            }
        }
        Ok(names)
    })
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

/// Takes the writer's lock; `false` when another holds it.
pub(crate) fn try_lock(file: BorrowedFd<'_>) -> Result<bool> {
    let lock = whole_file_lock();
    let taken = call(Call::Lock, || {
        // SAFETY: the descriptor is open and `lock` outlives the call.
        let answer = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_OFD_SETLK, &lock) };
        if answer == 0 {
            Ok(())
        } else {
            Err(last_errno())
        }
    });
    match taken {
        Ok(()) => Ok(true),
        Err(Errno::AGAIN | Errno::ACCESS) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Gives the writer's lock back, also where a process that was just forked still
/// has the descriptor open.
pub(crate) fn unlock(file: BorrowedFd<'_>) {
    let lock = libc::flock {
        l_type: libc::F_UNLCK as libc::c_short,
        ..whole_file_lock()
    };
    // SAFETY: the descriptor is open and `lock` outlives the call. What it
    // answers changes nothing: closing the descriptor follows.
    unsafe { libc::fcntl(file.as_raw_fd(), libc::F_OFD_SETLK, &lock) };
}

/// Whether somebody holds the writer's lock. Disturbs nobody.
pub(crate) fn is_locked(file: BorrowedFd<'_>) -> Result<bool> {
    call(Call::AskLock, || {
        let mut lock = whole_file_lock();
        // SAFETY: the descriptor is open and `lock` outlives the call.
        let answer = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_OFD_GETLK, &mut lock) };
        if answer == 0 {
            Ok(i32::from(lock.l_type) != libc::F_UNLCK)
        } else {
            Err(last_errno())
        }
    })
}

fn last_errno() -> Errno {
    Errno::from_io_error(&std::io::Error::last_os_error()).unwrap_or(Errno::IO)
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

pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the kernel gives random bytes");
    bytes
}

/// A path that names an open descriptor of this process.
pub(crate) fn descriptor_path(file: impl AsFd) -> String {
    format!("/proc/self/fd/{}", file.as_fd().as_raw_fd())
}
