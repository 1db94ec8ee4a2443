//! The one way in which the library wakes its user: a queue of events with a
//! descriptor to poll.

use crate::buffer::SiltBuffer;
use crate::guard::{Result, answer, give, put};
use crate::handle::{Kind, Table};
use crate::status::{SILT_ERROR, SILT_OK, SILT_PENDING};
use rustix::event::{EventfdFlags, eventfd};
use rustix::fd::{AsRawFd, OwnedFd};
use silt_interface::{ErrorCode, ErrorData, Reply};
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// `silt_queue_wake` was called.
pub const SILT_EVENT_WAKE: i32 = 0;
/// A stream that gave `SILT_PENDING` is worth a `silt_stream_take` again.
pub const SILT_EVENT_STREAM: i32 = 1;
/// The answer to a call: `json`, and `payload` of methods that answer bytes.
pub const SILT_EVENT_REPLY: i32 = 2;
/// The error of a call, in `json`.
pub const SILT_EVENT_ERROR: i32 = 3;

/// Something that happened.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct SiltEvent {
    /// The number given to `silt_call` or `silt_stream_open`.
    pub token: u64,
    /// One of `SILT_EVENT_…`.
    pub kind: i32,
    /// To be freed by the caller.
    pub json: SiltBuffer,
    /// To be freed by the caller.
    pub payload: SiltBuffer,
}

pub(crate) static QUEUES: Table<Queue> = Table::new(Kind::Queue);

pub(crate) enum Event {
    Wake,
    Stream { token: u64 },
    Reply { token: u64, reply: Reply },
}

/// Calls and streams hold it weakly: closed, it is gone with its descriptor.
pub(crate) struct Queue {
    state: Mutex<State>,
    arrived: Condvar,
    /// Readable while there are events.
    readable: OwnedFd,
}

#[derive(Default)]
struct State {
    events: VecDeque<Event>,
    wake_waits: bool,
    closed: bool,
}

impl Queue {
    fn open() -> Result<Queue> {
        let flags = EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK;
        let readable = eventfd(0, flags).map_err(|error| {
            ErrorData::new(
                ErrorCode::Io,
                format!("no event descriptor was to be had: {error}"),
            )
        })?;
        Ok(Queue {
            state: Mutex::default(),
            arrived: Condvar::new(),
            readable,
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn push(&self, event: Event) {
        let mut state = self.state();
        if let Event::Wake = event
            && std::mem::replace(&mut state.wake_waits, true)
        {
            return;
        }
        state.events.push_back(event);
        self.announce();
        drop(state);
        self.arrived.notify_one();
    }

    /// Up to `most` events; none when the time is up.
    fn next(&self, timeout_ms: i32, most: usize) -> Result<Vec<Event>> {
        let until = u64::try_from(timeout_ms)
            .ok()
            .map(|ms| Instant::now() + Duration::from_millis(ms));
        let mut state = self.state();
        while state.events.is_empty() {
            if state.closed {
                return Err(ErrorData::argument(
                    "queue",
                    "it was closed while it was waited on",
                ));
            }
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            state = match left {
                None => self
                    .arrived
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(Duration::ZERO) => return Ok(Vec::new()),
                Some(left) => {
                    let waited = self.arrived.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        let count = most.min(state.events.len());
        let events: Vec<_> = state.events.drain(..count).collect();
        if events.iter().any(|event| matches!(event, Event::Wake)) {
            state.wake_waits = false;
        }
        if state.events.is_empty() {
            let _ = rustix::io::read(&self.readable, &mut [0; 8]);
        } else {
            // Its user may have read the descriptor, or one call of `push` may
            // have woken this thread in place of another.
            self.announce();
            self.arrived.notify_one();
        }
        Ok(events)
    }

    /// Makes the descriptor readable. To be called with the lock held: who takes
    /// the last event makes it unreadable again.
    fn announce(&self) {
        let _ = rustix::io::write(&self.readable, &1u64.to_ne_bytes());
    }
}

impl SiltEvent {
    const fn without_bytes(token: u64, kind: i32) -> SiltEvent {
        SiltEvent {
            token,
            kind,
            json: SiltBuffer::EMPTY,
            payload: SiltBuffer::EMPTY,
        }
    }

    fn of(event: Event) -> SiltEvent {
        match event {
            Event::Wake => SiltEvent::without_bytes(0, SILT_EVENT_WAKE),
            Event::Stream { token } => SiltEvent::without_bytes(token, SILT_EVENT_STREAM),
            Event::Reply { token, reply } => {
                let (status, json, payload) = buffers(reply);
                let kind = if status == SILT_OK {
                    SILT_EVENT_REPLY
                } else {
                    SILT_EVENT_ERROR
                };
                SiltEvent {
                    token,
                    kind,
                    json,
                    payload,
                }
            }
        }
    }
}

/// A reply as status, JSON and payload.
pub(crate) fn buffers(reply: Reply) -> (i32, SiltBuffer, SiltBuffer) {
    match reply.error {
        Some(error) => (SILT_ERROR, SiltBuffer::of(error), SiltBuffer::EMPTY),
        None => (
            SILT_OK,
            SiltBuffer::of(reply.json),
            SiltBuffer::of(reply.payload),
        ),
    }
}

/// Opens a queue, on which calls are answered and streams say that they can be
/// taken from. One is enough for a whole program. Close it with `silt_queue_close`.
///
/// `error` gets the error as JSON with `SILT_ERROR`: `Io` without descriptors.
/// Any thread.
///
/// # Safety
///
/// `queue` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn silt_queue_open(queue: *mut u64, error: *mut SiltBuffer) -> i32 {
    // SAFETY: as the caller promises.
    unsafe {
        answer(error, || {
            put(queue, 0, "queue")?;
            put(queue, QUEUES.insert(Arc::new(Queue::open()?))?, "queue")?;
            Ok((SILT_OK, SiltBuffer::EMPTY))
        })
    }
}

/// A non-blocking descriptor (an eventfd) that is readable while the queue holds
/// events: for `poll`, `epoll` and event loops. `silt_queue_next` resets it when it
/// takes the last event. Reading from it is allowed and not needed: take an event
/// after it, which makes the descriptor readable again where others are left. It
/// belongs to the queue and is closed with it: take it out of your loop first, and
/// give a runtime that closes what it polls a `dup` of it. -1 when there is no such
/// queue.
///
/// Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn silt_queue_fd(queue: u64) -> i32 {
    QUEUES
        .get(queue)
        .map_or(-1, |queue| queue.readable.as_raw_fd())
}

/// The next event. Waits for one for up to `timeout_ms` milliseconds, with -1 for
/// ever, with 0 not at all.
///
/// `SILT_OK` with an event, whose two buffers the caller frees; `SILT_PENDING` when
/// the time is up; `SILT_ERROR` with the error in `event->json` when the queue is not
/// open, or was closed meanwhile.
/// Any thread, several at a time: each event goes to one of them.
///
/// # Safety
///
/// `event` can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn silt_queue_next(
    queue: u64,
    timeout_ms: i32,
    event: *mut SiltEvent,
) -> i32 {
    // SAFETY: as the caller promises.
    unsafe { silt_queue_next_many(queue, timeout_ms, event, 1, std::ptr::null_mut()) }
}

/// As `silt_queue_next`, but up to `most` events at once, as many as there are.
/// `count` gets their number and may be NULL. With `SILT_ERROR` the error is in the
/// `json` of the first.
///
/// Any thread, several at a time.
///
/// # Safety
///
/// `most` events can be written to `events`, at least one; `count` is NULL or can be
/// written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn silt_queue_next_many(
    queue: u64,
    timeout_ms: i32,
    events: *mut SiltEvent,
    most: usize,
    count: *mut usize,
) -> i32 {
    let mut error = SiltBuffer::EMPTY;
    let body = || {
        let has_room = !events.is_null() && most > 0;
        if !has_room {
            return Err(ErrorData::argument(
                "events",
                "there has to be room for one",
            ));
        }
        let taken = QUEUES.get(queue)?.next(timeout_ms, most)?;
        let status = if taken.is_empty() {
            SILT_PENDING
        } else {
            SILT_OK
        };
        let number = taken.len();
        for (index, event) in taken.into_iter().enumerate() {
            // SAFETY: there is room for `most`, as the caller promises.
            unsafe { events.add(index).write(SiltEvent::of(event)) };
        }
        if !count.is_null() {
            // SAFETY: as the caller promises.
            unsafe { count.write(number) };
        }
        Ok((status, SiltBuffer::EMPTY))
    };
    // SAFETY: `error` is here.
    let status = unsafe { answer(&mut error, body) };
    if status != SILT_OK {
        if !count.is_null() {
            // SAFETY: as the caller promises.
            unsafe { count.write(0) };
        }
        if !events.is_null() && most > 0 {
            let mut event = SiltEvent::without_bytes(0, SILT_EVENT_WAKE);
            event.json = error;
            // SAFETY: there is room for one.
            unsafe { events.write(event) };
        } else {
            // SAFETY: nobody else has it.
            unsafe { crate::buffer::silt_free(error) };
        }
    }
    status
}

/// Wakes one waiter of the queue, now or as soon as one waits, with an event
/// `SILT_EVENT_WAKE`. Several before it is taken are one.
///
/// `SILT_ERROR` when the queue is not open. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn silt_queue_wake(queue: u64) -> i32 {
    // SAFETY: NULL is not written to.
    unsafe {
        give(std::ptr::null_mut(), || {
            QUEUES.get(queue)?.push(Event::Wake);
            Ok(Vec::new())
        })
    }
}

/// Closes the queue and its descriptor; events that were not taken are dropped.
/// Whoever waits on it is woken with `SILT_ERROR`. Streams on it can still be taken
/// from; calls go on, and their answers are dropped.
///
/// `SILT_ERROR` when the queue is not open. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn silt_queue_close(queue: u64) -> i32 {
    // SAFETY: NULL is not written to.
    unsafe {
        give(std::ptr::null_mut(), || {
            let queue = QUEUES.remove(queue)?;
            let dropped = {
                let mut state = queue.state();
                state.closed = true;
                std::mem::take(&mut state.events)
            };
            drop(dropped);
            queue.arrived.notify_all();
            Ok(Vec::new())
        })
    }
}
