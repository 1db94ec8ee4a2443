//! Folders as a whole: looked at from outside, copied aside, put back.

use super::Disk;
use super::node::{Change, File, Folder, Kind};
use crate::sys::Result;
use std::collections::BTreeMap;
use std::path::Path;

/// The files of a folder: their contents by name.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    files: BTreeMap<String, Vec<u8>>,
}

impl Disk {
    /// Looks at each file of a folder: name, inode, birth time, content. What is
    /// not there has none.
    pub(crate) fn look(&self, path: &Path, mut look: impl FnMut(&str, (u64, i64), &[u8])) {
        let Ok(folder) = self.at(path) else { return };
        let mut folder = folder.borrow_mut();
        let Some(folder) = folder.folder() else {
            return;
        };
        for (name, node) in &folder.entries {
            let mut node = node.borrow_mut();
            let identity = (node.inode, node.born_ns);
            if let Some(file) = node.file() {
                look(name, identity, &file.bytes);
            }
        }
    }

    pub(crate) fn copy_of(&self, path: &Path) -> Tree {
        let mut files = BTreeMap::new();
        self.look(path, |name, _, bytes| {
            files.insert(name.to_owned(), bytes.to_vec());
        });
        Tree { files }
    }

    /// Puts a copy at a path where nothing is, and syncs it.
    pub(crate) fn put(&mut self, path: &Path, tree: &Tree) -> Result<()> {
        self.make_folder(path)?;
        self.fill(path, tree)
    }

    /// Removes what is in a folder and puts the copy there instead.
    pub(crate) fn replace(&mut self, path: &Path, tree: &Tree) -> Result<()> {
        let folder = self.at(path)?;
        let entries = match folder.borrow_mut().folder() {
            Some(folder) => folder.entries.clone(),
            None => BTreeMap::new(),
        };
        for (name, node) in entries {
            self.change(&folder, Change::Take(name, node))?;
        }
        self.fill(path, tree)
    }

    /// Names in the uppermost folder survive from now on.
    pub(crate) fn sync_root(&mut self) {
        self.root.borrow_mut().folder().map(Folder::sync);
    }

    fn fill(&mut self, path: &Path, tree: &Tree) -> Result<()> {
        let folder = self.at(path)?;
        let inode = folder.borrow().inode;
        for (name, bytes) in &tree.files {
            let mut file = File {
                bytes: bytes.clone(),
                ..File::default()
            };
            file.sync();
            let made = self.make(Kind::File(file), inode);
            self.change(&folder, Change::Put(name.clone(), made))?;
        }
        folder.borrow_mut().folder().map(Folder::sync);
        let (parent, _) = self.parent(path)?;
        parent.borrow_mut().folder().map(Folder::sync);
        Ok(())
    }
}
