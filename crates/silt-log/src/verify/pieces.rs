//! Reads a segment from its start to a fixed end, every byte once, in lines.

use crate::segment::Segment;
use crate::sys;

const READ: usize = 256 << 10;

/// No writer makes a longer line. What is longer is handed out in pieces, so
/// that a region of zeros does not fill the memory.
const LONGEST_LINE: usize = 1 << 20;

/// A line with its line end; or a piece of one that is too long, or of the end
/// of the file, without.
#[derive(Debug)]
pub(crate) struct Piece<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) ends: bool,
    /// It does not begin where a line does.
    pub(crate) goes_on: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Pieces {
    buffer: Vec<u8>,
    start: usize,
    filled: usize,
    /// Of the next read.
    offset: u64,
    /// The last piece had no line end.
    inside: bool,
}

impl Pieces {
    /// The next piece before `stop`; `None` at the end.
    pub(crate) fn next(&mut self, segment: &Segment, stop: u64) -> sys::Result<Option<Piece<'_>>> {
        let mut searched = 0;
        let (length, ends) = loop {
            let unread = &self.buffer[self.start..self.filled];
            if let Some(at) = memchr::memchr(b'\n', &unread[searched..]) {
                break (searched + at + 1, true);
            }
            searched = unread.len();
            if searched >= LONGEST_LINE || !self.fill(segment, stop)? {
                break (searched, false);
            }
        };
        if length == 0 {
            return Ok(None);
        }
        let from = self.start;
        self.start += length;
        let goes_on = std::mem::replace(&mut self.inside, !ends);
        Ok(Some(Piece {
            bytes: &self.buffer[from..self.start],
            ends,
            goes_on,
        }))
    }

    fn fill(&mut self, segment: &Segment, stop: u64) -> sys::Result<bool> {
        self.buffer.copy_within(self.start..self.filled, 0);
        self.filled -= self.start;
        self.start = 0;
        if self.buffer.len() < self.filled + READ {
            self.buffer.resize(self.filled + READ, 0);
        }
        let room = usize::try_from(stop.saturating_sub(self.offset)).unwrap_or(READ);
        let end = self.filled + READ.min(room);
        let count = segment.read_at(&mut self.buffer[self.filled..end], self.offset)?;
        self.offset += count as u64;
        self.filled += count;
        Ok(count > 0)
    }
}
