//! The calls on what is open, as the disk in memory takes them.

use super::Disk;
use super::node::Kind;
use crate::sys::{FileIdentity, Result};
use rustix::fd::{AsRawFd, BorrowedFd};
use rustix::io::Errno;
use std::path::Path;

impl Disk {
    pub(crate) fn write(&mut self, file: BorrowedFd<'_>, bytes: &[u8]) -> Result<usize> {
        let node = self.node(file)?;
        let mut node = node.borrow_mut();
        let parent = node.parent;
        let file = node.file().ok_or(Errno::BADF)?;
        let mut count = bytes.len();
        if let Some(room) = &mut self.room {
            let kept = file.reserved.saturating_sub(file.bytes.len());
            let more = count.saturating_sub(kept) as u64;
            let granted = more.min(*room);
            count -= (more - granted) as usize;
            *room -= granted;
            if count == 0 && !bytes.is_empty() {
                return Err(Errno::NOSPC);
            }
        }
        file.bytes.extend_from_slice(&bytes[..count]);
        self.changed.push(parent);
        Ok(count)
    }

    pub(crate) fn read_at(
        &mut self,
        file: BorrowedFd<'_>,
        buffer: &mut [u8],
        offset: u64,
    ) -> Result<usize> {
        let node = self.node(file)?;
        let mut node = node.borrow_mut();
        let bytes = &node.file().ok_or(Errno::ISDIR)?.bytes;
        let from = bytes.len().min(offset as usize);
        let count = buffer.len().min(bytes.len() - from);
        buffer[..count].copy_from_slice(&bytes[from..from + count]);
        Ok(count)
    }

    pub(crate) fn write_at(
        &mut self,
        file: BorrowedFd<'_>,
        bytes: &[u8],
        offset: u64,
    ) -> Result<usize> {
        let node = self.node(file)?;
        let mut node = node.borrow_mut();
        let file = node.file().ok_or(Errno::BADF)?;
        file.write_at(bytes, offset as usize);
        Ok(bytes.len())
    }

    pub(crate) fn sync_data(&mut self, file: BorrowedFd<'_>) -> Result<()> {
        self.sync_all(file)
    }

    pub(crate) fn sync_all(&mut self, file: BorrowedFd<'_>) -> Result<()> {
        match &mut self.node(file)?.borrow_mut().kind {
            Kind::File(file) => file.sync(),
            Kind::Folder(folder) => folder.sync(),
            Kind::Link => {}
        }
        Ok(())
    }

    pub(crate) fn reserve(&mut self, file: BorrowedFd<'_>, offset: u64, length: u64) -> Result<()> {
        let node = self.node(file)?;
        let mut node = node.borrow_mut();
        let file = node.file().ok_or(Errno::BADF)?;
        let until = (offset + length) as usize;
        let more = (until as u64).saturating_sub(file.room());
        if let Some(room) = &mut self.room {
            if *room < more {
                return Err(Errno::NOSPC);
            }
            *room -= more;
        }
        file.reserved = file.reserved.max(until);
        Ok(())
    }

    pub(crate) fn release_reserved(&mut self, file: BorrowedFd<'_>, size: u64) -> Result<()> {
        let node = self.node(file)?;
        let mut node = node.borrow_mut();
        let file = node.file().ok_or(Errno::BADF)?;
        assert_eq!(size, file.bytes.len() as u64, "only to the size it has");
        let before = file.room();
        file.reserved = 0;
        if let Some(room) = &mut self.room {
            *room += before - file.room();
        }
        Ok(())
    }

    pub(crate) fn identity(&mut self, file: BorrowedFd<'_>) -> Result<FileIdentity> {
        let node = self.node(file)?;
        let mut node = node.borrow_mut();
        let size = node.file().map_or(0, |file| file.bytes.len() as u64);
        Ok(FileIdentity {
            inode: node.inode,
            born_ns: node.born_ns,
            size,
            links: node.links,
        })
    }

    pub(crate) fn file_system_kind(&mut self, _: BorrowedFd<'_>) -> Result<u64> {
        const EXT4: u64 = 0xef53;
        Ok(EXT4)
    }

    pub(crate) fn inode_at(&mut self, path: &Path) -> Result<u64> {
        Ok(self.at(path)?.borrow().inode)
    }

    pub(crate) fn exists(&mut self, folder: BorrowedFd<'_>, name: &str) -> Result<()> {
        self.lookup(folder, name).map(drop)
    }

    pub(crate) fn list(&mut self, folder: BorrowedFd<'_>) -> Result<Vec<String>> {
        let folder = self.node(folder)?;
        let mut folder = folder.borrow_mut();
        let entries = &folder.folder().ok_or(Errno::NOTDIR)?.entries;
        Ok(entries.keys().cloned().collect())
    }

    pub(crate) fn lock(&mut self, file: BorrowedFd<'_>) -> Result<()> {
        let node = self.node(file)?;
        let mut node = node.borrow_mut();
        match node.locked_by {
            Some(holder) if holder != file.as_raw_fd() => Err(Errno::AGAIN),
            _ => {
                node.locked_by = Some(file.as_raw_fd());
                Ok(())
            }
        }
    }

    pub(crate) fn unlock(&mut self, file: BorrowedFd<'_>) {
        if let Ok(node) = self.node(file) {
            let mut node = node.borrow_mut();
            if node.locked_by == Some(file.as_raw_fd()) {
                node.locked_by = None;
            }
        }
    }

    pub(crate) fn is_locked(&mut self, file: BorrowedFd<'_>) -> Result<bool> {
        Ok(self.node(file)?.borrow().locked_by.is_some())
    }
}
