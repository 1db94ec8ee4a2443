//! A machine in memory, one a thread: a disk that is quick, fills when a test
//! wants it to, keeps account of what was synced, and loses power.

mod disk;
mod node;
mod open_file;
mod power;
mod tree;

pub(crate) use disk::Disk;
pub(crate) use power::Survivor;
pub(crate) use tree::Tree;

use std::cell::{Cell, RefCell};

thread_local! {
    static DISK: RefCell<Option<Disk>> = const { RefCell::new(None) };
    static IN_USE: Cell<bool> = const { Cell::new(false) };
}

/// From now on this thread is on a machine of its own, with an empty disk; the
/// same seed gives the same random bytes.
pub(crate) fn begin(seed: u64) {
    DISK.set(Some(Disk::new(seed)));
    IN_USE.set(true);
}

/// Back on the kernel.
pub(crate) fn end() {
    IN_USE.set(false);
    DISK.set(None);
}

pub(crate) fn is_in_use() -> bool {
    IN_USE.get()
}

pub(crate) fn with<T>(look: impl FnOnce(&mut Disk) -> T) -> T {
    DISK.with_borrow_mut(|disk| look(disk.as_mut().expect("a disk in memory")))
}

pub(super) fn random_bytes<const N: usize>() -> Option<[u8; N]> {
    if !is_in_use() {
        return None;
    }
    Some(with(|disk| {
        let mut bytes = [0; N];
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&disk.dice.next().to_le_bytes()[..chunk.len()]);
        }
        bytes
    }))
}

/// Random numbers that a seed decides (SplitMix64).
#[derive(Clone, Debug)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to `end - 1`; 0 where `end` is 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.next() % end }
    }

    /// True once in `times`.
    pub(crate) fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}
