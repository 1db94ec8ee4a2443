//! Work on sealed segments that must not hold up capture: forcing them to the
//! disk, and compressing them in place.

use super::compress::compress_segment;
use crate::options::Compress;
use crate::{Log, sys};
use rustix::fd::{AsFd, OwnedFd};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// Each waiting job holds a descriptor: a disk that can not keep up holds up
/// capture before they run out.
const WAITING_JOBS: usize = 8;

/// How many segments a writer that is killed can leave unsynced: those that wait,
/// the one at work, one to be handed over, and the head.
pub(super) const MAY_BE_UNSYNCED: usize = WAITING_JOBS + 3;

/// A sealed segment.
pub(crate) struct Job {
    pub(crate) file: OwnedFd,
    pub(crate) log: Log,
    pub(crate) number: u64,
    /// What the segment takes on disk; updated when it was compressed.
    pub(crate) bytes: Arc<AtomicU64>,
    /// An earlier sync of it failed, so that a later one proves nothing.
    pub(crate) sync_failed: bool,
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
    Caller(Caller),
    Finished,
}

/// Whoever hands it over does the work, when no more jobs may wait.
struct Caller {
    worker: Worker,
    waiting: Mutex<VecDeque<Job>>,
    /// Whether every sealed segment could be synced.
    synced: AtomicBool,
}

impl Caller {
    fn work_until(&self, most: usize) {
        loop {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            if waiting.len() <= most {
                return;
            }
            let job = waiting.pop_front();
            drop(waiting);
            let synced = job.is_none_or(|job| self.worker.work(&job));
            self.synced.fetch_and(synced, Ordering::Relaxed);
        }
    }
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
        // compression leaves the plain segment. After a crash of the machine both
        // forms can be there: the plain one counts, and must not hold less.
        let synced = sys::sync_data(job.file.as_fd()).is_ok() && !job.sync_failed;
        if synced && self.compress == Compress::Zstd {
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
            Hands::Caller(Caller {
                worker,
                waiting: Mutex::default(),
                synced: AtomicBool::new(true),
            })
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
            Hands::Caller(caller) => {
                let mut waiting = caller
                    .waiting
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                waiting.push_back(job);
                drop(waiting);
                caller.work_until(sys::jobs_that_may_wait());
            }
            // At the orderly end: what is sealed now was cut short, and has no
            // `end` line.
            Hands::Finished => drop(sys::sync_data(job.file.as_fd())),
        }
    }

    /// What waits is done now.
    #[cfg(test)]
    pub(crate) fn catch_up(&self) {
        if let Hands::Caller(caller) = &self.hands {
            caller.work_until(0);
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
            Hands::Caller(caller) => {
                caller.work_until(0);
                caller.synced.into_inner()
            }
            Hands::Finished => true,
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.finish();
    }
}
