//! Deleting and measuring folders whose content a sandbox has made: links are
//! never followed, permissions and depth do not stop it.

use crate::sys;
use rustix::fs::{AtFlags, CWD, FileType, OFlags, statat};
use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Folders deeper than this are first moved up, so that depth costs neither
/// stack nor descriptors.
const DEEPEST: usize = 48;

/// Deletes a folder and all in it.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    let name = CString::new(path.as_os_str().as_bytes())?;
    remove_at(CWD, &name)
}

/// Deletes the file, link or folder `name` in `parent`.
pub(crate) fn remove_at(parent: BorrowedFd<'_>, name: &CStr) -> io::Result<()> {
    match sys::remove_at(parent, name, AtFlags::empty()) {
        Ok(()) => return Ok(()),
        // POSIX says EPERM for a folder, Linux EISDIR.
        Err(error) if is(&error, &[libc::EISDIR, libc::EPERM]) => {}
        Err(error) => return Err(error),
    }
    let top = open(parent, name)?;
    // What lies too deep has been moved to the top; go round until it is empty.
    loop {
        empty(top.as_fd(), top.as_fd(), 0)?;
        match sys::remove_at(parent, name, AtFlags::REMOVEDIR) {
            Err(error) if is(&error, &[libc::ENOTEMPTY, libc::EEXIST]) => continue,
            other => return other,
        }
    }
}

fn is(error: &io::Error, errors: &[i32]) -> bool {
    error
        .raw_os_error()
        .is_some_and(|errno| errors.contains(&errno))
}

fn empty(folder: BorrowedFd<'_>, top: BorrowedFd<'_>, depth: usize) -> io::Result<()> {
    let gone = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    for (name, kind) in children(folder)? {
        if kind != FileType::Directory {
            match sys::remove_at(folder, &name, AtFlags::empty()) {
                Ok(()) => continue,
                Err(error) if gone(&error) => continue,
                Err(error) if is(&error, &[libc::EACCES]) => {
                    sys::allow(folder)?;
                    sys::remove_at(folder, &name, AtFlags::empty())?;
                    continue;
                }
                Err(error) => return Err(error),
            }
        }
        if depth >= DEEPEST {
            // At random: what a program put there on purpose is not in the way.
            let place = CString::new(format!(".silt-{:016x}", crate::name::random()))?;
            sys::rename_at(folder, &name, top, &place)?;
            continue;
        }
        let child = open(folder, &name)?;
        empty(child.as_fd(), top, depth + 1)?;
        match sys::remove_at(folder, &name, AtFlags::REMOVEDIR) {
            Err(error) if !gone(&error) => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Bytes on disk of a folder and all in it; what can not be seen counts nothing.
pub(crate) fn bytes(path: &Path) -> u64 {
    let mut total = 0;
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(meta) = entry.metadata() else { continue };
            total += std::os::unix::fs::MetadataExt::blocks(&meta) * 512;
            if meta.is_dir() {
                folders.push(entry.path());
            }
        }
    }
    total
}

fn open(parent: BorrowedFd<'_>, name: &CStr) -> io::Result<OwnedFd> {
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::RDONLY | OFlags::CLOEXEC;
    match sys::open_at(parent, name, flags) {
        Err(error) if is(&error, &[libc::EACCES]) => {
            let path_only = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::PATH | OFlags::CLOEXEC;
            // By the descriptor: a path could have become a link since it was
            // looked at.
            sys::allow(sys::open_at(parent, name, path_only)?.as_fd())?;
            sys::open_at(parent, name, flags)
        }
        other => other,
    }
}

fn children(folder: BorrowedFd<'_>) -> io::Result<Vec<(CString, FileType)>> {
    let mut found = Vec::new();
    for entry in sys::list_at(folder)? {
        let name = entry.file_name();
        if name == c"." || name == c".." {
            continue;
        }
        let kind = match entry.file_type() {
            FileType::Unknown => match statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(stat) => FileType::from_raw_mode(stat.st_mode),
                Err(_) => continue,
            },
            known => known,
        };
        found.push((name.to_owned(), kind));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fs::Mode;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn deep_closed_and_linked_folders_go_and_nothing_else_does() {
        let temporary = tempfile::tempdir().unwrap();
        let outside = temporary.path().join("outside");
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("kept"), "x").unwrap();
        let tree = temporary.path().join("tree");
        fs::create_dir(&tree).unwrap();
        symlink(&outside, tree.join("link")).unwrap();
        let closed = tree.join("closed");
        fs::create_dir(&closed).unwrap();
        fs::write(closed.join("file"), "x").unwrap();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
        // Deeper than a path can name: made step by step.
        let mut folder = open(CWD, &CString::new(tree.as_os_str().as_bytes()).unwrap()).unwrap();
        for _ in 0..1000 {
            rustix::fs::mkdirat(&folder, c"deeper", Mode::RWXU).unwrap();
            folder = open(folder.as_fd(), c"deeper").unwrap();
        }
        drop(folder);
        remove(&tree).unwrap();
        assert!(!tree.exists());
        assert!(outside.join("kept").exists());
    }
}
