//! The folder that one writer holds: what its three chains share.

use super::background::Background;
use crate::control::{Ancestor, LogId};
use crate::lock::{LockFile, Mark};
use crate::sys;
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::PathBuf;

pub(crate) struct WriterFolder {
    /// First, so that its work is done before the lock is given up.
    pub(crate) background: Background,
    pub(crate) path: PathBuf,
    pub(crate) descriptor: OwnedFd,
    pub(crate) lock: LockFile,
    pub(crate) mark: Mark,
    pub(crate) log_id: LogId,
    pub(crate) ancestors: Vec<Ancestor>,
}

impl WriterFolder {
    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.descriptor.as_fd()
    }

    /// Syncs the mark; nothing that it promises may happen before.
    pub(crate) fn write_mark(&mut self) -> sys::Result<()> {
        self.lock.write(&mut self.mark)
    }
}
