//! The C library: conversion only, no logic.
//!
//! Each function converts its arguments, calls `silt-interface` and gives back a
//! status with a [`SiltBuffer`](buffer::SiltBuffer). What users read is the header,
//! `include/silt.h`, made from the comments on what is public here.

mod abi;
mod batch;
mod buffer;
mod call;
mod fork;
mod guard;
mod handle;
mod queue;
mod status;
mod stream;

pub use abi::{silt_abi, silt_version};
pub use batch::{
    silt_batch_cursor, silt_batch_frames, silt_batch_json, silt_batch_levels, silt_batch_position,
    silt_end_frame,
};
pub use buffer::{SiltBuffer, silt_free};
pub use call::{silt_call, silt_call_wait};
pub use queue::{
    SILT_EVENT_ERROR, SILT_EVENT_REPLY, SILT_EVENT_STREAM, SILT_EVENT_WAKE, SiltEvent,
    silt_queue_close, silt_queue_fd, silt_queue_next, silt_queue_next_many, silt_queue_open,
    silt_queue_wake,
};
pub use status::{SILT_END, SILT_ERROR, SILT_OK, SILT_PENDING};
pub use stream::{
    silt_stream_close, silt_stream_finish, silt_stream_open, silt_stream_position,
    silt_stream_take, silt_stream_wait,
};
