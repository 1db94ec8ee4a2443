//! Opening below the workdir.

use super::path::Inside;
use crate::Error;
use rustix::fs::{Mode, OFlags, ResolveFlags, mkdirat, open, openat2};
use rustix::io::Errno;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

/// How often a path is looked up that a program inside keeps renaming.
const ATTEMPTS: usize = 1000;

/// The workdir, held open: what is resolved stays below this very folder.
pub(super) struct Root {
    pub folder: OwnedFd,
}

pub(super) fn folder_flags() -> OFlags {
    OFlags::RDONLY | OFlags::DIRECTORY
}

impl Root {
    pub(super) fn open_workdir(path: &Path) -> Result<Root, Error> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = open(path, flags, Mode::empty())
            .map_err(|error| Error::io("open the workdir", path, error))?;
        Ok(Root { folder })
    }

    /// Opens without ever leaving the workdir: links are followed with it as
    /// their root, those of `/proc` not at all.
    pub(super) fn open(&self, path: &str, flags: OFlags) -> rustix::io::Result<OwnedFd> {
        let resolve = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
        for _ in 0..ATTEMPTS {
            match openat2(
                &self.folder,
                path,
                flags | OFlags::CLOEXEC,
                Mode::empty(),
                resolve,
            ) {
                // Something below was renamed meanwhile; the kernel asks to try again.
                Err(Errno::AGAIN | Errno::INTR) => {}
                other => return other,
            }
        }
        Err(Errno::AGAIN)
    }

    /// The folder that holds the path, made where it is not there.
    pub(super) fn make_folders(&self, inside: &Inside) -> rustix::io::Result<OwnedFd> {
        match self.open(&inside.parent, folder_flags()) {
            Err(Errno::NOENT) => {}
            other => return other,
        }
        let mut reached = String::from(".");
        let mut folder = self.open(&reached, folder_flags())?;
        for name in inside.folders() {
            match mkdirat(&folder, name, Mode::from_raw_mode(0o755)) {
                Ok(()) => {
                    let flags = folder_flags() | OFlags::NOFOLLOW | OFlags::CLOEXEC;
                    let made = rustix::fs::openat(&folder, name, flags, Mode::empty())?;
                    self.give(made.as_fd())?;
                }
                Err(Errno::EXIST) => {}
                Err(error) => return Err(error),
            }
            reached = format!("{reached}/{name}");
            folder = self.open(&reached, folder_flags())?;
        }
        Ok(folder)
    }
}
