//! Reads a segment line by line. Bytes without their line end are not kept:
//! a torn tail is read again from its start.

use crate::segment::Segment;
use crate::sys;

const SMALLEST_READ: usize = 16 << 10;
const LARGEST_READ: usize = 256 << 10;

/// No writer makes a longer line; what is longer is damage, and passed over
/// without being held.
const LONGEST_LINE: usize = 4 << 20;

/// Where a line stands: indices in the buffer without the line end, and the
/// offset in the segment just after it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LineRef {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) end_offset: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Lines {
    buffer: Vec<u8>,
    /// The unread part of the buffer.
    start: usize,
    filled: usize,
    /// Offset in the segment of the buffer's first byte.
    offset: u64,
    next_read: usize,
    /// In the middle of a line that is too long to hold.
    passing_over: bool,
}

impl Lines {
    /// Begins at an offset that is the start of a line.
    pub(crate) fn at(offset: u64) -> Lines {
        Lines {
            offset,
            ..Lines::default()
        }
    }

    /// The next whole line before `stop`; `None` when there is none now. The
    /// reference is good until the next call.
    #[inline]
    pub(crate) fn next(&mut self, segment: &Segment, stop: u64) -> sys::Result<Option<LineRef>> {
        loop {
            if let Some(length) = memchr::memchr(b'\n', &self.buffer[self.start..self.filled]) {
                let mut from = self.start;
                let to = from + length;
                self.start = to + 1;
                if std::mem::take(&mut self.passing_over) {
                    // Handed on as an empty line, which is no entry.
                    from = to;
                }
                return Ok(Some(LineRef {
                    from,
                    to,
                    end_offset: self.offset + self.start as u64,
                }));
            }
            if !self.fill(segment, stop)? {
                return Ok(None);
            }
        }
    }

    pub(crate) fn bytes(&self, from: usize, to: usize) -> &[u8] {
        &self.buffer[from..to]
    }

    /// Gives the memory back; nothing that was read and not taken is lost.
    pub(crate) fn release(&mut self) {
        self.offset += self.start as u64;
        self.start = 0;
        self.filled = 0;
        self.buffer = Vec::new();
        self.next_read = SMALLEST_READ;
    }

    #[cold]
    fn fill(&mut self, segment: &Segment, stop: u64) -> sys::Result<bool> {
        self.buffer.copy_within(self.start..self.filled, 0);
        self.offset += self.start as u64;
        self.filled -= self.start;
        self.start = 0;
        if self.filled >= LONGEST_LINE {
            self.offset += self.filled as u64;
            self.filled = 0;
            self.passing_over = true;
        }
        let at = self.offset + self.filled as u64;
        let room = usize::try_from(stop.saturating_sub(at)).unwrap_or(usize::MAX);
        let read = self.next_read.max(SMALLEST_READ).max(self.filled);
        if self.buffer.len() < self.filled + read {
            self.buffer.resize(self.filled + read, 0);
        }
        let end = self.filled + read.min(room);
        let count = if room == 0 {
            0
        } else {
            segment.read_at(&mut self.buffer[self.filled..end], at)?
        };
        if count == 0 {
            self.filled = 0;
            return Ok(false);
        }
        self.filled += count;
        self.next_read = (read * 4).min(LARGEST_READ);
        Ok(true)
    }
}
