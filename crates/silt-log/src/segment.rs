//! One segment as a reader sees it: a file that may still grow, or the whole
//! content of a compressed one.

mod compressed;

use crate::control::{Control, FORMAT_VERSION, Header, has_checksum};
use crate::{Error, Log, segment_name, sys};
use compressed::Compressed;
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::io::Errno;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

/// A header is no longer than this, in bytes.
const HEADER_BYTES: usize = 1 << 20;

#[derive(Debug)]
enum Content {
    File(OwnedFd),
    Compressed(Compressed),
}

#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) number: u64,
    content: Content,
    /// `None` when its first line can not be read as a header.
    pub(crate) header: Option<Header>,
    /// Length of the header line, in bytes; 0 without one.
    pub(crate) header_bytes: u64,
    /// The header's checksum holds; not where it has none.
    pub(crate) is_vouched_for: bool,
    /// What the next header that can be read begins with, where that was looked up;
    /// without a header of its own it always is.
    pub(crate) before: OnceLock<u64>,
    /// Read once: every entry's place is made with it.
    tag: u32,
}

impl Segment {
    /// Opens a segment in whatever form it has; `None` when it is not there.
    pub(crate) fn open(
        folder: BorrowedFd<'_>,
        path: &Path,
        log: Log,
        number: u64,
    ) -> Result<Option<Segment>, Error> {
        // The compressed form is looked for after the plain one: it is put in
        // place, whole, before the plain one goes.
        let plain = segment_name::plain(log, number);
        let compressed = segment_name::compressed(log, number);
        let (content, name) = match sys::open_read(folder, &plain) {
            Ok(file) => (Content::File(file), plain),
            Err(error) if is_gone(error) => match sys::open_read(folder, &compressed) {
                Ok(file) => (Content::Compressed(Compressed::new(file)), compressed),
                Err(error) if is_gone(error) => return Ok(None),
                Err(error) => return Err(Error::io("open", path.join(compressed), error)),
            },
            Err(error) => return Err(Error::io("open", path.join(plain), error)),
        };
        let mut segment = Segment {
            number,
            content,
            header: None,
            header_bytes: 0,
            is_vouched_for: false,
            before: OnceLock::new(),
            tag: 0,
        };
        segment.read_header(&path.join(name), log)?;
        Ok(Some(segment))
    }

    /// Random bits that tell branches of one log apart.
    pub(crate) fn tag(&self) -> u32 {
        self.tag
    }

    /// The highest number that it may give, as far as that is known.
    pub(crate) fn limit(&self) -> u64 {
        match (&self.header, self.before.get()) {
            (Some(header), _) => header.limit,
            (None, Some(before)) => before - 1,
            (None, None) => u64::MAX,
        }
    }

    /// The last number accounted for before its first entry, where that is known.
    pub(crate) fn before_first_entry(&self) -> Option<u64> {
        self.header.as_ref().map(Header::before_first_entry)
    }

    /// Reads at `offset`; 0 bytes at the end.
    pub(crate) fn read_at(&self, buffer: &mut [u8], offset: u64) -> sys::Result<usize> {
        match &self.content {
            Content::File(file) => match sys::read_at(file.as_fd(), buffer, offset) {
                // The file was removed on a server: what was read is all.
                Err(Errno::STALE) => Ok(0),
                other => other,
            },
            Content::Compressed(compressed) => {
                let bytes = compressed.decoded()?;
                let from = bytes
                    .len()
                    .min(usize::try_from(offset).unwrap_or(usize::MAX));
                let count = buffer.len().min(bytes.len() - from);
                buffer[..count].copy_from_slice(&bytes[from..from + count]);
                Ok(count)
            }
        }
    }

    /// Whether a line ends just before `offset`.
    pub(crate) fn ends_line_at(&self, offset: u64) -> sys::Result<bool> {
        let mut byte = [0];
        let before = offset.checked_sub(1);
        let read = before.map_or(Ok(0), |before| self.read_at(&mut byte, before))?;
        Ok(read == 1 && byte == *b"\n")
    }

    /// Bytes that it has now.
    pub(crate) fn size(&self) -> sys::Result<u64> {
        match &self.content {
            Content::File(file) => Ok(sys::identity(file.as_fd())?.size),
            Content::Compressed(compressed) => Ok(compressed.decoded()?.len() as u64),
        }
    }

    /// Bytes that it takes on disk, in the form that it has.
    pub(crate) fn stored_bytes(&self) -> sys::Result<u64> {
        match &self.content {
            Content::File(_) => self.size(),
            Content::Compressed(compressed) => compressed.stored_bytes(),
        }
    }

    /// The inode and birth time of a plain segment.
    pub(crate) fn identity(&self) -> Option<sys::FileIdentity> {
        match &self.content {
            Content::File(file) => sys::identity(file.as_fd()).ok(),
            Content::Compressed(_) => None,
        }
    }

    /// Why a compressed segment can be read only in part.
    pub(crate) fn undecodable(&self) -> sys::Result<Option<&str>> {
        match &self.content {
            Content::File(_) => Ok(None),
            Content::Compressed(compressed) => {
                compressed.decoded()?;
                Ok(compressed.failure())
            }
        }
    }

    fn read_header(&mut self, path: &Path, log: Log) -> Result<(), Error> {
        let first = self
            .first_line()
            .map_err(|error| Error::io("read", path, error))?;
        let Some(Control::Seg(header)) = Control::parse(&first) else {
            return Ok(());
        };
        if header.v > FORMAT_VERSION {
            return Err(Error::Corruption {
                path: path.to_owned(),
                message: format!(
                    "its format is version {}, this build reads version {FORMAT_VERSION}; update Silt here",
                    header.v
                ),
            });
        }
        if header.is_plausible(log, self.number) {
            self.tag = header.tag_bits();
            self.header = Some(header);
            self.header_bytes = first.len() as u64 + 1;
            self.is_vouched_for = has_checksum(&first);
        }
        Ok(())
    }

    /// The first line without its line end; empty when there is no whole one
    /// that can be a header.
    fn first_line(&self) -> sys::Result<Vec<u8>> {
        if let Content::Compressed(compressed) = &self.content {
            return compressed.first_line(HEADER_BYTES);
        }
        let mut buffer = vec![0; 2048];
        let mut filled = 0;
        loop {
            let count = self.read_at(&mut buffer[filled..], filled as u64)?;
            filled += count;
            if let Some(end) = memchr::memchr(b'\n', &buffer[..filled]) {
                buffer.truncate(end);
                return Ok(buffer);
            }
            if count == 0 || filled >= HEADER_BYTES {
                return Ok(Vec::new());
            }
            if filled == buffer.len() {
                buffer.resize(2 * filled, 0);
            }
        }
    }
}

/// The numbers of the segments that a folder has, in order, each once.
pub(crate) fn list(folder: BorrowedFd<'_>, path: &Path, log: Log) -> Result<Vec<u64>, Error> {
    let names = sys::list(folder).or_else(|error| {
        // A folder that was removed has nothing in it.
        if is_gone(error) {
            Ok(Vec::new())
        } else {
            Err(Error::io("list", path, error))
        }
    })?;
    let listed: BTreeSet<u64> = names
        .iter()
        .filter_map(|name| segment_name::parse(name))
        .filter(|(of, ..)| *of == log)
        .map(|(_, number, _)| number)
        .collect();
    Ok(add_overlooked(&listed, |number| {
        exists(folder, log, number)
    }))
}

/// A folder that changes while it is listed can show neither form of a segment
/// that is just being compressed, nor one that was made meanwhile, though others
/// after it were. Segments are removed oldest first, so each hole, what stands
/// before the first and what comes after the last is looked for by name.
fn add_overlooked(listed: &BTreeSet<u64>, exists: impl Fn(u64) -> bool) -> Vec<u64> {
    let mut numbers = Vec::with_capacity(listed.len() + 1);
    for &number in listed {
        add_successors(&mut numbers, number, &exists);
        let start = numbers.len();
        let after = numbers.last().copied().unwrap_or(0);
        let mut before = number - 1;
        // A hole is as wide as what a crash took, or as nothing.
        while before > after && exists(before) {
            numbers.insert(start, before);
            before -= 1;
        }
        numbers.push(number);
    }
    add_successors(&mut numbers, u64::MAX, &exists);
    numbers
}

/// Adds those that follow the last one without a hole, up to `end`.
fn add_successors(numbers: &mut Vec<u64>, end: u64, exists: impl Fn(u64) -> bool) {
    while let Some(next) = numbers.last().map(|last| last + 1)
        && next < end
        && exists(next)
    {
        numbers.push(next);
    }
}

fn exists(folder: BorrowedFd<'_>, log: Log, number: u64) -> bool {
    [
        segment_name::plain(log, number),
        segment_name::compressed(log, number),
    ]
    .iter()
    .any(|name| sys::exists(folder, name))
}

/// Whether an error says that a file is not there, or not there any more.
fn is_gone(error: Errno) -> bool {
    matches!(error, Errno::NOENT | Errno::STALE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_that_a_listing_overlooked_is_there() {
        let there = [3, 4, 5, 6, 9];
        let all = |listed: &[u64]| {
            add_overlooked(&listed.iter().copied().collect(), |number| {
                there.contains(&number)
            })
        };
        assert_eq!(all(&[4, 6, 9]), there);
        assert_eq!(all(&[6, 9]), there);
        assert_eq!(all(&[3, 4, 9]), there);
        assert_eq!(all(&[3]), [3, 4, 5, 6]);
        assert_eq!(all(&there), there);
        assert!(all(&[]).is_empty());
    }
}
