"""Taking batches from the core."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from ctypes import byref, c_uint64
from enum import Enum
from itertools import repeat
from operator import length_hint
from threading import Lock
from typing import Any, Literal

from .._generated.records import StreamEnd
from .._generated.words import EndReason
from .._native import structures
from .._native.channel import Channel, Notice
from .._native.library import is_forked, library
from .._native.structures import SiltBuffer
from .._native.wire import encode, options_to_wire
from ..errors.from_data import error_from_json
from ..errors.silt_error import SiltError
from .batch import Batch
from .end import LogEnd
from .entry import LogEntry
from .gap import LogGap

Source = Mapping[str, str]
"""Where a log is: a sandbox by `home` and `name`, or a `folder`."""

_OPTIONS: Mapping[str, str] = {"stream": "LogStreamOptions", "snapshot": "LogSnapshotOptions"}


class Readiness(Enum):
    """Whether a reader has items at hand."""

    ITEM = "item"
    AGAIN = "again"
    """Filters used up a batch without one, and another may follow at once."""
    PENDING = "pending"
    """It has to be waited for."""
    END = "end"


class BatchReader:
    """Stands before an item of a batch. Everything that reads a log goes through here."""

    items: Iterator[Any]
    """What is left of the batch at hand; what is taken from it was handed over."""

    def __init__(
        self,
        source: Source,
        options: Mapping[str, Any],
        mode: Literal["stream", "snapshot"],
        channel: Channel | None = None,
        notice: Notice | None = None,
        limit: int = 0,
    ) -> None:
        self._number = 0
        self._channel: Channel | None = None
        wire = {**source, "options": options_to_wire(_OPTIONS[mode], options), "mode": mode}
        params = encode(wire)
        functions = library()
        self._token = 0
        if channel is not None and notice is not None:
            self._channel = channel
            wake = notice.set
            self._token = channel.subscribe(lambda kind, json, payload: wake())
        number, error = c_uint64(), SiltBuffer()
        queue = channel.queue if channel is not None else 0
        status = functions.silt_stream_open(
            params, len(params), queue, self._token, byref(number), byref(error)
        )
        if status != structures.OK:
            self._forget()
            raise error_from_json(error.take(functions))
        self._number = number.value
        self._limit = limit
        self._batch: Batch | None = None
        self._indices = iter(range(0))
        self.items = iter(())
        self._end: StreamEnd | None = None
        self._failure: SiltError | None = None
        self._position = ""
        self._closing = False
        self._lock = Lock()

    def ready(self) -> Readiness:
        """Brings items to hand if there are some now. Raises, from then on, what ended the stream."""
        if length_hint(self._indices):
            return Readiness.ITEM
        if self._failure is not None:
            raise self._failure.with_traceback(None)
        if self._end is not None:
            return Readiness.END
        self._batch = None
        functions, out = library(), SiltBuffer()
        status = functions.silt_stream_take(self._number, self._limit, 0, byref(out))
        if status == structures.PENDING:
            return Readiness.PENDING
        taken = out.take(functions)
        if status == structures.OK:
            return self._show(Batch(taken))
        if status == structures.END:
            self._finish(StreamEnd.from_json(json.loads(taken)))
            return Readiness.END
        if self._closing:
            # Another thread closes it; then the end is there.
            with self._lock:
                return Readiness.END
        self._fail(error_from_json(taken))
        raise self._failure or AssertionError

    def _show(self, batch: Batch) -> Readiness:
        if batch.items == 0:
            return Readiness.AGAIN
        self._indices = iter(range(batch.items))
        if batch.gaps == 0:
            self.items = map(LogEntry, repeat(batch), self._indices)
        else:
            self.items = map(_item, repeat(batch), self._indices)
        self._batch = batch
        return Readiness.ITEM

    def _finish(self, end: StreamEnd) -> None:
        self._position = end.position
        self._end = end
        self._release("closed", None, 0)

    def _fail(self, failure: SiltError) -> None:
        self._position = self._asked_position()
        self._failure = failure
        self._end = _no_end("closed")
        self._release("closed", None, 0)

    def wait(self, timeout_ms: int) -> bool:
        """Blocks until it is worth asking again; false when the time is up."""
        return library().silt_stream_wait(self._number, timeout_ms) != structures.PENDING

    def finish(self, last: int) -> None:
        """Nothing after entry `last` of the log `exec` is wanted."""
        library().silt_stream_finish(self._number, last)

    def portion(self) -> tuple[Batch, int]:
        """All that is at hand, packed: its batch, and from which item on. It is handed over by that."""
        assert self._batch is not None
        begin = self._index
        self._indices = iter(range(0))
        self.items = iter(())
        return self._batch, begin

    def close(self, reason: EndReason) -> None:
        """Ends the reading here. What was taken and not handed over counts as not read."""
        with self._lock:
            if self._end is not None:
                return
            if is_forked():
                self._end = _no_end(reason)
                return
            self._closing = True
            self._position = self.position
            batch, index = self._batch, self._index
            self._indices = iter(range(0))
            self.items = iter(())
            end = self._release(reason, batch, index)
            self._end = StreamEnd.from_json(json.loads(end)) if end else _no_end(reason)
            self._batch = None

    def _release(self, reason: str, batch: Batch | None, index: int) -> bytes:
        number, self._number = self._number, 0
        self._forget()
        if not number or is_forked():
            return b""
        functions, end, name = library(), SiltBuffer(), reason.encode()
        raw = None if batch is None else batch.raw
        functions.silt_stream_close(
            number, name, len(name), raw, 0 if raw is None else len(raw), index, byref(end)
        )
        return end.take(functions)

    def _forget(self) -> None:
        if self._channel is not None:
            self._channel.forget(self._token)

    @property
    def _index(self) -> int:
        return 0 if self._batch is None else self._batch.items - length_hint(self._indices)

    @property
    def position(self) -> str:
        """After the last item handed over, and after what filters skipped before the next one."""
        if self._batch is not None and length_hint(self._indices):
            return self._batch.position_before(self._index)
        return self._position if self._end is not None else self._asked_position()

    def _asked_position(self) -> str:
        functions, out = library(), SiltBuffer()
        functions.silt_stream_position(self._number, byref(out))
        return out.take(functions).decode()

    @property
    def ended(self) -> bool:
        """Whether nothing more can come."""
        return self._end is not None and not length_hint(self._indices)

    @property
    def end(self) -> LogEnd | None:
        """How it ended; None before that, and where it failed."""
        if self._end is None or self._failure is not None:
            return None
        return LogEnd(self._end.reason, self._end.logs)

    @property
    def truncated(self) -> bool:
        """Whether the beginning of the log was gone; known at the end."""
        return self._end is not None and self._end.truncated

    def __del__(self) -> None:
        self._release("closed", None, 0)


def _item(batch: Batch, index: int) -> LogEntry | LogGap:
    return LogGap(batch, index) if batch.is_gap(index) else LogEntry(batch, index)


def _no_end(reason: EndReason) -> StreamEnd:
    return StreamEnd(reason, "", False, {})
