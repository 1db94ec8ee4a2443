//! Files of a sandbox, as seen inside it: paths are relative to its workdir.
//!
//! Works on the host's side, running or stopped. Every path is resolved by the
//! kernel with the workdir as its root, so that neither `..` nor a link that a
//! program planted leads out of it.

mod open;
mod path;

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use path::fuzzing::path as fuzz_path;

use crate::folder::Folder;
use crate::record::Record;
use crate::{Error, Home, name, tree};
use open::{Root, folder_flags};
use path::Inside;
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, fchown, fstat, renameat, statat, unlinkat};
use rustix::io::Errno;
use rustix::process::{Gid, Uid};
use serde::{Deserialize, Serialize};
use std::ffi::{CStr, CString};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::AsFd;

/// The largest file that `read` brings into memory.
pub const LARGEST_READ: u64 = 1 << 30;

/// What an entry of a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    File,
    Folder,
    Link,
    Other,
}

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileEntry {
    /// Bytes that are not UTF-8 are shown as replacement characters.
    pub name: String,
    pub kind: FileKind,
    /// In bytes.
    pub size: u64,
    /// RFC 3339, UTC.
    pub modified_at: String,
}

/// The whole content of a regular file of at most 1 GiB.
pub fn read(home: &Home, name: &str, path: &str) -> Result<Vec<u8>, Error> {
    let (root, inside) = enter(home, name, path)?;
    // Not blocking: a FIFO that was planted must not make the caller wait.
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = root
        .open(&inside.whole, flags)
        .map_err(failed("read", path))?;
    let stat = fstat(&file).map_err(failed("read", path))?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(Error::argument(
            "path",
            format!("{path} is not a regular file"),
        ));
    }
    if stat.st_size as u64 > LARGEST_READ {
        let message = format!("{path} holds more than {LARGEST_READ} bytes");
        return Err(Error::argument("path", message));
    }
    let mut content = Vec::with_capacity(stat.st_size as usize);
    File::from(file)
        .take(LARGEST_READ)
        .read_to_end(&mut content)
        .map_err(|error| Error::io("read", path, error))?;
    Ok(content)
}

/// Writes a whole file: a reader inside sees the old content or the new.
/// Folders above it are made; an existing file keeps its permissions. What is
/// made belongs to the owner of the workdir, who is the sandbox's user.
pub fn write(home: &Home, name: &str, path: &str, content: &[u8]) -> Result<(), Error> {
    let (root, inside) = enter(home, name, path)?;
    let leaf = inside.leaf("written")?;
    let parent = root.make_folders(&inside).map_err(failed("write", path))?;
    let mode = match statat(&parent, &leaf, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => Mode::from_raw_mode(stat.st_mode & 0o777),
            FileType::Directory => {
                return Err(Error::argument("path", format!("{path} is a folder")));
            }
            _ => Mode::from_raw_mode(0o644),
        },
        Err(_) => Mode::from_raw_mode(0o644),
    };
    let temporary = CString::new(format!(".silt-{:016x}", name::random())).expect("no zero byte");
    let attempt = || -> Result<(), std::io::Error> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
        let file = rustix::fs::openat(&parent, &temporary, flags | OFlags::CLOEXEC, mode)?;
        rustix::fs::fchmod(&file, mode)?;
        root.give(file.as_fd())?;
        File::from(file).write_all(content)?;
        Ok(renameat(&parent, &temporary, &parent, &leaf)?)
    };
    attempt().map_err(|error| {
        let _ = unlinkat(&parent, &temporary, AtFlags::empty());
        Error::io("write", path, error)
    })
}

/// The entries of a folder, by name. `""` or `"."` is the workdir itself.
pub fn list(home: &Home, name: &str, path: &str) -> Result<Vec<FileEntry>, Error> {
    let (root, inside) = enter(home, name, path)?;
    let folder = root
        .open(&inside.whole, folder_flags())
        .map_err(failed("list", path))?;
    let mut entries = Vec::new();
    for entry in Dir::read_from(&folder).map_err(failed("list", path))? {
        let entry = entry.map_err(failed("list", path))?;
        let name: &CStr = entry.file_name();
        if name == c"." || name == c".." {
            continue;
        }
        // Gone meanwhile: not an error, and not there.
        let Ok(stat) = statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW) else {
            continue;
        };
        entries.push(FileEntry {
            name: name.to_string_lossy().into_owned(),
            kind: match FileType::from_raw_mode(stat.st_mode) {
                FileType::RegularFile => FileKind::File,
                FileType::Directory => FileKind::Folder,
                FileType::Symlink => FileKind::Link,
                _ => FileKind::Other,
            },
            size: stat.st_size as u64,
            modified_at: silt_log::format_time(
                stat.st_mtime
                    .saturating_mul(1_000_000_000)
                    .saturating_add(stat.st_mtime_nsec as i64),
            ),
        });
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

/// Removes a file, a link (and not what it points at), or a folder with all in it.
pub fn remove(home: &Home, name: &str, path: &str) -> Result<(), Error> {
    let (root, inside) = enter(home, name, path)?;
    let leaf = inside.leaf("removed")?;
    let parent = root
        .open(&inside.parent, folder_flags())
        .map_err(failed("remove", path))?;
    tree::remove_at(parent.as_fd(), &leaf).map_err(|error| Error::io("remove", path, error))
}

fn enter(home: &Home, name: &str, path: &str) -> Result<(Root, Inside), Error> {
    let inside = Inside::parse(path)?;
    let folder = Folder::at(home.existing(name)?);
    let workdir = Record::read(&folder, name)?.workdir(&folder);
    Ok((Root::open_workdir(&workdir)?, inside))
}

fn failed<'a>(action: &'a str, path: &'a str) -> impl Fn(Errno) -> Error + 'a {
    move |error| Error::io(action, path, error)
}

impl Root {
    /// Root makes files for the sandbox's user, who is the workdir's owner.
    fn give(&self, file: std::os::fd::BorrowedFd<'_>) -> rustix::io::Result<()> {
        if !rustix::process::geteuid().is_root() {
            return Ok(());
        }
        let stat = fstat(&self.folder)?;
        fchown(
            file,
            Some(Uid::from_raw(stat.st_uid)),
            Some(Gid::from_raw(stat.st_gid)),
        )
    }
}
