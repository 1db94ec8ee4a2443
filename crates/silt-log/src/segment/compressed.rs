//! A segment that was compressed in place: decoded when it is first read.

use crate::sys;
use rustix::fd::{AsFd, OwnedFd};
use std::io::Read;
use std::sync::OnceLock;

/// How much of the file a header is looked for in, in bytes: more than the
/// largest block of zstd.
const HEADER_READ: usize = 160 << 10;

#[derive(Debug)]
pub(crate) struct Compressed {
    file: OwnedFd,
    content: OnceLock<Content>,
}

#[derive(Debug)]
struct Content {
    bytes: Vec<u8>,
    /// Why the rest is missing.
    failure: Option<String>,
}

impl Compressed {
    pub(crate) fn new(file: OwnedFd) -> Compressed {
        Compressed {
            file,
            content: OnceLock::new(),
        }
    }

    pub(crate) fn stored_bytes(&self) -> sys::Result<u64> {
        Ok(sys::identity(self.file.as_fd())?.size)
    }

    /// The content as far as it can be decoded: what follows damage is missing,
    /// what precedes it is not.
    pub(crate) fn decoded(&self) -> sys::Result<&[u8]> {
        if self.content.get().is_none() {
            let stored = usize::try_from(self.stored_bytes()?).unwrap_or(usize::MAX);
            let (bytes, failure) = decode(&self.read_start(stored)?, usize::MAX);
            let _ = self.content.set(Content { bytes, failure });
        }
        Ok(self.content.get().map_or(&[], |content| &content.bytes))
    }

    pub(crate) fn failure(&self) -> Option<&str> {
        self.content.get()?.failure.as_deref()
    }

    /// The first line without its line end, decoding little more; empty when
    /// there is none in `longest` bytes.
    pub(crate) fn first_line(&self, longest: usize) -> sys::Result<Vec<u8>> {
        let (mut bytes, _) = decode(&self.read_start(HEADER_READ)?, longest);
        let mut end = memchr::memchr(b'\n', &bytes);
        if end.is_none() {
            let all = self.decoded()?;
            bytes = all[..all.len().min(longest)].to_vec();
            end = memchr::memchr(b'\n', &bytes);
        }
        bytes.truncate(end.unwrap_or(0));
        Ok(bytes)
    }

    fn read_start(&self, length: usize) -> sys::Result<Vec<u8>> {
        let mut stored = vec![0; length];
        let mut filled = 0;
        while filled < length {
            match sys::read_at(self.file.as_fd(), &mut stored[filled..], filled as u64)? {
                0 => break,
                count => filled += count,
            }
        }
        stored.truncate(filled);
        Ok(stored)
    }
}

/// Decodes up to `longest` bytes, or up to the first damage.
fn decode(stored: &[u8], longest: usize) -> (Vec<u8>, Option<String>) {
    let mut bytes = Vec::new();
    let result = zstd::stream::Decoder::with_buffer(stored)
        .and_then(|decoder| decoder.take(longest as u64).read_to_end(&mut bytes));
    (bytes, result.err().map(|error| error.to_string()))
}
