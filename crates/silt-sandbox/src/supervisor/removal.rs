//! Noticing that the sandbox's folder was deleted or moved under a running
//! supervisor, as by `rm -rf` of the whole home: nobody could reach it any more.

use super::Supervisor;
use crate::folder::Folder;
use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use std::io;
use std::os::fd::OwnedFd;

/// A descriptor that is readable when it may have happened.
pub(super) fn watch(folder: &Folder) -> io::Result<OwnedFd> {
    let events = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
    // Not the folder's own deletion: that is told only once nothing below is
    // open any more, and the log is.
    let flags = WatchFlags::DELETE | WatchFlags::MOVE_SELF;
    inotify::add_watch(&events, folder.path(), flags)?;
    Ok(events)
}

impl Supervisor {
    pub(super) fn check_folder(&mut self) {
        let mut spent = [0; 4096];
        while matches!(rustix::io::read(&self.folder_events, &mut spent), Ok(1..)) {}
        let gone = std::fs::symlink_metadata(self.folder.record())
            .is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
        if gone {
            self.removed = true;
            self.end_now("its folder was removed");
        }
    }
}
