//! One segment as a reader sees it: a file that may still grow, or the whole
//! content of a compressed one.

use crate::control::{Control, FORMAT_VERSION, Header};
use crate::{Error, Log, segment_name, sys};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::io::Errno;
use std::path::Path;

/// A header is no longer than this, in bytes.
const HEADER_BYTES: usize = 1 << 20;

#[derive(Debug)]
enum Content {
    File(OwnedFd),
    Memory(Vec<u8>),
}

#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) number: u64,
    content: Content,
    /// `None` when its first line can not be read as a header.
    pub(crate) header: Option<Header>,
    /// Length of the header line, in bytes; 0 without one.
    pub(crate) header_bytes: u64,
}

impl Segment {
    /// Opens a segment in whatever form it has; `None` when it is not there.
    pub(crate) fn open(
        folder: BorrowedFd<'_>,
        path: &Path,
        log: Log,
        number: u64,
    ) -> Result<Option<Segment>, Error> {
        let content = match sys::open_read(folder, &segment_name::plain(log, number)) {
            Ok(file) => Content::File(file),
            Err(error) if is_gone(error) => {
                // Looked for after the plain name: it is put in place, whole,
                // before the plain one goes.
                let name = segment_name::compressed(log, number);
                match sys::open_read(folder, &name) {
                    Ok(file) => Content::Memory(
                        zstd::stream::decode_all(std::fs::File::from(file))
                            .map_err(|error| Error::io("decompress", path.join(name), error))?,
                    ),
                    Err(error) if is_gone(error) => return Ok(None),
                    Err(error) => return Err(Error::io("open", path.join(name), error)),
                }
            }
            Err(error) => {
                let name = segment_name::plain(log, number);
                return Err(Error::io("open", path.join(name), error));
            }
        };
        let mut segment = Segment {
            number,
            content,
            header: None,
            header_bytes: 0,
        };
        segment.read_header(path, log)?;
        Ok(Some(segment))
    }

    /// Random bits that tell branches of one log apart.
    pub(crate) fn tag(&self) -> u32 {
        self.header.as_ref().map_or(0, Header::tag_bits)
    }

    /// Reads at `offset`; 0 bytes at the end.
    pub(crate) fn read_at(&self, buffer: &mut [u8], offset: u64) -> sys::Result<usize> {
        match &self.content {
            Content::File(file) => match sys::read_at(file.as_fd(), buffer, offset) {
                // The file was removed on a server: what was read is all.
                Err(Errno::STALE) => Ok(0),
                other => other,
            },
            Content::Memory(bytes) => {
                let from = bytes
                    .len()
                    .min(usize::try_from(offset).unwrap_or(usize::MAX));
                let count = buffer.len().min(bytes.len() - from);
                buffer[..count].copy_from_slice(&bytes[from..from + count]);
                Ok(count)
            }
        }
    }

    /// Bytes that it has now.
    pub(crate) fn size(&self) -> sys::Result<u64> {
        match &self.content {
            Content::File(file) => Ok(sys::identity(file.as_fd())?.size),
            Content::Memory(bytes) => Ok(bytes.len() as u64),
        }
    }

    /// The inode and birth time of a plain segment.
    pub(crate) fn identity(&self) -> Option<sys::FileIdentity> {
        match &self.content {
            Content::File(file) => sys::identity(file.as_fd()).ok(),
            Content::Memory(_) => None,
        }
    }

    fn read_header(&mut self, path: &Path, log: Log) -> Result<(), Error> {
        let mut buffer = vec![0; 2048];
        let mut filled = 0;
        loop {
            let count = self
                .read_at(&mut buffer[filled..], filled as u64)
                .map_err(|error| {
                    Error::io(
                        "read",
                        path.join(segment_name::plain(log, self.number)),
                        error,
                    )
                })?;
            filled += count;
            if let Some(end) = memchr::memchr(b'\n', &buffer[..filled]) {
                let Some(Control::Seg(header)) = Control::parse(&buffer[..end]) else {
                    return Ok(());
                };
                if header.v > FORMAT_VERSION {
                    return Err(Error::Corruption {
                        path: path.join(segment_name::plain(log, self.number)),
                        message: format!(
                            "its format is version {}, this build reads version {FORMAT_VERSION}; update Silt here",
                            header.v
                        ),
                    });
                }
                if header.first >= 1 && header.log == log.name() {
                    self.header = Some(header);
                    self.header_bytes = end as u64 + 1;
                }
                return Ok(());
            }
            if count == 0 || filled >= HEADER_BYTES {
                return Ok(());
            }
            if filled == buffer.len() {
                buffer.resize(2 * filled, 0);
            }
        }
    }
}

/// The numbers of the segments that a folder lists, in order, each once.
pub(crate) fn list(folder: BorrowedFd<'_>, path: &Path, log: Log) -> Result<Vec<u64>, Error> {
    let names = sys::list(folder).or_else(|error| {
        // A folder that was removed has nothing in it.
        if is_gone(error) {
            Ok(Vec::new())
        } else {
            Err(Error::io("list", path, error))
        }
    })?;
    let mut numbers: Vec<u64> = names
        .iter()
        .filter_map(|name| segment_name::parse(name))
        .filter(|(of, ..)| *of == log)
        .map(|(_, number, _)| number)
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

fn is_gone(error: Errno) -> bool {
    matches!(error, Errno::NOENT | Errno::STALE)
}
