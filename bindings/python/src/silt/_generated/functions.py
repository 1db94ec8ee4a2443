# Generated from crates/silt-interface by `npm run generate`. Do not edit.
"""The functions of the library, with the types of their parameters."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import CDLL, POINTER, c_char_p, c_int32, c_size_t, c_uint32, c_uint64
from typing import Any

from .._native.structures import SiltBuffer, SiltEvent

class Functions:
    """The functions of a library, which has the ABI of this client."""

    __slots__ = (
        "silt_abi",
        "silt_version",
        "silt_free",
        "silt_queue_open",
        "silt_queue_fd",
        "silt_queue_next",
        "silt_queue_next_many",
        "silt_queue_wake",
        "silt_queue_close",
        "silt_call",
        "silt_call_wait",
        "silt_stream_open",
        "silt_stream_take",
        "silt_stream_wait",
        "silt_stream_position",
        "silt_stream_finish",
        "silt_stream_close",
        "silt_batch_cursor",
        "silt_batch_position",
        "silt_batch_levels",
        "silt_batch_json",
        "silt_batch_frames",
        "silt_end_frame",
    )
    silt_abi: Callable[[], int]
    silt_version: Callable[[], bytes]
    silt_free: Callable[[SiltBuffer], None]
    silt_queue_open: Callable[[Any, Any], int]
    silt_queue_fd: Callable[[int], int]
    silt_queue_next: Callable[[int, int, Any], int]
    silt_queue_next_many: Callable[[int, int, Any, int, Any], int]
    silt_queue_wake: Callable[[int], int]
    silt_queue_close: Callable[[int], int]
    silt_call: Callable[[int, int, bytes | None, int, bytes | None, int, bytes | None, int, Any], int]
    silt_call_wait: Callable[[bytes | None, int, bytes | None, int, bytes | None, int, Any, Any], int]
    silt_stream_open: Callable[[bytes | None, int, int, int, Any, Any], int]
    silt_stream_take: Callable[[int, int, int, Any], int]
    silt_stream_wait: Callable[[int, int], int]
    silt_stream_position: Callable[[int, Any], int]
    silt_stream_finish: Callable[[int, int], int]
    silt_stream_close: Callable[[int, bytes | None, int, bytes | None, int, int, Any], int]
    silt_batch_cursor: Callable[[bytes | None, int, int, Any], int]
    silt_batch_position: Callable[[bytes | None, int, int, Any], int]
    silt_batch_levels: Callable[[bytes | None, int, Any], int]
    silt_batch_json: Callable[[bytes | None, int, int, int, Any], int]
    silt_batch_frames: Callable[[bytes | None, int, int, bytes | None, int, Any], int]
    silt_end_frame: Callable[[bytes | None, int, bytes | None, int, Any], int]

    def __init__(self, library: CDLL) -> None:
        self.silt_abi = library.silt_abi
        library.silt_abi.argtypes = ()
        library.silt_abi.restype = c_uint64
        self.silt_version = library.silt_version
        library.silt_version.argtypes = ()
        library.silt_version.restype = c_char_p
        self.silt_free = library.silt_free
        library.silt_free.argtypes = (SiltBuffer,)
        library.silt_free.restype = None
        self.silt_queue_open = library.silt_queue_open
        library.silt_queue_open.argtypes = (POINTER(c_uint64), POINTER(SiltBuffer))
        library.silt_queue_open.restype = c_int32
        self.silt_queue_fd = library.silt_queue_fd
        library.silt_queue_fd.argtypes = (c_uint64,)
        library.silt_queue_fd.restype = c_int32
        self.silt_queue_next = library.silt_queue_next
        library.silt_queue_next.argtypes = (c_uint64, c_int32, POINTER(SiltEvent))
        library.silt_queue_next.restype = c_int32
        self.silt_queue_next_many = library.silt_queue_next_many
        library.silt_queue_next_many.argtypes = (c_uint64, c_int32, POINTER(SiltEvent), c_size_t, POINTER(c_size_t))
        library.silt_queue_next_many.restype = c_int32
        self.silt_queue_wake = library.silt_queue_wake
        library.silt_queue_wake.argtypes = (c_uint64,)
        library.silt_queue_wake.restype = c_int32
        self.silt_queue_close = library.silt_queue_close
        library.silt_queue_close.argtypes = (c_uint64,)
        library.silt_queue_close.restype = c_int32
        self.silt_call = library.silt_call
        library.silt_call.argtypes = (c_uint64, c_uint64, c_char_p, c_size_t, c_char_p, c_size_t, c_char_p, c_size_t, POINTER(SiltBuffer))
        library.silt_call.restype = c_int32
        self.silt_call_wait = library.silt_call_wait
        library.silt_call_wait.argtypes = (c_char_p, c_size_t, c_char_p, c_size_t, c_char_p, c_size_t, POINTER(SiltBuffer), POINTER(SiltBuffer))
        library.silt_call_wait.restype = c_int32
        self.silt_stream_open = library.silt_stream_open
        library.silt_stream_open.argtypes = (c_char_p, c_size_t, c_uint64, c_uint64, POINTER(c_uint64), POINTER(SiltBuffer))
        library.silt_stream_open.restype = c_int32
        self.silt_stream_take = library.silt_stream_take
        library.silt_stream_take.argtypes = (c_uint64, c_uint32, c_uint32, POINTER(SiltBuffer))
        library.silt_stream_take.restype = c_int32
        self.silt_stream_wait = library.silt_stream_wait
        library.silt_stream_wait.argtypes = (c_uint64, c_int32)
        library.silt_stream_wait.restype = c_int32
        self.silt_stream_position = library.silt_stream_position
        library.silt_stream_position.argtypes = (c_uint64, POINTER(SiltBuffer))
        library.silt_stream_position.restype = c_int32
        self.silt_stream_finish = library.silt_stream_finish
        library.silt_stream_finish.argtypes = (c_uint64, c_uint64)
        library.silt_stream_finish.restype = c_int32
        self.silt_stream_close = library.silt_stream_close
        library.silt_stream_close.argtypes = (c_uint64, c_char_p, c_size_t, c_char_p, c_size_t, c_size_t, POINTER(SiltBuffer))
        library.silt_stream_close.restype = c_int32
        self.silt_batch_cursor = library.silt_batch_cursor
        library.silt_batch_cursor.argtypes = (c_char_p, c_size_t, c_size_t, POINTER(SiltBuffer))
        library.silt_batch_cursor.restype = c_int32
        self.silt_batch_position = library.silt_batch_position
        library.silt_batch_position.argtypes = (c_char_p, c_size_t, c_size_t, POINTER(SiltBuffer))
        library.silt_batch_position.restype = c_int32
        self.silt_batch_levels = library.silt_batch_levels
        library.silt_batch_levels.argtypes = (c_char_p, c_size_t, POINTER(SiltBuffer))
        library.silt_batch_levels.restype = c_int32
        self.silt_batch_json = library.silt_batch_json
        library.silt_batch_json.argtypes = (c_char_p, c_size_t, c_size_t, c_int32, POINTER(SiltBuffer))
        library.silt_batch_json.restype = c_int32
        self.silt_batch_frames = library.silt_batch_frames
        library.silt_batch_frames.argtypes = (c_char_p, c_size_t, c_size_t, c_char_p, c_size_t, POINTER(SiltBuffer))
        library.silt_batch_frames.restype = c_int32
        self.silt_end_frame = library.silt_end_frame
        library.silt_end_frame.argtypes = (c_char_p, c_size_t, c_char_p, c_size_t, POINTER(SiltBuffer))
        library.silt_end_frame.restype = c_int32
