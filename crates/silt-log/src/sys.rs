//! Every call to the kernel that the engine makes, in one replaceable module.

use rustix::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, FallocateFlags, Mode, OFlags, RenameFlags, StatxFlags};
use rustix::io::Errno;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

#[cfg(test)]
pub(crate) mod simulated;

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
    rustix::fs::open(
        path,
        OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC,
        Mode::empty(),
    )
}

pub(crate) fn make_folder(path: &Path) -> Result<()> {
    rustix::fs::mkdir(path, Mode::RWXU)
}

pub(crate) fn rename_path(from: &Path, to: &Path) -> Result<()> {
    rustix::fs::renameat_with(
        rustix::fs::CWD,
        from,
        rustix::fs::CWD,
        to,
        RenameFlags::NOREPLACE,
    )
}

pub(crate) fn open_read(folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd> {
    #[cfg(test)]
    simulated::fail(simulated::Call::Open)?;
    rustix::fs::openat(
        folder,
        name,
        OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW,
        Mode::empty(),
    )
}

/// Opens for reading and writing, making the file when it is not there.
pub(crate) fn open_lock(folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd> {
    rustix::fs::openat(
        folder,
        name,
        OFlags::RDWR | OFlags::CREATE | OFlags::CLOEXEC | OFlags::NOFOLLOW,
        Mode::RUSR | Mode::WUSR,
    )
}

/// Makes a new file for appending; an existing one is an error.
pub(crate) fn create(folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd> {
    #[cfg(test)]
    simulated::fail(simulated::Call::Create)?;
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
}

/// Opens an existing file for writing at its end.
pub(crate) fn open_append(folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd> {
    rustix::fs::openat(
        folder,
        name,
        OFlags::WRONLY | OFlags::APPEND | OFlags::CLOEXEC | OFlags::NOFOLLOW,
        Mode::empty(),
    )
}

/// Renames within one folder; an existing target is an error.
pub(crate) fn rename_new(folder: BorrowedFd<'_>, from: &str, to: &str) -> Result<()> {
    #[cfg(test)]
    simulated::fail(simulated::Call::Rename)?;
    rustix::fs::renameat_with(folder, from, folder, to, RenameFlags::NOREPLACE)
}

/// Points the symbolic link `name` at `target`, in one step.
pub(crate) fn swap_link(folder: BorrowedFd<'_>, name: &str, target: &str) -> Result<()> {
    let temporary = format!(".{name}.link");
    match rustix::fs::unlinkat(folder, temporary.as_str(), AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => {}
        Err(error) => return Err(error),
    }
    rustix::fs::symlinkat(target, folder, temporary.as_str())?;
    rustix::fs::renameat(folder, temporary.as_str(), folder, name)
}

pub(crate) fn remove(folder: BorrowedFd<'_>, name: &str) -> Result<()> {
    rustix::fs::unlinkat(folder, name, AtFlags::empty())
}

/// One `write(2)`; an interrupted call that wrote nothing is made again.
pub(crate) fn write(file: BorrowedFd<'_>, bytes: &[u8]) -> Result<usize> {
    #[cfg(test)]
    let bytes = simulated::cut(bytes)?;
    rustix::io::retry_on_intr(|| rustix::io::write(file, bytes))
}

pub(crate) fn read_at(file: BorrowedFd<'_>, buffer: &mut [u8], offset: u64) -> Result<usize> {
    rustix::io::retry_on_intr(|| rustix::io::pread(file, &mut *buffer, offset))
}

pub(crate) fn write_at(file: BorrowedFd<'_>, bytes: &[u8], offset: u64) -> Result<usize> {
    #[cfg(test)]
    simulated::fail(simulated::Call::WriteAt)?;
    rustix::io::retry_on_intr(|| rustix::io::pwrite(file, bytes, offset))
}

pub(crate) fn sync_data(file: BorrowedFd<'_>) -> Result<()> {
    #[cfg(test)]
    simulated::fail(simulated::Call::SyncData)?;
    rustix::io::retry_on_intr(|| rustix::fs::fdatasync(file))
}

pub(crate) fn sync_all(file: BorrowedFd<'_>) -> Result<()> {
    #[cfg(test)]
    simulated::fail(simulated::Call::SyncAll)?;
    rustix::io::retry_on_intr(|| rustix::fs::fsync(file))
}

/// Reserves space without changing the size of the file.
pub(crate) fn reserve(file: BorrowedFd<'_>, offset: u64, length: u64) -> Result<()> {
    #[cfg(test)]
    simulated::fail(simulated::Call::Reserve)?;
    rustix::io::retry_on_intr(|| {
        rustix::fs::fallocate(file, FallocateFlags::KEEP_SIZE, offset, length)
    })
}

/// Frees what was reserved past the end: the one truncation there is, to the
/// size that the file has.
pub(crate) fn release_reserved(file: BorrowedFd<'_>, size: u64) -> Result<()> {
    rustix::io::retry_on_intr(|| rustix::fs::ftruncate(file, size))
}

pub(crate) fn identity(file: BorrowedFd<'_>) -> Result<FileIdentity> {
    let stat = rustix::fs::statx(
        file,
        "",
        AtFlags::EMPTY_PATH,
        StatxFlags::BASIC_STATS | StatxFlags::BTIME,
    )?;
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
pub(crate) fn inode_at(path: &Path) -> Option<u64> {
    rustix::fs::stat(path).ok().map(|stat| stat.st_ino)
}

/// Whether a folder has a file of this name now.
pub(crate) fn exists(folder: BorrowedFd<'_>, name: &str) -> bool {
    rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).is_ok()
}

/// The names in a folder, in no order.
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

/// Takes the writer's lock; `false` when another holds it.
pub(crate) fn try_lock(file: BorrowedFd<'_>) -> Result<bool> {
    let lock = whole_file_lock();
    // SAFETY: the descriptor is open and `lock` outlives the call.
    let answer = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_OFD_SETLK, &lock) };
    if answer == 0 {
        return Ok(true);
    }
    match last_errno() {
        Errno::AGAIN | Errno::ACCESS => Ok(false),
        error => Err(error),
    }
}

/// Whether somebody holds the writer's lock. Disturbs nobody.
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
    std::fs::read_to_string(path)
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
