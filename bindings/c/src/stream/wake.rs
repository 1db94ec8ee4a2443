//! When a stream is worth taking from again.

use crate::guard::Result;
use crate::queue::{Event, Queue};
use silt_interface::ErrorData;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// Turns what the engine says into exactly one event for each time that a taker was
/// told to wait.
pub(super) struct Wake {
    state: Mutex<State>,
    woken: Condvar,
    queue: Weak<Queue>,
    token: u64,
}

#[derive(Default)]
struct State {
    /// The newest take gave nothing, and no event has come for it.
    owed: bool,
    /// The engine has spoken since the newest take began.
    spoken: bool,
    closed: bool,
}

impl Wake {
    pub(super) fn new(queue: Weak<Queue>, token: u64) -> Wake {
        Wake {
            state: Mutex::default(),
            woken: Condvar::new(),
            queue,
            token,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn before_take(&self) {
        self.state().spoken = false;
    }

    /// The engine may have spoken between its last look and this call.
    pub(super) fn after_take(&self, pending: bool) {
        let mut state = self.state();
        let was_owed = state.owed;
        state.owed |= pending;
        if state.owed && (state.spoken || (was_owed && !pending)) {
            self.settle(state);
        }
    }

    /// The engine says that there is something to take.
    pub(super) fn wake(&self) {
        let mut state = self.state();
        state.spoken = true;
        if state.owed {
            self.settle(state);
        }
    }

    pub(super) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        self.settle(state);
    }

    /// Gives the event that is owed. Waiters look at the state themselves.
    fn settle(&self, mut state: MutexGuard<'_, State>) {
        let owed = std::mem::take(&mut state.owed);
        drop(state);
        self.woken.notify_all();
        if owed && let Some(queue) = self.queue.upgrade() {
            queue.push(Event::Stream { token: self.token });
        }
    }

    /// Blocks until a take is worth it; `false` when the time was up first.
    pub(super) fn wait(&self, timeout_ms: i32) -> Result<bool> {
        let until = u64::try_from(timeout_ms)
            .ok()
            .map(|ms| Instant::now() + Duration::from_millis(ms));
        let mut state = self.state();
        loop {
            if state.closed {
                return Err(ErrorData::argument(
                    "stream",
                    "another thread has closed it",
                ));
            }
            if !state.owed {
                return Ok(true);
            }
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            state = match left {
                None => self
                    .woken
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(Duration::ZERO) => return Ok(false),
                Some(left) => {
                    let waited = self.woken.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }
}
