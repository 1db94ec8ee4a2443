//! What lies on the disk in memory, with what of it would survive.

use rustix::fd::RawFd;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

pub(super) type NodeRef = Rc<RefCell<Node>>;

#[derive(Debug)]
pub(super) struct Node {
    pub(super) inode: u64,
    pub(super) born_ns: i64,
    pub(super) links: u32,
    pub(super) kind: Kind,
    /// The inode of the folder that it was made in.
    pub(super) parent: u64,
    /// The descriptor that holds the lock.
    pub(super) locked_by: Option<RawFd>,
}

#[derive(Debug)]
pub(super) enum Kind {
    Folder(Folder),
    File(File),
    Link,
}

#[derive(Debug, Default)]
pub(super) struct Folder {
    pub(super) entries: BTreeMap<String, NodeRef>,
    /// As it was synced last.
    pub(super) synced: BTreeMap<String, NodeRef>,
    /// What was changed since, in order.
    pub(super) unsynced: Vec<Change>,
}

#[derive(Clone, Debug)]
pub(super) enum Change {
    Put(String, NodeRef),
    Take(String, NodeRef),
    /// In one step; what had the new name is gone.
    Rename(String, String, NodeRef),
}

impl Change {
    /// A change that does not fit what is there does nothing.
    pub(super) fn apply(&self, entries: &mut BTreeMap<String, NodeRef>) {
        let mut take = |name: &String, node: &NodeRef| {
            if entries
                .get(name)
                .is_some_and(|there| Rc::ptr_eq(there, node))
            {
                entries.remove(name);
            }
        };
        match self {
            Change::Put(name, node) => drop(entries.insert(name.clone(), Rc::clone(node))),
            Change::Take(name, node) => take(name, node),
            Change::Rename(from, to, node) => {
                take(from, node);
                entries.insert(to.clone(), Rc::clone(node));
            }
        }
    }
}

impl Folder {
    pub(super) fn change(&mut self, change: Change) {
        change.apply(&mut self.entries);
        self.unsynced.push(change);
    }

    pub(super) fn sync(&mut self) {
        for change in std::mem::take(&mut self.unsynced) {
            change.apply(&mut self.synced);
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct File {
    pub(super) bytes: Vec<u8>,
    /// Bytes that are on the disk for good.
    pub(super) synced: usize,
    /// Written in place since the last sync: where, and what stood there.
    pub(super) overwritten: Vec<(usize, Vec<u8>)>,
    /// Room is kept up to this offset.
    pub(super) reserved: usize,
}

impl File {
    pub(super) fn sync(&mut self) {
        self.synced = self.bytes.len();
        self.overwritten.clear();
    }

    pub(super) fn write_at(&mut self, bytes: &[u8], offset: usize) {
        let end = offset + bytes.len();
        let inside = self.bytes.len().min(end);
        if offset < inside {
            let before = self.bytes[offset..inside].to_vec();
            self.overwritten.push((offset, before));
        }
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        self.bytes[offset..end].copy_from_slice(bytes);
    }

    /// What it takes of the disk.
    pub(super) fn room(&self) -> u64 {
        self.bytes.len().max(self.reserved) as u64
    }
}

impl Node {
    pub(super) fn folder(&mut self) -> Option<&mut Folder> {
        match &mut self.kind {
            Kind::Folder(folder) => Some(folder),
            _ => None,
        }
    }

    pub(super) fn file(&mut self) -> Option<&mut File> {
        match &mut self.kind {
            Kind::File(file) => Some(file),
            _ => None,
        }
    }
}
