//! `.lock`: whose lock one writer holds, and whose content is synced before
//! each segment is made, so that numbers survive the loss of everything else.
//!
//! Two slots of 1 KiB are written in turn; each is `crc32c json` padded with
//! spaces. The valid slot with the higher generation counts, so that a torn
//! write leaves the one before. The slots are written in place, which needs no
//! room on a full disk.

use crate::line::SEQUENCE_LIMIT;
use crate::mutation::mutation;
use crate::sys;
use rustix::fd::{AsFd, OwnedFd};
use serde::{Deserialize, Serialize};

pub(crate) const SLOT: usize = 1024;

#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Mark {
    pub(crate) generation: u64,
    pub(crate) log_id: String,
    pub(crate) machine: String,
    pub(crate) boot: String,
    /// By log.
    pub(crate) logs: [LogMark; 3],
    /// The highest session number that may have been given.
    pub(crate) session: u64,
    /// Whether the writer stopped in order; then `last` is exact.
    pub(crate) ended: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LogMark {
    /// The newest segment that may be there.
    pub(crate) segment: u64,
    /// The highest number that may have been given.
    pub(crate) limit: u64,
    /// The last number given, known after an orderly end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last: Option<u64>,
    /// The number that comes next, as the newest segment was to be made: what is
    /// known where no segment is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<u64>,
    /// Entries from this number on are being dropped for want of room, and no
    /// header says so yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) losing: Option<u64>,
}

/// The file whose lock makes a process the writer.
#[derive(Debug)]
pub(crate) struct LockFile {
    file: OwnedFd,
}

impl Drop for LockFile {
    fn drop(&mut self) {
        sys::unlock(self.file.as_fd());
    }
}

impl LockFile {
    pub(crate) fn new(file: OwnedFd) -> LockFile {
        LockFile { file }
    }

    pub(crate) fn try_lock(&self) -> sys::Result<bool> {
        sys::try_lock(self.file.as_fd())
    }

    /// Whether a writer holds the lock, asked without disturbing it.
    pub(crate) fn is_held(&self) -> sys::Result<bool> {
        sys::is_locked(self.file.as_fd())
    }

    pub(crate) fn inode(&self) -> sys::Result<u64> {
        Ok(sys::identity(self.file.as_fd())?.inode)
    }

    /// The newest mark that can be read.
    pub(crate) fn read(&self) -> sys::Result<Option<Mark>> {
        let mut bytes = vec![0; 2 * SLOT];
        let mut length = 0;
        while length < bytes.len() {
            match sys::read_at(self.file.as_fd(), &mut bytes[length..], length as u64)? {
                0 => break,
                count => length += count,
            }
        }
        Ok(bytes[..length]
            .chunks(SLOT)
            .filter_map(parse_slot)
            .max_by_key(|mark| mark.generation))
    }

    /// Writes and syncs the next mark. After a failure the next try goes into
    /// the same slot: the other one may be the only one that can be read.
    pub(crate) fn write(&self, mark: &mut Mark) -> sys::Result<()> {
        mark.generation += 1;
        self.write_slot(mark).inspect_err(|_| {
            if !mutation!("failed-mark-takes-the-other-slot") {
                mark.generation -= 1;
            }
        })
    }

    fn write_slot(&self, mark: &Mark) -> sys::Result<()> {
        let json = serde_json::to_string(mark).expect("a mark is plain data");
        let mut slot = format!("{:08x} {json}", crc32c::crc32c(json.as_bytes())).into_bytes();
        assert!(slot.len() < SLOT, "a mark fits its slot");
        slot.resize(SLOT - 1, b' ');
        slot.push(b'\n');
        let offset = (mark.generation % 2) * SLOT as u64;
        let written = sys::write_at(self.file.as_fd(), &slot, offset)?;
        if written != SLOT {
            return Err(rustix::io::Errno::NOSPC);
        }
        sys::sync_data(self.file.as_fd())
    }
}

pub(crate) fn parse_slot(slot: &[u8]) -> Option<Mark> {
    let text = std::str::from_utf8(slot).ok()?.trim_end();
    let (sum, json) = text.split_once(' ')?;
    let sum = u32::from_str_radix(sum, 16).ok()?;
    if crc32c::crc32c(json.as_bytes()) != sum {
        return None;
    }
    serde_json::from_str(json).ok().filter(Mark::is_plausible)
}

impl Mark {
    /// Whether a writer stopped by itself, if not in order: how far it had come is
    /// exact.
    pub(crate) fn has_ended(&self) -> bool {
        self.logs.iter().all(|log| log.last.is_some())
    }

    /// Whether a writer can have written this.
    fn is_plausible(&self) -> bool {
        let numbers = self.logs.iter().flat_map(|log| {
            let last = [log.last, log.losing, log.next];
            let last = last.into_iter().map(Option::unwrap_or_default);
            [log.segment, log.limit].into_iter().chain(last)
        });
        self.generation < u64::MAX
            && numbers
                .chain([self.session])
                .all(|number| number < SEQUENCE_LIMIT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::FileExt;

    #[test]
    fn a_torn_write_leaves_the_mark_before() {
        let folder = tempfile::tempdir().unwrap();
        let descriptor = sys::open_folder(folder.path()).unwrap();
        let lock = LockFile::new(sys::open_lock(descriptor.as_fd(), ".lock").unwrap());
        assert_eq!(lock.read().unwrap(), None);
        let mut mark = Mark {
            session: 1,
            ..Mark::default()
        };
        lock.write(&mut mark).unwrap();
        mark.session = 2;
        lock.write(&mut mark).unwrap();
        assert_eq!(lock.read().unwrap().unwrap().session, 2);
        std::fs::OpenOptions::new()
            .write(true)
            .open(folder.path().join(".lock"))
            .unwrap()
            .write_at(b"torn", 20)
            .unwrap();
        assert_eq!(lock.read().unwrap().unwrap().session, 1);
    }

    #[test]
    fn a_mark_with_numbers_that_no_writer_gives_is_not_read() {
        let slot = |mark: &Mark| {
            let json = serde_json::to_string(mark).unwrap();
            format!("{:08x} {json}\n", crc32c::crc32c(json.as_bytes()))
        };
        let mut mark = Mark::default();
        assert!(parse_slot(slot(&mark).as_bytes()).is_some());
        mark.session = u64::MAX;
        assert!(parse_slot(slot(&mark).as_bytes()).is_none());
        mark.session = 0;
        mark.logs[2].limit = 1 << 53;
        assert!(parse_slot(slot(&mark).as_bytes()).is_none());
    }

    #[test]
    fn the_lock_is_free_at_once_though_a_copy_of_the_descriptor_is_open() {
        let folder = tempfile::tempdir().unwrap();
        let descriptor = sys::open_folder(folder.path()).unwrap();
        let open = || LockFile::new(sys::open_lock(descriptor.as_fd(), ".lock").unwrap());
        let lock = open();
        assert_eq!(lock.try_lock(), Ok(true));
        // As a process has it between its fork and its exec.
        let copy = lock.file.try_clone().unwrap();
        assert_eq!(open().is_held(), Ok(true));
        drop(lock);
        assert_eq!(open().try_lock(), Ok(true));
        drop(copy);
    }
}
