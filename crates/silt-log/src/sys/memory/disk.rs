//! The calls that name a folder or a file in it, as the disk in memory takes
//! them.

use super::Dice;
use super::node::{Change, File, Folder, Kind, Node, NodeRef};
use crate::sys::Result;
use rustix::fd::{AsRawFd, BorrowedFd, OwnedFd, RawFd};
use rustix::io::Errno;
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Component, Path};
use std::rc::Rc;

pub(crate) struct Disk {
    pub(super) root: NodeRef,
    /// By descriptor. One that was closed stays until its number is used again.
    open: HashMap<RawFd, NodeRef>,
    /// What descriptors really are, so that their numbers are real.
    null: std::fs::File,
    next_inode: u64,
    /// Of the file removed last: file systems use them again at once.
    free_inode: Option<u64>,
    clock: i64,
    /// Bytes that still fit; `None` while that does not matter.
    pub(super) room: Option<u64>,
    /// Folders in which something changed, since that was last asked.
    pub(super) changed: Vec<u64>,
    pub(crate) dice: Dice,
}

impl Disk {
    pub(super) fn new(seed: u64) -> Disk {
        let root = Node {
            inode: 1,
            born_ns: 1,
            links: 1,
            kind: Kind::Folder(Folder::default()),
            parent: 0,
            locked_by: None,
        };
        Disk {
            root: Rc::new(RefCell::new(root)),
            open: HashMap::new(),
            null: std::fs::File::open("/dev/null").expect("there is a null device"),
            next_inode: 2,
            free_inode: None,
            clock: 1,
            room: None,
            changed: Vec::new(),
            dice: Dice(seed),
        }
    }

    /// From now on only so many more bytes fit; `None`: as many as one likes.
    pub(crate) fn set_room(&mut self, room: Option<u64>) {
        self.room = room;
    }

    pub(crate) fn is_full(&self) -> bool {
        self.room.is_some()
    }

    /// The inodes of folders in which something changed since the last time.
    pub(crate) fn take_changed(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.changed)
    }

    pub(super) fn make(&mut self, kind: Kind, parent: u64) -> NodeRef {
        let reused = match kind {
            Kind::File(_) => self.free_inode.take(),
            _ => None,
        };
        let inode = reused.unwrap_or_else(|| {
            self.next_inode += 1;
            self.next_inode
        });
        self.clock += 1;
        Rc::new(RefCell::new(Node {
            inode,
            born_ns: self.clock,
            links: 1,
            kind,
            parent,
            locked_by: None,
        }))
    }

    fn descriptor(&mut self, node: NodeRef) -> Result<OwnedFd> {
        let descriptor = rustix::io::fcntl_dupfd_cloexec(&self.null, 0)?;
        self.open.insert(descriptor.as_raw_fd(), node);
        Ok(descriptor)
    }

    pub(super) fn node(&self, descriptor: BorrowedFd<'_>) -> Result<NodeRef> {
        self.open
            .get(&descriptor.as_raw_fd())
            .cloned()
            .ok_or(Errno::BADF)
    }

    pub(super) fn at(&self, path: &Path) -> Result<NodeRef> {
        let mut node = Rc::clone(&self.root);
        for part in path.components() {
            if let Component::Normal(name) = part {
                let name = name.to_str().ok_or(Errno::NOENT)?;
                let next = match node.borrow_mut().folder() {
                    Some(folder) => folder.entries.get(name).cloned().ok_or(Errno::NOENT)?,
                    None => return Err(Errno::NOTDIR),
                };
                node = next;
            }
        }
        Ok(node)
    }

    /// The folder that a path lies in, and its name there.
    pub(super) fn parent(&self, path: &Path) -> Result<(NodeRef, String)> {
        let folder = self.at(path.parent().ok_or(Errno::BUSY)?)?;
        let name = path.file_name().and_then(|name| name.to_str());
        Ok((folder, name.ok_or(Errno::NOENT)?.to_owned()))
    }

    pub(super) fn lookup(&self, folder: BorrowedFd<'_>, name: &str) -> Result<NodeRef> {
        let folder = self.node(folder)?;
        let mut folder = folder.borrow_mut();
        let entries = &folder.folder().ok_or(Errno::NOTDIR)?.entries;
        entries.get(name).cloned().ok_or(Errno::NOENT)
    }

    pub(super) fn change(&mut self, folder: &NodeRef, change: Change) -> Result<()> {
        let mut folder = folder.borrow_mut();
        self.changed.push(folder.inode);
        folder.folder().ok_or(Errno::NOTDIR)?.change(change);
        Ok(())
    }

    fn unlinked(&mut self, node: &NodeRef) {
        let mut node = node.borrow_mut();
        node.links = 0;
        let inode = node.inode;
        if let (Some(file), Some(room)) = (node.file(), &mut self.room) {
            *room += file.room();
        }
        if node.file().is_some() {
            self.free_inode = Some(inode);
        }
    }

    pub(crate) fn open_folder(&mut self, path: &Path) -> Result<OwnedFd> {
        let node = self.at(path)?;
        if node.borrow_mut().folder().is_none() {
            return Err(Errno::NOTDIR);
        }
        self.descriptor(node)
    }

    pub(crate) fn make_folder(&mut self, path: &Path) -> Result<()> {
        if self.at(path).is_ok() {
            return Err(Errno::EXIST);
        }
        let (parent, name) = self.parent(path)?;
        let inode = parent.borrow().inode;
        let made = self.make(Kind::Folder(Folder::default()), inode);
        self.change(&parent, Change::Put(name, made))
    }

    pub(crate) fn rename_path(&mut self, from: &Path, to: &Path) -> Result<()> {
        if self.at(to).is_ok() {
            return Err(Errno::EXIST);
        }
        let node = self.at(from)?;
        let (parent, from) = self.parent(from)?;
        let (_, to) = self.parent(to)?;
        self.changed.push(node.borrow().inode);
        self.change(&parent, Change::Rename(from, to, node))
    }

    pub(crate) fn open_read(&mut self, folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd> {
        let node = self.lookup(folder, name)?;
        if matches!(node.borrow().kind, Kind::Link) {
            return Err(Errno::LOOP);
        }
        self.descriptor(node)
    }

    pub(crate) fn open_lock(&mut self, folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd> {
        match self.create(folder, name) {
            Err(Errno::EXIST) => self.open_read(folder, name),
            other => other,
        }
    }

    pub(crate) fn create(&mut self, folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd> {
        if self.lookup(folder, name).is_ok() {
            return Err(Errno::EXIST);
        }
        let folder = self.node(folder)?;
        let inode = folder.borrow().inode;
        let made = self.make(Kind::File(File::default()), inode);
        self.change(&folder, Change::Put(name.to_owned(), Rc::clone(&made)))?;
        self.descriptor(made)
    }

    pub(crate) fn open_append(&mut self, folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd> {
        self.open_read(folder, name)
    }

    pub(crate) fn rename_new(
        &mut self,
        folder: BorrowedFd<'_>,
        from: &str,
        to: &str,
    ) -> Result<()> {
        if self.lookup(folder, to).is_ok() {
            return Err(Errno::EXIST);
        }
        self.rename_over(folder, from, to)
    }

    pub(crate) fn remove_tree(&mut self, path: &Path) -> Result<()> {
        let node = self.at(path)?;
        let (parent, name) = self.parent(path)?;
        let all: Vec<_> = match node.borrow_mut().folder() {
            Some(folder) => folder
                .entries
                .iter()
                .map(|(name, node)| (name.clone(), Rc::clone(node)))
                .collect(),
            None => return Err(Errno::NOTDIR),
        };
        for (name, inside) in all {
            self.change(&node, Change::Take(name, Rc::clone(&inside)))?;
            self.unlinked(&inside);
        }
        node.borrow_mut().links = 0;
        self.change(&parent, Change::Take(name, node))
    }

    pub(crate) fn duplicate(&mut self, file: BorrowedFd<'_>) -> Result<OwnedFd> {
        let node = self.node(file)?;
        self.descriptor(node)
    }

    pub(crate) fn link(&mut self, folder: BorrowedFd<'_>, name: &str, _: &str) -> Result<()> {
        if self.lookup(folder, name).is_ok() {
            return Err(Errno::EXIST);
        }
        let folder = self.node(folder)?;
        let inode = folder.borrow().inode;
        let made = self.make(Kind::Link, inode);
        self.change(&folder, Change::Put(name.to_owned(), made))
    }

    pub(crate) fn rename_over(
        &mut self,
        folder: BorrowedFd<'_>,
        from: &str,
        to: &str,
    ) -> Result<()> {
        let node = self.lookup(folder, from)?;
        if let Ok(replaced) = self.lookup(folder, to) {
            self.unlinked(&replaced);
        }
        let folder = self.node(folder)?;
        self.change(
            &folder,
            Change::Rename(from.to_owned(), to.to_owned(), node),
        )
    }

    pub(crate) fn remove(&mut self, folder: BorrowedFd<'_>, name: &str) -> Result<()> {
        let node = self.lookup(folder, name)?;
        let folder = self.node(folder)?;
        self.change(&folder, Change::Take(name.to_owned(), Rc::clone(&node)))?;
        self.unlinked(&node);
        Ok(())
    }
}
