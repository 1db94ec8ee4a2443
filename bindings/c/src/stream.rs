//! A stream of a log, taken from without waiting.

mod wake;

use crate::buffer::SiltBuffer;
use crate::fork::refuse_child;
use crate::guard::{Result, answer, bytes, give, put, text};
use crate::handle::{Kind, Table};
use crate::queue::QUEUES;
use crate::status::{SILT_END, SILT_OK, SILT_PENDING};
use silt_interface::{ClientStream, ErrorData, Limits, Taken};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use wake::Wake;

static STREAMS: Table<Stream> = Table::new(Kind::Stream);

struct Stream {
    /// None once it is closed by another thread. Never held while waiting.
    stream: Mutex<Option<ClientStream>>,
    wake: Arc<Wake>,
}

impl Stream {
    fn stream(&self) -> MutexGuard<'_, Option<ClientStream>> {
        self.stream.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(&self, body: impl FnOnce(&mut ClientStream) -> Result<T>) -> Result<T> {
        match &mut *self.stream() {
            Some(stream) => body(stream),
            None => Err(ErrorData::argument(
                "stream",
                "another thread has closed it",
            )),
        }
    }

    fn take(&self, limits: Limits) -> Result<Taken> {
        self.with(|stream| {
            self.wake.before_take();
            let taken = stream.take(limits);
            self.wake.after_take(matches!(taken, Ok(Taken::Pending)));
            taken
        })
    }
}

/// Opens a stream of a log. `params` is JSON: `{"home", "name"}` for the log of a
/// sandbox or `{"folder"}` for one in a folder, `"options"` (see `interface.json`), and
/// `"mode"`: `"stream"` (default), or `"snapshot"`, which reports gaps in band.
///
/// After `SILT_PENDING` there is one `SILT_EVENT_STREAM` with `token` on `queue`; a
/// `queue` of 0 is for none. `SILT_ERROR` with `error`: `InvalidArgument` before anything
/// is looked at, `SandboxNotFound`, `NotFound`, `InvalidCursor` and others of the log.
/// It reads the disk, for a moment; it does not wait. Any thread.
///
/// # Safety
///
/// `params` points to `params_len` bytes; `stream` and `error` are NULL or can be
/// written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn silt_stream_open(
    params: *const u8,
    params_len: usize,
    queue: u64,
    token: u64,
    stream: *mut u64,
    error: *mut SiltBuffer,
) -> i32 {
    // SAFETY: as the caller promises.
    unsafe {
        answer(error, || {
            refuse_child()?;
            put(stream, 0, "stream")?;
            let queue = match queue {
                0 => Weak::new(),
                queue => Arc::downgrade(&QUEUES.get(queue)?),
            };
            let mut opened = ClientStream::open(text(params, params_len, "params")?)?;
            let wake = Arc::new(Wake::new(queue, token));
            let waker = Arc::clone(&wake);
            opened.set_waker(Box::new(move || waker.wake()));
            let handle = STREAMS.insert(Arc::new(Stream {
                stream: Mutex::new(Some(opened)),
                wake,
            }))?;
            put(stream, handle, "stream")?;
            Ok((SILT_OK, SiltBuffer::EMPTY))
        })
    }
}

/// The next batch of at most `max_entries` entries and about `max_bytes` bytes, one
/// entry at least; 0 is 1,024 entries and 256 KiB. Never waits.
///
/// `SILT_OK` with a batch in `out`, to be read by `silt_batch.h`. One without items says
/// that filters used up their share of time: take again, at once or after others had
/// their turn. `SILT_PENDING` when there is nothing now: exactly one event comes on the
/// stream's queue, once it is worth taking again, or it is closed. `SILT_END` with the
/// end as JSON in `out`, `SILT_ERROR` with the error; both are final, and the stream is
/// still to be closed. A take while an event is due owes no second one.
/// Any thread, one after the other: a second waits for the first. Threads that take
/// from one stream at once get batches in no order that they could know.
///
/// # Safety
///
/// `out` can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn silt_stream_take(
    stream: u64,
    max_entries: u32,
    max_bytes: u32,
    out: *mut SiltBuffer,
) -> i32 {
    let or = |given: u32, default| if given == 0 { default } else { given as usize };
    let limits = Limits {
        entries: or(max_entries, Limits::DEFAULT.entries),
        bytes: or(max_bytes, Limits::DEFAULT.bytes),
    };
    // SAFETY: as the caller promises.
    unsafe {
        answer(out, || {
            Ok(match STREAMS.get(stream)?.take(limits)? {
                Taken::Batch(packed) => (SILT_OK, SiltBuffer::of(packed)),
                Taken::Pending => (SILT_PENDING, SiltBuffer::EMPTY),
                Taken::End(end) => (SILT_END, SiltBuffer::of(end)),
            })
        })
    }
}

/// Blocks the thread until the stream is worth taking from, after it gave
/// `SILT_PENDING`; for up to `timeout_ms` milliseconds, with -1 for ever. For programs
/// without a queue; one that has a queue gets its event all the same.
///
/// `SILT_OK`: take again. `SILT_PENDING`: the time is up. `SILT_ERROR`: the stream is not
/// open, or was closed meanwhile by another thread, which wakes this one.
/// Any thread, also while another takes or closes.
#[unsafe(no_mangle)]
pub extern "C" fn silt_stream_wait(stream: u64, timeout_ms: i32) -> i32 {
    // SAFETY: NULL is not written to.
    unsafe {
        answer(std::ptr::null_mut(), || {
            let stream = STREAMS.get(stream)?;
            let status = match stream.wake.wait(timeout_ms)? {
                true => SILT_OK,
                false => SILT_PENDING,
            };
            Ok((status, SiltBuffer::EMPTY))
        })
    }
}

/// The cursor, as text in `out`, of a reader who was handed all batches so far. Of one
/// who stands within a batch: `silt_batch_position`.
///
/// `SILT_ERROR` when the stream is not open. Any thread.
///
/// # Safety
///
/// `out` can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn silt_stream_position(stream: u64, out: *mut SiltBuffer) -> i32 {
    // SAFETY: as the caller promises.
    unsafe {
        give(out, || {
            STREAMS.get(stream)?.with(|stream| Ok(stream.position()))
        })
    }
}

/// Nothing after entry `last` of the log `exec` is wanted: a following stream ends
/// there, or where the log ends now, if that is before. A waiter is woken.
///
/// `SILT_ERROR` when the stream is not open. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn silt_stream_finish(stream: u64, last: u64) -> i32 {
    // SAFETY: NULL is not written to.
    unsafe {
        answer(std::ptr::null_mut(), || {
            let stream = STREAMS.get(stream)?;
            stream.with(|open| {
                open.finish(last);
                Ok(())
            })?;
            stream.wake.wake();
            Ok((SILT_OK, SiltBuffer::EMPTY))
        })
    }
}

/// Closes the stream and gives up all that it holds. `end` gets its end as JSON:
/// `{"reason","position","truncated","logs"}`, with `reason` as given (`closed` when it is
/// none of the end reasons). If only the items before `index` of the newest batch were
/// handed over, pass that batch, so that position and totals say so; else NULL.
///
/// A thread that waits for this stream is woken with `SILT_ERROR`, and an event that is
/// due comes now. `SILT_ERROR` when the stream is not open: a second close is harmless.
/// Any thread, also while another takes: it waits for that.
///
/// # Safety
///
/// `reason` points to `reason_len` bytes, `batch` to `batch_len` or is NULL; `end` is
/// NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn silt_stream_close(
    stream: u64,
    reason: *const u8,
    reason_len: usize,
    batch: *const u8,
    batch_len: usize,
    index: usize,
    end: *mut SiltBuffer,
) -> i32 {
    // SAFETY: as the caller promises.
    unsafe {
        give(end, || {
            let reason = text(reason, reason_len, "reason")?;
            let newest = bytes(batch, batch_len, "batch")?;
            let newest = (!newest.is_empty()).then_some((newest, index));
            let removed = STREAMS.remove(stream)?;
            let closed = removed.stream().take();
            removed.wake.close();
            let closed = closed.ok_or_else(|| ErrorData::internal("a stream was closed twice"))?;
            Ok(closed.close(reason, newest))
        })
    }
}
