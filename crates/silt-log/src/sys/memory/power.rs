//! What a loss of power leaves of the disk.

use super::node::{Change, File, Folder, Kind, Node, NodeRef};
use super::{Dice, Disk};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// The smallest piece that the disk writes as a whole, in bytes.
const SECTOR: usize = 512;

/// The nodes that survive, by address: one that two names speak of is one. Not
/// by inode, whose number may have been used again.
type Survivors = HashMap<*const RefCell<Node>, NodeRef>;

/// What is on the disk after a loss of power.
pub(crate) struct Survivor(NodeRef);

impl Disk {
    /// One of the states that the disk may be in if the power goes now, chosen
    /// by dice.
    ///
    /// What was synced is there. Of what was not: bytes at a file's end are cut,
    /// zeros in pieces, or there; bytes written in place are the old or the new,
    /// by sector; changes of a folder were made or not, each for itself or, as
    /// journals have it, up to one of them. A rename is one change.
    pub(crate) fn without_power(&mut self) -> Survivor {
        let mut dice = self.dice.clone();
        let root = survive(&self.root, &mut dice, &mut Survivors::new());
        self.dice = dice;
        Survivor(root)
    }

    /// The power is back. Descriptors from before are of no use.
    pub(crate) fn power_up(&mut self, survivor: Survivor) {
        self.root = survivor.0;
        self.set_room(None);
    }
}

fn survive(node: &NodeRef, dice: &mut Dice, done: &mut Survivors) -> NodeRef {
    let address = Rc::as_ptr(node);
    if let Some(survivor) = done.get(&address) {
        return Rc::clone(survivor);
    }
    let node = node.borrow();
    let kind = match &node.kind {
        Kind::Folder(folder) => {
            let entries: BTreeMap<_, _> = names(folder, dice)
                .into_iter()
                .map(|(name, inside)| (name, survive(&inside, dice, done)))
                .collect();
            Kind::Folder(Folder {
                synced: entries.clone(),
                entries,
                unsynced: Vec::new(),
            })
        }
        Kind::File(file) => Kind::File(content(file, dice)),
        Kind::Link => Kind::Link,
    };
    let survivor = Rc::new(RefCell::new(Node {
        inode: node.inode,
        born_ns: node.born_ns,
        links: 1,
        kind,
        parent: node.parent,
        locked_by: None,
    }));
    done.insert(address, Rc::clone(&survivor));
    survivor
}

fn names(folder: &Folder, dice: &mut Dice) -> BTreeMap<String, NodeRef> {
    let mut entries = folder.synced.clone();
    let changes: &[Change] = &folder.unsynced;
    match dice.below(4) {
        0 => {}
        1 => changes.iter().for_each(|change| change.apply(&mut entries)),
        2 => {
            let until = dice.below(changes.len() as u64 + 1) as usize;
            changes[..until]
                .iter()
                .for_each(|change| change.apply(&mut entries));
        }
        _ => {
            for change in changes {
                if dice.once_in(2) {
                    change.apply(&mut entries);
                }
            }
        }
    }
    entries
}

fn content(file: &File, dice: &mut Dice) -> File {
    let mut bytes = file.bytes.clone();
    for (offset, before) in file.overwritten.iter().rev() {
        for (index, sector) in before.chunks(SECTOR).enumerate() {
            if dice.once_in(2) {
                let at = offset + index * SECTOR;
                bytes[at..at + sector.len()].copy_from_slice(sector);
            }
        }
    }
    let unsynced = bytes.len() - file.synced;
    if unsynced > 0 {
        let kept = match dice.below(4) {
            0 => 0,
            1 => unsynced,
            _ => dice.below(unsynced as u64 + 1) as usize,
        };
        bytes.truncate(file.synced + kept);
        if dice.once_in(2) {
            let mut at = file.synced;
            while at < bytes.len() {
                let end = ((at / SECTOR + 1) * SECTOR).min(bytes.len());
                if dice.once_in(2) {
                    bytes[at..end].fill(0);
                }
                at = end;
            }
        }
    }
    let mut survivor = File {
        bytes,
        ..File::default()
    };
    survivor.sync();
    survivor
}
