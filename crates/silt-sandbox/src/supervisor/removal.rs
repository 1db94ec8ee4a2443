//! Noticing that the sandbox's folder was deleted or moved under a running
//! supervisor, as by `rm -rf` of the whole home: nobody could reach it any more.
//! What the supervisor still does to its folder is done to that very folder:
//! another sandbox may have its name while this one ends.

use super::Supervisor;
use crate::folder::Folder;
use crate::sys;
use rustix::fs::inotify::WatchFlags;
use std::fs::{File, Metadata};
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, Instant};

/// Who holds the folder's lock has moved it away by then, or was held up.
const LOCK_PATIENCE: Duration = Duration::from_secs(2);

/// The folder as it was at the start, and word of its deletion or move.
pub(super) struct FolderWatch {
    events: OwnedFd,
    folder: Folder,
    /// Open, so that no other folder gets its inode.
    held: File,
    /// Device and inode: soon another sandbox may have its name.
    identity: (u64, u64),
}

impl FolderWatch {
    pub(super) fn new(folder: &Folder) -> io::Result<FolderWatch> {
        // Not the folder's own deletion: that is told only once nothing below
        // is open any more, and the log is.
        let flags = WatchFlags::DELETE | WatchFlags::MOVE_SELF;
        let held = sys::open_folder(folder.path())?;
        Ok(FolderWatch {
            events: sys::watch(folder.path(), flags)?,
            folder: folder.clone(),
            identity: identity(&held.metadata()?),
            held,
        })
    }

    /// By the name that it had at the start.
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// This very folder, whatever its name is by now, for as long as this is kept.
    pub(super) fn held(&self) -> Folder {
        Folder::at(format!("/proc/self/fd/{}", self.held.as_raw_fd()))
    }

    /// Keeps others from moving the folder and from starting in it, for as long
    /// as this is kept; false when it is gone.
    pub(super) fn lock(&self) -> bool {
        let deadline = Instant::now() + LOCK_PATIENCE;
        // Who removes it holds the lock until this supervisor has ended.
        while !self.is_gone()
            && matches!(sys::lock(&self.held, false), Ok(false))
            && Instant::now() < deadline
        {
            std::thread::sleep(Duration::from_millis(1));
        }
        !self.is_gone()
    }

    fn clear(&self) {
        let mut spent = [0; 4096];
        while matches!(rustix::io::read(&self.events, &mut spent), Ok(1..)) {}
    }

    pub(super) fn is_gone(&self) -> bool {
        let gone = |error: io::Error| error.kind() == io::ErrorKind::NotFound;
        match sys::look_at_link(self.path()) {
            Ok(now) if identity(&now) != self.identity => true,
            Ok(_) => sys::look_at_link(&self.folder.record()).is_err_and(gone),
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

fn identity(meta: &Metadata) -> (u64, u64) {
    (meta.dev(), meta.ino())
}

impl Supervisor {
    pub(super) fn check_folder(&mut self) {
        self.folder_watch.clear();
        if self.folder_watch.is_gone() {
            self.end_now("its folder was removed");
        }
    }
}
