//! Work on sealed segments that must not hold up capture: forcing them to the
//! disk, and compressing them in place.

use crate::options::Compress;
use crate::{Log, segment_name, sys};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// A sealed segment.
pub(crate) struct Job {
    pub(crate) file: OwnedFd,
    pub(crate) log: Log,
    pub(crate) number: u64,
    /// What the segment takes on disk; updated when it was compressed.
    pub(crate) bytes: Arc<AtomicU64>,
}

/// Held while a segment changes its form or goes, so that a compressed copy
/// never appears after its segment was evicted.
pub(crate) type FormLock = Arc<Mutex<()>>;

pub(crate) struct Background {
    sender: Option<Sender<Job>>,
    /// Ends with whether every sealed segment could be synced.
    thread: Option<JoinHandle<bool>>,
    pub(crate) form_lock: FormLock,
}

impl Background {
    /// Starts the one thread.
    pub(crate) fn start(folder: OwnedFd, compress: Compress) -> std::io::Result<Background> {
        let (sender, receiver) = channel::<Job>();
        let form_lock = FormLock::default();
        let lock = Arc::clone(&form_lock);
        let thread = std::thread::Builder::new()
            .name("silt-seal".into())
            .spawn(move || {
                let mut synced = true;
                for job in receiver {
                    // A failed sync loses nothing while the machine runs, and a
                    // failed compression leaves the plain segment.
                    synced &= sys::sync_data(job.file.as_fd()).is_ok();
                    if compress == Compress::Zstd {
                        let _ = compress_segment(folder.as_fd(), &job, &lock);
                    }
                }
                synced
            })?;
        Ok(Background {
            sender: Some(sender),
            thread: Some(thread),
            form_lock,
        })
    }

    pub(crate) fn seal(&self, job: Job) {
        match &self.sender {
            // The thread only ends when the sender is dropped.
            Some(sender) => drop(sender.send(job)),
            // At the orderly end: what is sealed now was cut short, and has no
            // `end` line.
            None => drop(sys::sync_data(job.file.as_fd())),
        }
    }

    /// Waits until all that was handed over is done. `false` when a segment
    /// could not be synced.
    pub(crate) fn finish(&mut self) -> bool {
        self.sender = None;
        self.thread
            .take()
            .is_none_or(|thread| thread.join().unwrap_or(false))
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.finish();
    }
}

fn compress_segment(folder: BorrowedFd<'_>, job: &Job, lock: &FormLock) -> std::io::Result<()> {
    let plain = segment_name::plain(job.log, job.number);
    let compressed = segment_name::compressed(job.log, job.number);
    let temporary = format!(".{compressed}.next");
    let source = std::fs::File::from(sys::open_read(folder, &plain)?);
    let _ = sys::remove(folder, &temporary);
    let target = sys::create(folder, &temporary)?;
    let result = zstd::stream::copy_encode(&source, std::fs::File::from(target.try_clone()?), 3)
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
    sys::rename_new(folder, &temporary, &compressed)?;
    sys::sync_all(folder)?;
    sys::remove(folder, &plain)?;
    job.bytes.store(size, Ordering::Relaxed);
    Ok(())
}
