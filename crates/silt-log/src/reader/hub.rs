//! Wakes waiting readers: one inotify instance and one thread a process, for as
//! long as anybody waits. A slow poll stands behind the events, and stands
//! alone where the file system sends none.

#[cfg(test)]
pub(crate) mod still;

use crate::sys::{self, Call};
use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::fd::{BorrowedFd, OwnedFd};
use rustix::fs::inotify::{self, CreateFlags, ReadFlags, WatchFlags};
use rustix::io::Errno;
use std::collections::HashMap;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often every waiting reader looks again without an event.
const SLOW_POLL: Duration = Duration::from_secs(1);

/// The same, where there can be no events.
const POLL_WITHOUT_EVENTS: Duration = Duration::from_millis(50);

type Callback = Box<dyn Fn() + Send + Sync>;

/// One reader that may wait.
pub(crate) struct Waiter {
    armed: AtomicBool,
    state: Mutex<WaiterState>,
    woken: Condvar,
}

#[derive(Default)]
struct WaiterState {
    callback: Option<Arc<Callback>>,
    signalled: bool,
    deadline: Option<Instant>,
}

impl Waiter {
    fn new() -> Arc<Waiter> {
        Arc::new(Waiter {
            armed: AtomicBool::new(false),
            state: Mutex::default(),
            woken: Condvar::new(),
        })
    }

    fn state(&self) -> MutexGuard<'_, WaiterState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the reader once, if it armed since the last time.
    pub(crate) fn wake(&self) {
        if !self.armed.swap(false, Ordering::AcqRel) {
            return;
        }
        let callback = {
            let mut state = self.state();
            state.signalled = true;
            state.deadline = None;
            state.callback.clone()
        };
        self.woken.notify_all();
        if let Some(callback) = callback {
            callback();
        }
    }
}

/// A reader's place in the hub; leaving it is dropping this.
pub(crate) struct Registration {
    waiter: Arc<Waiter>,
    hub: Arc<Hub>,
    watch: Option<i32>,
}

impl Registration {
    /// Begins to watch a folder.
    pub(crate) fn new(folder: BorrowedFd<'_>) -> sys::Result<Registration> {
        #[cfg(test)]
        if let Some(registration) = still::register(folder) {
            return registration;
        }
        let waiter = Waiter::new();
        let mut current = current_hub();
        let hub = match &*current {
            Some(hub) => Arc::clone(hub),
            None => {
                let hub = Hub::start()?;
                *current = Some(Arc::clone(&hub));
                hub
            }
        };
        let watch = hub.add(folder, &waiter);
        Ok(Registration { waiter, hub, watch })
    }

    pub(crate) fn set_callback(&self, callback: Callback) {
        self.waiter.state().callback = Some(Arc::new(callback));
    }

    /// From now on the next event wakes. To be called before looking a last
    /// time whether there is anything.
    pub(crate) fn arm(&self, deadline: Option<Instant>) {
        {
            let mut state = self.waiter.state();
            state.signalled = false;
            state.deadline = deadline;
        }
        self.waiter.armed.store(true, Ordering::Release);
        if deadline.is_some() {
            self.hub.nudge();
        }
    }

    pub(crate) fn disarm(&self) {
        self.waiter.armed.store(false, Ordering::Release);
        // Else the hub would look at once, again and again, for a reader that
        // does not wait.
        self.waiter.state().deadline = None;
    }

    /// Blocks until woken; `false` when the time was up first.
    pub(crate) fn wait(&self, timeout: Option<Duration>) -> bool {
        let until = timeout.map(|timeout| Instant::now() + timeout);
        let mut state = self.waiter.state();
        while !state.signalled {
            match until {
                None => {
                    state = self
                        .waiter
                        .woken
                        .wait(state)
                        .unwrap_or_else(PoisonError::into_inner);
                }
                Some(until) => {
                    let Some(left) = until.checked_duration_since(Instant::now()) else {
                        return false;
                    };
                    state = self
                        .waiter
                        .woken
                        .wait_timeout(state, left)
                        .unwrap_or_else(PoisonError::into_inner)
                        .0;
                }
            }
        }
        true
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.disarm();
        self.waiter.state().callback = None;
        let mut current = current_hub();
        if self.hub.leave(self.watch, &self.waiter) {
            // Nobody waits any more: the thread ends and takes the descriptors.
            self.hub.stopping.store(true, Ordering::Release);
            self.hub.nudge();
            if current
                .as_ref()
                .is_some_and(|hub| Arc::ptr_eq(hub, &self.hub))
            {
                *current = None;
            }
        }
    }
}

fn current_hub() -> MutexGuard<'static, Option<Arc<Hub>>> {
    static CURRENT: Mutex<Option<Arc<Hub>>> = Mutex::new(None);
    CURRENT.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Hub {
    /// `None` where the system gives no inotify instance.
    inotify: Option<OwnedFd>,
    nudge: OwnedFd,
    stopping: AtomicBool,
    waiters: Mutex<Waiters>,
}

#[derive(Default)]
struct Waiters {
    by_watch: HashMap<i32, Vec<Arc<Waiter>>>,
    without_events: Vec<Arc<Waiter>>,
}

impl Waiters {
    fn all(&self) -> impl Iterator<Item = &Arc<Waiter>> {
        self.by_watch.values().flatten().chain(&self.without_events)
    }
}

impl Hub {
    fn start() -> sys::Result<Arc<Hub>> {
        let hub = Arc::new(Hub {
            inotify: sys::call(Call::Events, || {
                inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)
            })
            .ok(),
            nudge: sys::call(Call::Nudge, || {
                eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)
            })?,
            stopping: AtomicBool::new(false),
            waiters: Mutex::default(),
        });
        let running = Arc::clone(&hub);
        std::thread::Builder::new()
            .name("silt-follow".into())
            .spawn(move || running.run())
            .map_err(|_| Errno::AGAIN)?;
        Ok(hub)
    }

    fn waiters(&self) -> MutexGuard<'_, Waiters> {
        self.waiters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, folder: BorrowedFd<'_>, waiter: &Arc<Waiter>) -> Option<i32> {
        let mut waiters = self.waiters();
        let watch = self.inotify.as_ref().and_then(|inotify| {
            sys::call(Call::Watch, || {
                inotify::add_watch(
                    inotify,
                    sys::descriptor_path(folder),
                    WatchFlags::MODIFY
                        | WatchFlags::CREATE
                        | WatchFlags::MOVED_TO
                        | WatchFlags::CLOSE_WRITE
                        | WatchFlags::DELETE
                        | WatchFlags::MOVE_SELF
                        | WatchFlags::DELETE_SELF,
                )
            })
            .ok()
        });
        match watch {
            Some(watch) => waiters
                .by_watch
                .entry(watch)
                .or_default()
                .push(Arc::clone(waiter)),
            None => waiters.without_events.push(Arc::clone(waiter)),
        }
        drop(waiters);
        self.nudge();
        watch
    }

    /// Whether that was the last one.
    fn leave(&self, watch: Option<i32>, waiter: &Arc<Waiter>) -> bool {
        let mut waiters = self.waiters();
        let others = |list: &mut Vec<Arc<Waiter>>| {
            list.retain(|other| !Arc::ptr_eq(other, waiter));
            list.is_empty()
        };
        match watch {
            Some(watch) => {
                if waiters.by_watch.get_mut(&watch).is_some_and(others) {
                    waiters.by_watch.remove(&watch);
                    if let Some(inotify) = &self.inotify {
                        // Gone already where the folder was removed.
                        let _ = inotify::remove_watch(inotify, watch);
                    }
                }
            }
            None => {
                others(&mut waiters.without_events);
            }
        }
        waiters.by_watch.is_empty() && waiters.without_events.is_empty()
    }

    /// Lets the thread look at its waiters again.
    fn nudge(&self) {
        let _ = rustix::io::write(&self.nudge, &1u64.to_ne_bytes());
    }

    fn run(&self) {
        let mut last_look = Instant::now();
        while !self.stopping.load(Ordering::Acquire) {
            let timeout = self.timeout(last_look);
            let mut polled = vec![PollFd::new(&self.nudge, PollFlags::IN)];
            if let Some(inotify) = &self.inotify {
                polled.push(PollFd::new(inotify, PollFlags::IN));
            }
            let timeout = Timespec {
                tv_sec: timeout.as_secs() as i64,
                tv_nsec: i64::from(timeout.subsec_nanos()),
            };
            let ready = poll(&mut polled, Some(&timeout));
            drop(polled);
            let mut count = [0; 8];
            let _ = rustix::io::read(&self.nudge, &mut count);
            if ready.is_ok() {
                self.read_events();
            }
            let now = Instant::now();
            let period = self.period();
            let everyone = now.duration_since(last_look) >= period;
            if everyone {
                last_look = now;
            }
            self.wake_due(now, everyone);
        }
    }

    fn period(&self) -> Duration {
        if self.waiters().without_events.is_empty() {
            #[cfg(test)]
            if still::has_no_slow_poll() {
                return still::NEVER;
            }
            SLOW_POLL
        } else {
            POLL_WITHOUT_EVENTS
        }
    }

    fn timeout(&self, last_look: Instant) -> Duration {
        let now = Instant::now();
        let look = (last_look + self.period()).saturating_duration_since(now);
        self.waiters()
            .all()
            .filter_map(|waiter| waiter.state().deadline)
            .map(|deadline| deadline.saturating_duration_since(now))
            .fold(look, Duration::min)
    }

    fn wake_due(&self, now: Instant, everyone: bool) {
        let due: Vec<_> = self
            .waiters()
            .all()
            .filter(|waiter| {
                everyone
                    || waiter
                        .state()
                        .deadline
                        .is_some_and(|deadline| deadline <= now)
            })
            .cloned()
            .collect();
        for waiter in due {
            waiter.wake();
        }
    }

    fn read_events(&self) {
        let Some(inotify) = &self.inotify else { return };
        let mut buffer = [MaybeUninit::uninit(); 16 << 10];
        let mut events = inotify::Reader::new(inotify, &mut buffer);
        let mut watches: Vec<i32> = Vec::new();
        let mut overflow = false;
        // Ends when the queue is empty.
        while let Ok(event) = events.next() {
            overflow |= event.events().contains(ReadFlags::QUEUE_OVERFLOW);
            if !watches.contains(&event.wd()) {
                watches.push(event.wd());
            }
            if events.is_buffer_empty() {
                break;
            }
        }
        let woken: Vec<_> = {
            let waiters = self.waiters();
            if overflow {
                waiters.all().cloned().collect()
            } else {
                watches
                    .iter()
                    .filter_map(|watch| waiters.by_watch.get(watch))
                    .flatten()
                    .cloned()
                    .collect()
            }
        };
        for waiter in woken {
            waiter.wake();
        }
    }
}
