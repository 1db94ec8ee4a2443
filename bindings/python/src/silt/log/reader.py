"""Taking batches from the core."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from ctypes import byref, c_uint64, string_at
from enum import Enum
from operator import length_hint
from threading import RLock
from typing import Any, Literal

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
from .hand import Hand

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

    hand: Hand
    """The batch at hand."""

    # One that an interrupt kept from being made is forgotten as well.
    _channel: Channel | None = None
    _stream = c_uint64()
    _out = SiltBuffer()

    def __init__(
        self,
        source: Source,
        options: Mapping[str, Any],
        mode: Literal["stream", "snapshot"],
        channel: Channel | None = None,
        notice: Notice | None = None,
        limit: int = 0,
    ) -> None:
        self._token = 0
        # Its number, written by the library itself: no interrupt comes between.
        self._stream = c_uint64()
        self._limit = limit
        self._out = SiltBuffer()
        self.hand = Hand.empty(self._out)
        self._end: StreamEnd | None = None
        self._failure: SiltError | None = None
        self._position = ""
        # Held while the hand is replaced, never while waiting; a signal's handler may close meanwhile.
        self._lock = RLock()
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
        error = SiltBuffer()
        status = functions.silt_stream_open(
            params, len(params), queue, self._token, byref(self._stream), byref(error)
        )
        if status != structures.OK:
            self._forget()
            raise error_from_json(error.take(functions))

    def ready(self) -> Readiness:
        """Brings items to hand if there are some now. Raises, from then on, what ended the stream."""
        hand = self.hand
        if left := length_hint(hand.left):
            if length_hint(hand.numbers) != left:
                self.straighten()
            return Readiness.ITEM
        with self._alone():
            return self._bring()

    def straighten(self) -> None:
        """Has an item made again whose making was interrupted."""
        hand = self.hand
        if hand.is_straight:
            return
        with self._alone():
            again = hand.again()
            if self.hand is hand and not hand.dropped:
                self.hand = again
                # For who still has the old items.
                del hand.steps[:]

    def portion(self) -> tuple[Batch, int]:
        """All that is at hand, packed: its batch, and from which item on. It is handed over by that."""
        hand = self.hand
        batch, begin = hand.batch, hand.begin
        assert batch is not None
        del hand.steps[:]
        return batch, begin

    def _alone(self) -> AbstractContextManager[object]:
        # In a forked process, whoever had the lock may not exist.
        return nullcontext() if is_forked() else self._lock

    def _bring(self) -> Readiness:
        if self._failure is not None:
            raise self._failure.with_traceback(None)
        if self._end is not None:
            return Readiness.END
        if self.hand.dropped:
            # The close that dropped them was interrupted.
            self.hand = self.hand.again()
        if self.hand.holds:
            return Readiness.ITEM
        functions = library()
        if self._out is self.hand.out:
            self._out.free(functions)
            self._out = SiltBuffer()
        out = self._out
        # It has data where an interrupt came between its taking and its use.
        if not out.data:
            status = functions.silt_stream_take(self._stream.value, self._limit, 0, byref(out))
            if status == structures.PENDING:
                return Readiness.PENDING
        return self._use(out)

    def _use(self, out: SiltBuffer) -> Readiness:
        """What a taking gave: a batch, the end, or an error. Interrupted, it can be used again."""
        taken = string_at(out.data or 0, out.len)
        if taken[:1] != b"{":
            return self._show(Batch(taken), out)
        said = json.loads(taken)
        if "code" not in said:
            self._finish(StreamEnd.from_json(said))
        elif self._end is None:
            failure = error_from_data(said)
            self._position = self._asked_position()
            self._failure = failure
            self._end = _no_end("closed")
            self._release("closed", None, 0)
            raise failure
        return Readiness.END

    def _show(self, batch: Batch, out: SiltBuffer) -> Readiness:
        hand = Hand.of(batch, out)
        if self._end is None:
            self.hand = hand
        out.free(library())
        return Readiness.ITEM if batch.items else Readiness.AGAIN

    def _settle(self) -> None:
        """Uses what an interrupt left between its taking and its use."""
        out = self._out
        if self._end is None and out is not self.hand.out and out.data:
            with suppress(SiltError):
                self._use(out)

    def _finish(self, end: StreamEnd) -> None:
        self._position = end.position
        self._end = end
        self._release("closed", None, 0)

    def wait(self, timeout_ms: int) -> bool:
        """Blocks until it is worth asking again; false when the time is up."""
        return library().silt_stream_wait(self._stream.value, timeout_ms) != structures.PENDING

    def finish(self, last: int) -> None:
        """Nothing after entry `last` of the log `exec` is wanted."""
        library().silt_stream_finish(self._stream.value, last)

    def close(self, reason: EndReason) -> None:
        """Ends the reading here. What was taken and not handed over counts as not read."""
        with self._alone():
            if self._end is not None:
                return
            if is_forked():
                self._end = _no_end(reason)
                return
            self._settle()
            if self._end is not None:
                return
            hand = self.hand
            hand.stop()
            self._position = self.position
            self._end = _no_end(reason)
            end = self._release(reason, hand.batch, hand.begin)
            if end:
                self._end = StreamEnd.from_json(json.loads(end))
                self._position = self._end.position or self._position
            self.hand = Hand.empty(hand.out)

    def _release(self, reason: str, batch: Batch | None, index: int) -> bytes:
        self._forget()
        if not self._stream.value or is_forked():
            return b""
        functions, end, name = library(), SiltBuffer(), reason.encode()
        raw = None if batch is None else batch.raw
        functions.silt_stream_close(
            self._stream.value, name, len(name), raw, 0 if raw is None else len(raw), index, byref(end)
        )
        self._stream.value = 0
        return end.take(functions)

    def _forget(self) -> None:
        if self._channel is not None:
            self._channel.forget(self._token)

    @property
    def position(self) -> str:
        """After the last item handed over, and after what filters skipped before the next one."""
        if self._end is None:
            with self._alone():
                self._settle()
                if self._end is None:
                    batch, index = self.hand.batch, self.hand.begin
                    if batch is not None and index < batch.items:
                        return batch.position_before(index)
                    return self._asked_position()
        return self._position

    def _asked_position(self) -> str:
        functions, out = library(), SiltBuffer()
        functions.silt_stream_position(self._stream.value, byref(out))
        return out.take(functions).decode()

    @property
    def end(self) -> LogEnd | None:
        """How it ended; None before that, and where it failed."""
        if self._end is None or self._failure is not None:
            return None
        return LogEnd(self._end.reason, self._end.logs, self._end.sessions)

    @property
    def truncated(self) -> bool:
        """Whether the beginning of the log was gone; known at the end."""
        return self._end is not None and self._end.truncated

    def __del__(self) -> None:
        self._release("closed", None, 0)
        # Not at a close, which may come while another thread reads what it has just taken.
        if self._out.data and not is_forked():
            self._out.free(library())


def _no_end(reason: EndReason) -> StreamEnd:
    return StreamEnd(reason, "", False, {}, None)
