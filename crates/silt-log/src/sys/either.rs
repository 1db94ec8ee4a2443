//! Where a test put the machine: on the disk in memory of this thread, if it has
//! one, else on the kernel.

use super::{FileIdentity, Result, kernel, memory};
use rustix::fd::{BorrowedFd, OwnedFd};
use std::path::Path;

macro_rules! either {
    ($(fn $name:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)*) => {
        $(pub(crate) fn $name($($argument: $kind),*) -> $answer {
            if memory::is_in_use() {
                memory::with(|disk| disk.$name($($argument),*))
            } else {
                kernel::$name($($argument),*)
            }
        })*
    };
}

either! {
    fn open_folder(path: &Path) -> Result<OwnedFd>;
    fn make_folder(path: &Path) -> Result<()>;
    fn rename_path(from: &Path, to: &Path) -> Result<()>;
    fn open_read(folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd>;
    fn open_lock(folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd>;
    fn create(folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd>;
    fn open_append(folder: BorrowedFd<'_>, name: &str) -> Result<OwnedFd>;
    fn rename_new(folder: BorrowedFd<'_>, from: &str, to: &str) -> Result<()>;
    fn remove_tree(path: &Path) -> Result<()>;
    fn duplicate(file: BorrowedFd<'_>) -> Result<OwnedFd>;
    fn link(folder: BorrowedFd<'_>, name: &str, target: &str) -> Result<()>;
    fn rename_over(folder: BorrowedFd<'_>, from: &str, to: &str) -> Result<()>;
    fn remove(folder: BorrowedFd<'_>, name: &str) -> Result<()>;
    fn write(file: BorrowedFd<'_>, bytes: &[u8]) -> Result<usize>;
    fn read_at(file: BorrowedFd<'_>, buffer: &mut [u8], offset: u64) -> Result<usize>;
    fn write_at(file: BorrowedFd<'_>, bytes: &[u8], offset: u64) -> Result<usize>;
    fn sync_data(file: BorrowedFd<'_>) -> Result<()>;
    fn sync_all(file: BorrowedFd<'_>) -> Result<()>;
    fn reserve(file: BorrowedFd<'_>, offset: u64, length: u64) -> Result<()>;
    fn release_reserved(file: BorrowedFd<'_>, size: u64) -> Result<()>;
    fn identity(file: BorrowedFd<'_>) -> Result<FileIdentity>;
    fn file_system_kind(folder: BorrowedFd<'_>) -> Result<u64>;
    fn inode_at(path: &Path) -> Result<u64>;
    fn exists(folder: BorrowedFd<'_>, name: &str) -> Result<()>;
    fn list(folder: BorrowedFd<'_>) -> Result<Vec<String>>;
    fn lock(file: BorrowedFd<'_>) -> Result<()>;
    fn unlock(file: BorrowedFd<'_>) -> ();
    fn is_locked(file: BorrowedFd<'_>) -> Result<bool>;
}
