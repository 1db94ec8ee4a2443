//! Methods: called with JSON and answered once.

use crate::buffer::SiltBuffer;
use crate::fork::refuse_child;
use crate::guard::{Result, answer, bytes, text};
use crate::queue::{Event, QUEUES, buffers};
use crate::status::SILT_OK;
use silt_interface::{ErrorData, Reply};
use std::sync::{Arc, mpsc};

/// Calls a method of `interface.json` with parameters as JSON. Never waits.
///
/// It is answered by exactly one event with `token` on `queue`: `SILT_EVENT_REPLY` or
/// `SILT_EVENT_ERROR`. `SILT_ERROR` with `error` when the queue is not open or text is
/// not UTF-8; then there is no event. All that is passed is copied.
/// Any thread.
///
/// # Safety
///
/// `method`, `params` and `payload` point to as many bytes as is said, or are NULL
/// with a length of 0; `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn silt_call(
    queue: u64,
    token: u64,
    method: *const u8,
    method_len: usize,
    params: *const u8,
    params_len: usize,
    payload: *const u8,
    payload_len: usize,
    error: *mut SiltBuffer,
) -> i32 {
    // SAFETY: as the caller promises.
    unsafe {
        answer(error, || {
            let queue = Arc::downgrade(&QUEUES.get(queue)?);
            let on_reply = move |reply| {
                if let Some(queue) = queue.upgrade() {
                    queue.push(Event::Reply { token, reply });
                }
            };
            let method = text(method, method_len, "method")?;
            let params = text(params, params_len, "params")?;
            let payload = bytes(payload, payload_len, "payload")?.to_vec();
            silt_interface::dispatch(method, params, payload, Box::new(on_reply));
            Ok((SILT_OK, SiltBuffer::EMPTY))
        })
    }
}

/// Calls a method and blocks the thread until it is answered.
///
/// `SILT_OK` with the answer in `json` and, of methods that answer bytes, in `answered`;
/// `SILT_ERROR` with the error in `json`. The caller frees both.
/// Any thread, several at a time.
///
/// # Safety
///
/// As of `silt_call`, for `json` and `answered` too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn silt_call_wait(
    method: *const u8,
    method_len: usize,
    params: *const u8,
    params_len: usize,
    payload: *const u8,
    payload_len: usize,
    json: *mut SiltBuffer,
    answered: *mut SiltBuffer,
) -> i32 {
    // SAFETY: as the caller promises.
    unsafe {
        if !answered.is_null() {
            answered.write(SiltBuffer::EMPTY);
        }
        answer(json, || {
            refuse_child()?;
            let method = text(method, method_len, "method")?;
            let params = text(params, params_len, "params")?;
            let payload = bytes(payload, payload_len, "payload")?.to_vec();
            let (status, json, bytes) = buffers(call(method, params, payload)?);
            if answered.is_null() {
                crate::buffer::silt_free(bytes);
            } else {
                answered.write(bytes);
            }
            Ok((status, json))
        })
    }
}

fn call(method: &str, params: &str, payload: Vec<u8>) -> Result<Reply> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let on_reply = move |reply| {
        let _ = sender.send(reply);
    };
    silt_interface::dispatch(method, params, payload, Box::new(on_reply));
    receiver
        .recv()
        .map_err(|_| ErrorData::internal("the call was given up without an answer"))
}
