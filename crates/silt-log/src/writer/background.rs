//! Work on sealed segments that must not hold up capture: forcing them to the
//! disk, and compressing them in place.

use super::compress::compress_segment;
use crate::options::Compress;
use crate::{Log, sys};
use rustix::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// Each waiting job holds a descriptor: a disk that can not keep up holds up
/// capture before they run out.
const WAITING_JOBS: usize = 8;

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
    hands: Hands,
    pub(crate) form_lock: FormLock,
}

/// Who does the work.
enum Hands {
    /// A thread that ends with whether every sealed segment could be synced.
    Thread(SyncSender<Job>, JoinHandle<bool>),
    /// Whoever hands it over; holds the same.
    Caller(Worker, AtomicBool),
    Finished,
}

struct Worker {
    folder: OwnedFd,
    compress: Compress,
    form_lock: FormLock,
}

impl Worker {
    /// `false` when the segment could not be synced.
    fn work(&self, job: &Job) -> bool {
        // A failed sync loses nothing while the machine runs, and a failed
        // compression leaves the plain segment.
        let synced = sys::sync_data(job.file.as_fd()).is_ok();
        if self.compress == Compress::Zstd {
            let _ = compress_segment(self.folder.as_fd(), job, &self.form_lock);
        }
        synced
    }
}

impl Background {
    /// Starts the one thread.
    pub(crate) fn start(folder: OwnedFd, compress: Compress) -> std::io::Result<Background> {
        let form_lock = FormLock::default();
        let worker = Worker {
            folder,
            compress,
            form_lock: Arc::clone(&form_lock),
        };
        let hands = if sys::single_threaded() {
            Hands::Caller(worker, AtomicBool::new(true))
        } else {
            let (sender, receiver) = sync_channel::<Job>(WAITING_JOBS);
            let thread = std::thread::Builder::new()
                .name("silt-seal".into())
                .spawn(move || {
                    let mut synced = true;
                    for job in receiver {
                        synced &= worker.work(&job);
                    }
                    synced
                })?;
            Hands::Thread(sender, thread)
        };
        Ok(Background { hands, form_lock })
    }

    pub(crate) fn seal(&self, job: Job) {
        match &self.hands {
            // The thread only ends when the sender is dropped.
            Hands::Thread(sender, _) => drop(sender.send(job)),
            Hands::Caller(worker, synced) => {
                synced.fetch_and(worker.work(&job), Ordering::Relaxed);
            }
            // At the orderly end: what is sealed now was cut short, and has no
            // `end` line.
            Hands::Finished => drop(sys::sync_data(job.file.as_fd())),
        }
    }

    /// Waits until all that was handed over is done. `false` when a segment
    /// could not be synced.
    pub(crate) fn finish(&mut self) -> bool {
        match std::mem::replace(&mut self.hands, Hands::Finished) {
            Hands::Thread(sender, thread) => {
                drop(sender);
                thread.join().unwrap_or(false)
            }
            Hands::Caller(_, synced) => synced.into_inner(),
            Hands::Finished => true,
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.finish();
    }
}
