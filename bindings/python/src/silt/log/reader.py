"""Taking batches from the core."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from ctypes import byref, c_uint64, string_at
from enum import Enum
from itertools import repeat
from operator import length_hint
from threading import Lock
from typing import Any, Literal, NamedTuple

from .._generated.records import StreamEnd
from .._generated.words import EndReason
from .._native import structures
from .._native.channel import Channel, Notice
from .._native.library import is_forked, library
from .._native.structures import SiltBuffer
from .._native.wire import encode, options_to_wire
from ..errors.from_data import error_from_data, error_from_json
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


class _Hand(NamedTuple):
    """The batch at hand, replaced as a whole: an interrupt, as by Ctrl-C, finds the one before or after."""

    batch: Batch | None
    indices: Iterator[int]
    """Of the items that were not handed over yet."""
    items: Iterator[Any]
    out: SiltBuffer
    """What the batch was made from."""


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
        self._token = 0
        self._limit = limit
        self._out = SiltBuffer()
        self._hand = _Hand(None, iter(()), iter(()), self._out)
        self.items = self._hand.items
        self._end: StreamEnd | None = None
        self._failure: SiltError | None = None
        self._position = ""
        self._closing = False
        self._lock = Lock()
        params = encode({**source, "options": options_to_wire(_OPTIONS[mode], options), "mode": mode})
        self._open(params, channel, notice)

    def _open(self, params: bytes, channel: Channel | None, notice: Notice | None) -> None:
        functions = library()
        queue = 0
        if channel is not None and notice is not None:
            queue = channel.queue
            wake = notice.set
            # Holds the notice and not the reader, so that a forgotten one is collected.
            self._token = channel.subscribe(lambda kind, json, payload: wake())
            self._channel = channel
        number, error = c_uint64(), SiltBuffer()
        status = functions.silt_stream_open(
            params, len(params), queue, self._token, byref(number), byref(error)
        )
        if status != structures.OK:
            self._forget()
            raise error_from_json(error.take(functions))
        self._number = number.value

    def ready(self) -> Readiness:
        """Brings items to hand if there are some now. Raises, from then on, what ended the stream."""
        hand = self._hand
        self.items = hand.items
        if length_hint(hand.indices):
            return Readiness.ITEM
        if self._failure is not None:
            raise self._failure.with_traceback(None)
        if self._end is not None:
            return Readiness.END
        functions = library()
        if self._out is hand.out:
            self._out.free(functions)
            self._out = SiltBuffer()
        out = self._out
        # It has data where an interrupt came between its taking and its use.
        if not out.data:
            status = functions.silt_stream_take(self._number, self._limit, 0, byref(out))
            if status == structures.PENDING:
                return Readiness.PENDING
        return self._use(out)

    def _use(self, out: SiltBuffer) -> Readiness:
        """What a taking gave: a batch, the end, or an error."""
        taken = string_at(out.data or 0, out.len)
        if taken[:1] != b"{":
            return self._show(Batch(taken), out)
        said = json.loads(taken)
        out.free(library())
        if "code" not in said:
            self._finish(StreamEnd.from_json(said))
        elif self._closing:
            # Another thread closes it: once that is done, the end is there.
            with self._lock:
                pass
        else:
            failure = error_from_data(said)
            self._position = self._asked_position()
            self._failure = failure
            self._end = _no_end("closed")
            self._release("closed", None, 0)
            raise failure
        return Readiness.END

    def _show(self, batch: Batch, out: SiltBuffer) -> Readiness:
        indices = iter(range(batch.items))
        make: Any = _item if batch.gaps else LogEntry
        hand = _Hand(batch, indices, map(make, repeat(batch), indices), out)
        self._hand = hand
        self.items = hand.items
        out.free(library())
        return Readiness.ITEM if batch.items else Readiness.AGAIN

    def _finish(self, end: StreamEnd) -> None:
        self._position = end.position
        self._end = end
        self._release("closed", None, 0)

    def wait(self, timeout_ms: int) -> bool:
        """Blocks until it is worth asking again; false when the time is up."""
        return library().silt_stream_wait(self._number, timeout_ms) != structures.PENDING

    def finish(self, last: int) -> None:
        """Nothing after entry `last` of the log `exec` is wanted."""
        library().silt_stream_finish(self._number, last)

    def portion(self) -> tuple[Batch, int]:
        """All that is at hand, packed: its batch, and from which item on. It is handed over by that."""
        batch, begin = self._hand.batch, self._index
        assert batch is not None
        self._hand = _Hand(batch, iter(()), iter(()), self._hand.out)
        return batch, begin

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
            batch, index = self._hand.batch, self._index
            self._hand = _Hand(None, iter(()), iter(()), self._hand.out)
            self.items = self._hand.items
            end = self._release(reason, batch, index)
            self._end = StreamEnd.from_json(json.loads(end)) if end else _no_end(reason)
            self._position = self._end.position or self._position

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
        batch, indices, _, _ = self._hand
        return 0 if batch is None else batch.items - length_hint(indices)

    @property
    def position(self) -> str:
        """After the last item handed over, and after what filters skipped before the next one."""
        batch, indices, _, _ = self._hand
        if batch is not None and length_hint(indices):
            return batch.position_before(self._index)
        return self._position if self._end is not None else self._asked_position()

    def _asked_position(self) -> str:
        functions, out = library(), SiltBuffer()
        functions.silt_stream_position(self._number, byref(out))
        return out.take(functions).decode()

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
        # Not at a close, which may come while another thread reads what it has just taken.
        if self._out.data and not is_forked():
            self._out.free(library())


def _item(batch: Batch, index: int) -> LogEntry | LogGap:
    return LogGap(batch, index) if batch.is_gap(index) else LogEntry(batch, index)


def _no_end(reason: EndReason) -> StreamEnd:
    return StreamEnd(reason, "", False, {}, ())
