//! A hub of a test: it has no thread, and events come when the test says so.

use super::{Hub, Registration, Waiter, Waiters};
use crate::reader::Stream;
use crate::sys::{self, memory};
use rustix::fd::{AsFd, BorrowedFd};
use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

static NO_SLOW_POLL: AtomicBool = AtomicBool::new(false);

/// Longer than any test takes.
pub(super) const NEVER: Duration = Duration::from_secs(1 << 20);

/// From now on nothing but events wakes the readers of this process.
pub(crate) fn stop_the_slow_poll() {
    NO_SLOW_POLL.store(true, Ordering::Release);
}

pub(super) fn has_no_slow_poll() -> bool {
    NO_SLOW_POLL.load(Ordering::Acquire)
}

thread_local! {
    static STILL: RefCell<Option<Arc<Hub>>> = const { RefCell::new(None) };
}

fn hub() -> Arc<Hub> {
    STILL.with_borrow_mut(|hub| {
        let hub = hub.get_or_insert_with(|| {
            Arc::new(Hub {
                inotify: None,
                nudge: std::fs::File::open("/dev/null").unwrap().into(),
                stopping: AtomicBool::new(false),
                waiters: Mutex::default(),
            })
        });
        Arc::clone(hub)
    })
}

/// A registration for a folder on a disk in memory; `None` on the kernel's.
pub(super) fn register(folder: BorrowedFd<'_>) -> Option<sys::Result<Registration>> {
    if !memory::is_in_use() {
        return None;
    }
    let inode = match sys::call(sys::Call::Watch, || {
        memory::with(|disk| disk.identity(folder.as_fd()))
    }) {
        Ok(identity) => identity.inode as i32,
        Err(error) => return Some(Err(error)),
    };
    let (hub, waiter) = (hub(), Waiter::new());
    let watches = &mut hub.waiters().by_watch;
    watches.entry(inode).or_default().push(Arc::clone(&waiter));
    Some(Ok(Registration {
        waiter,
        hub: Arc::clone(&hub),
        watch: Some(inode),
    }))
}

/// Events of these folders arrive; `None`: the queue has overflowed, or the slow
/// poll comes by.
pub(crate) fn arrive(folders: Option<&[u64]>) {
    let hub = hub();
    let woken: Vec<Arc<Waiter>> = {
        let waiters: &Waiters = &hub.waiters();
        match folders {
            None => waiters.all().cloned().collect(),
            Some(folders) => folders
                .iter()
                .filter_map(|folder| waiters.by_watch.get(&(*folder as i32)))
                .flatten()
                .cloned()
                .collect(),
        }
    };
    for waiter in woken {
        waiter.wake();
    }
}

impl Stream {
    /// Whether a reader that waits was woken.
    pub(crate) fn is_woken(&self) -> bool {
        self.registration
            .as_ref()
            .is_some_and(|registration| registration.waiter.state().signalled)
    }
}
