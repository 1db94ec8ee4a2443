//! The segment that is being written: bytes go in at its end, or it is sealed.

use crate::control::{Control, Sum};
use crate::mutation::mutation;
use crate::sys;
use rustix::fd::{AsFd, OwnedFd};
use rustix::io::Errno;

/// A `sum` line comes after at least this many bytes.
const SUM_EVERY: u64 = 64 << 10;

/// How far ahead of the end space is reserved.
const RESERVE_AHEAD: u64 = 1 << 20;

/// A file that only grows, with the checksums of what it holds.
#[derive(Debug)]
pub(crate) struct SegmentWriter {
    pub(crate) file: OwnedFd,
    pub(crate) number: u64,
    pub(crate) tag: u32,
    /// The highest number that it may give.
    pub(crate) limit: u64,
    /// Valid bytes on disk: after a failed write less than the file's size.
    pub(crate) written: u64,
    /// CRC-32C of the valid bytes.
    pub(crate) crc: u32,
    /// Bytes up to which space is reserved.
    reserved: u64,
    /// CRC-32C and count of the bytes since the last `sum` line.
    sum_crc: u32,
    sum_bytes: u64,
    /// A write failed: nothing may be appended any more.
    pub(crate) failed: Option<Errno>,
    /// Written since the last `fdatasync`.
    pub(crate) dirty: bool,
    /// One failed. The kernel says so once, takes the pages for clean, and says
    /// of the next that it succeeded.
    pub(crate) sync_failed: bool,
}

impl SegmentWriter {
    pub(crate) fn new(file: OwnedFd, number: u64, tag: u32, limit: u64) -> SegmentWriter {
        SegmentWriter {
            file,
            number,
            tag,
            limit,
            written: 0,
            crc: 0,
            reserved: 0,
            sum_crc: 0,
            sum_bytes: 0,
            failed: None,
            dirty: false,
            sync_failed: false,
        }
    }

    /// Accounts for a line that was put at the end of `buffer` from `start` on,
    /// and adds a `sum` line when it is due.
    pub(crate) fn line_added(&mut self, buffer: &mut Vec<u8>, start: usize) {
        self.sum_crc = crc32c::crc32c_append(self.sum_crc, &buffer[start..]);
        self.sum_bytes += (buffer.len() - start) as u64;
        if self.sum_bytes >= SUM_EVERY {
            self.add_sum(buffer);
        }
    }

    /// Adds a `sum` line for all since the last one.
    pub(crate) fn add_sum(&mut self, buffer: &mut Vec<u8>) {
        Control::Sum(Sum {
            c: format!("{:08x}", self.sum_crc),
        })
        .write(buffer);
        self.sum_crc = 0;
        self.sum_bytes = 0;
    }

    /// Makes sure that `length` more bytes have room, and some ahead up to the
    /// size of a segment.
    ///
    /// # Errors
    /// Only for want of room; a file system that can not reserve is no error.
    pub(crate) fn reserve(&mut self, length: u64, segment_bytes: u64) -> sys::Result<()> {
        let needed = self.written + length;
        if needed <= self.reserved {
            return Ok(());
        }
        for ahead in [RESERVE_AHEAD, 0] {
            let until = (needed + ahead).min(segment_bytes).max(needed);
            match sys::reserve(self.file.as_fd(), self.written, until - self.written) {
                Ok(()) => {
                    self.reserved = until;
                    return Ok(());
                }
                Err(error) if is_no_room(error) => {}
                Err(_) => {
                    self.reserved = u64::MAX;
                    return Ok(());
                }
            }
        }
        Err(Errno::NOSPC)
    }

    /// Writes all of `buffer`, or up to the last whole line that went in: how many
    /// bytes; the others then have to be written again, into another segment.
    pub(crate) fn write(&mut self, buffer: &[u8]) -> usize {
        if buffer.is_empty() || self.failed.is_some() {
            return 0;
        }
        let (kept, failed) = match sys::write(self.file.as_fd(), buffer) {
            Ok(count) if count == buffer.len() => (count, None),
            Ok(count) => (
                memchr::memrchr(b'\n', &buffer[..count]).map_or(0, |end| end + 1),
                Some(Errno::NOSPC),
            ),
            Err(error) => (0, Some(error)),
        };
        self.failed = failed.filter(|_| !mutation!("go-on-after-short-write"));
        self.written += kept as u64;
        self.crc = crc32c::crc32c_append(self.crc, &buffer[..kept]);
        self.dirty |= kept > 0;
        kept
    }

    /// Gives back what was reserved past the end.
    pub(crate) fn release(&mut self) {
        if self.reserved > self.written
            && let Ok(identity) = sys::identity(self.file.as_fd())
        {
            // A refusal costs space until the segment goes, and no entry.
            let _ = sys::release_reserved(self.file.as_fd(), identity.size);
        }
        self.reserved = 0;
    }

    /// Forces what was written to the disk. Once that has failed it is never
    /// again said to have succeeded, though it is tried.
    pub(crate) fn sync(&mut self) -> sys::Result<()> {
        if self.dirty {
            sys::sync_data(self.file.as_fd()).inspect_err(|_| self.sync_failed = true)?;
            self.dirty = false;
        }
        match self.sync_failed && !mutation!("believe-a-retried-sync") {
            true => Err(Errno::IO),
            false => Ok(()),
        }
    }
}

/// Whether an error says that there is no room now.
pub(crate) fn is_no_room(error: Errno) -> bool {
    matches!(error, Errno::NOSPC | Errno::DQUOT | Errno::FBIG)
}
