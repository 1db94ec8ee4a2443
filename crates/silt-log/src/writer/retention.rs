//! Which sealed segments stay: the oldest go for want of room, by the log's cap
//! or by age.

use super::folder::WriterFolder;
use super::found::FoundSegment;
use crate::{Log, segment_name, sys};
use rustix::io::Errno;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

pub(crate) struct Sealed {
    pub(crate) number: u64,
    /// What it takes on disk; less once it has been compressed.
    pub(crate) bytes: Arc<AtomicU64>,
    /// Time of its newest entry, nanoseconds since 1970.
    pub(crate) newest: i64,
}

pub(crate) struct Retention {
    log: Log,
    max_bytes: u64,
    max_age: Option<Duration>,
    /// Oldest first.
    sealed: VecDeque<Sealed>,
    evicted: bool,
}

impl Retention {
    pub(crate) fn new(
        log: Log,
        max_bytes: u64,
        max_age: Option<Duration>,
        found: Vec<FoundSegment>,
        evicted: bool,
    ) -> Retention {
        let sealed = found
            .into_iter()
            .map(|segment| Sealed {
                number: segment.number,
                bytes: Arc::new(AtomicU64::new(segment.bytes)),
                newest: segment.newest,
            })
            .collect();
        Retention {
            log,
            max_bytes,
            max_age,
            sealed,
            evicted,
        }
    }

    pub(crate) fn add(&mut self, sealed: Sealed) {
        self.sealed.push_back(sealed);
    }

    /// The newest so many, oldest first.
    pub(crate) fn newest(&self, count: usize) -> impl Iterator<Item = &Sealed> {
        self.sealed
            .iter()
            .skip(self.sealed.len().saturating_sub(count))
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.sealed
            .iter()
            .map(|sealed| sealed.bytes.load(Ordering::Relaxed))
            .sum()
    }

    /// Whether the beginning of the log is gone.
    pub(crate) fn truncated(&self) -> bool {
        self.evicted
    }

    /// Leaves room for a segment of `bytes` within the log's cap.
    pub(crate) fn make_room(&mut self, folder: &WriterFolder, bytes: u64) {
        while self.bytes() + bytes > self.max_bytes {
            if !self.evict_oldest(folder) {
                break;
            }
        }
    }

    /// Removes segments that are older than the age limit.
    pub(crate) fn evict_aged(&mut self, folder: &WriterFolder, now_ns: i64) {
        let Some(age) = self.max_age else { return };
        let oldest = now_ns.saturating_sub(i64::try_from(age.as_nanos()).unwrap_or(i64::MAX));
        while self.sealed.front().is_some_and(|s| s.newest < oldest) {
            if !self.evict_oldest(folder) {
                break;
            }
        }
    }

    /// Removes the oldest segment, in whatever form it is; `false` when there is
    /// none or it can not be removed.
    pub(crate) fn evict_oldest(&mut self, folder: &WriterFolder) -> bool {
        let Some(oldest) = self.sealed.front() else {
            return false;
        };
        let _held = folder
            .background
            .form_lock
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for name in [
            segment_name::plain(self.log, oldest.number),
            segment_name::compressed(self.log, oldest.number),
        ] {
            match sys::remove(folder.fd(), &name) {
                Ok(()) | Err(Errno::NOENT) => {}
                Err(_) => return false,
            }
        }
        self.sealed.pop_front();
        self.evicted = true;
        true
    }
}
