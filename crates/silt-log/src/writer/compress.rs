//! Compresses a sealed segment in place: readers find it in one form or the
//! other at any moment.

use super::background::{FormLock, Job};
use crate::mutation::mutation;
use crate::{segment_name, sys};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use std::io::{Read, Write};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

const LEVEL: i32 = 3;

pub(super) fn compress_segment(
    folder: BorrowedFd<'_>,
    job: &Job,
    lock: &FormLock,
) -> std::io::Result<()> {
    let plain = segment_name::plain(job.log, job.number);
    let compressed = segment_name::compressed(job.log, job.number);
    let temporary = format!(".{compressed}.next");
    let source = Source {
        file: sys::open_read(folder, &plain)?,
        offset: 0,
    };
    let _ = sys::remove(folder, &temporary);
    let target = sys::create(folder, &temporary)?;
    let result = zstd::stream::copy_encode(source, Target(target.as_fd()), LEVEL)
        .and_then(|()| Ok(sys::sync_all(target.as_fd())?));
    if let Err(error) = result {
        let _ = sys::remove(folder, &temporary);
        return Err(error);
    }
    let size = sys::identity(target.as_fd())?.size;
    let _held = lock.lock().unwrap_or_else(PoisonError::into_inner);
    if sys::open_read(folder, &plain).is_err() {
        let _ = sys::remove(folder, &temporary);
        return Ok(());
    }
    if mutation!("plain-gone-before-compressed") {
        let _ = sys::remove(folder, &plain);
    }
    // Of a writer that was killed here both forms are there, and stay until they go.
    if let Err(error) = sys::rename_new(folder, &temporary, &compressed) {
        let _ = sys::remove(folder, &temporary);
        return Err(error.into());
    }
    sys::sync_all(folder)?;
    sys::remove(folder, &plain)?;
    job.bytes.store(size, Ordering::Relaxed);
    Ok(())
}

struct Source {
    file: OwnedFd,
    offset: u64,
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = sys::read_at(self.file.as_fd(), buffer, self.offset)?;
        self.offset += count as u64;
        Ok(count)
    }
}

struct Target<'a>(BorrowedFd<'a>);

impl Write for Target<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        Ok(sys::write(self.0, bytes)?)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
