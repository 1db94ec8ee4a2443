//! Noticing that the sandbox's folder was deleted or moved under a running
//! supervisor, as by `rm -rf` of the whole home: nobody could reach it any more.

use super::Supervisor;
use crate::folder::Folder;
use crate::sys;
use rustix::fs::inotify::WatchFlags;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// The folder as it was at the start, and word of its deletion or move.
pub(super) struct FolderWatch {
    events: OwnedFd,
    /// Device and inode: soon another sandbox may have its name.
    identity: (u64, u64),
}

impl FolderWatch {
    pub(super) fn new(folder: &Folder) -> io::Result<FolderWatch> {
        // Not the folder's own deletion: that is told only once nothing below
        // is open any more, and the log is.
        let flags = WatchFlags::DELETE | WatchFlags::MOVE_SELF;
        Ok(FolderWatch {
            events: sys::watch(folder.path(), flags)?,
            identity: identity(folder.path())?,
        })
    }

    fn clear(&self) {
        let mut spent = [0; 4096];
        while matches!(rustix::io::read(&self.events, &mut spent), Ok(1..)) {}
    }

    fn is_gone(&self, folder: &Folder) -> bool {
        let gone = |error: io::Error| error.kind() == io::ErrorKind::NotFound;
        match identity(folder.path()) {
            Ok(now) if now != self.identity => true,
            Ok(_) => sys::look_at_link(&folder.record()).is_err_and(gone),
            Err(error) => gone(error),
        }
    }
}

/// Readable when it may have happened.
impl AsFd for FolderWatch {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.events.as_fd()
    }
}

fn identity(path: &Path) -> io::Result<(u64, u64)> {
    let meta = sys::look_at_link(path)?;
    Ok((meta.dev(), meta.ino()))
}

impl Supervisor {
    pub(super) fn check_folder(&mut self) {
        self.folder_watch.clear();
        if self.folder_watch.is_gone(&self.folder) {
            self.removed = true;
            self.end_now("its folder was removed");
        }
    }
}
