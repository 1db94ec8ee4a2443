"""Streams for threads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from ctypes import byref
from types import TracebackType
from typing import Any, Generic, TypeVar

from .._generated.words import BytesFormat
from .._native.blocking import BlockingChannel
from .._native.library import library
from .._native.structures import SiltBuffer
from .announcement import Announce, Announcement
from .end import LogEnd
from .entry import LogEntry
from .gap import LogGap
from .pending import Pending
from .reader import BatchReader, Readiness, Source

Item = TypeVar("Item", LogEntry, LogEntry | LogGap, covariant=True)
T = TypeVar("T")

# How long a signal's handler, such as that of Ctrl-C, may have to wait.
_SLICE_MS = 150


class LogStream(Generic[Item]):
    """A log as it is, or as it grows.

        with sandbox.log_stream(follow=True) as stream:
            for entry in stream:
                sys.stdout.buffer.write(entry.data)

    Iterate it, or call `recv()`; leaving a loop does not close it, and a second one goes on there.
    `close()`, the end of a `with` block and forgetting it close it. One thread at a time reads;
    `close()` may be called from another one, and ends its waiting.
    """

    def __init__(
        self,
        source: Source,
        options: Mapping[str, Any],
        channel: BlockingChannel | None = None,
        announce: Announce[BlockingChannel] | None = None,
    ) -> None:
        notice = channel.notice() if channel is not None else None
        self._channel = channel
        self._announcement = Announcement(announce)
        self._reader = BatchReader(source, options, "stream", channel, notice)

    def __iter__(self) -> Iterator[Item]:
        reader = self._reader
        try:
            while self._seek():
                yield from reader.hand.items
        except BaseException:
            reader.straighten()
            raise

    def recv(self) -> Item | None:
        """The next entry, waited for; None at the end.

        Raises `MissedRotation` where entries are gone, unless `on_gap` is `"report"`.
        """
        reader = self._reader
        try:
            for item in reader.hand.items:
                return item  # type: ignore[no-any-return]
            while self._seek():
                for item in reader.hand.items:
                    return item  # type: ignore[no-any-return]
        except BaseException:
            reader.straighten()
            raise
        return None

    def try_recv(self) -> Item | Pending | None:
        """The next entry if there is one now; `silt.PENDING` when it is yet to come, None at the end."""
        reader = self._reader
        while (readiness := reader.ready()) is Readiness.ITEM:
            for item in reader.hand.items:
                return item  # type: ignore[no-any-return]
        if readiness is Readiness.END:
            return None
        if self._channel is not None:
            # Nobody waits for what was announced.
            self._announcement.make(self._channel, self._reader)
            self._channel.pump()
        return Pending.PENDING

    def batches(self) -> Iterator[list[Item]]:
        """All entries that are there at once, again and again: as fast as it gets. Never an empty list."""
        while self._seek():
            hand = self._reader.hand
            made = hand.all()
            # Another thread may have closed meanwhile. From here to the yield nothing is called.
            if hand.batch is not None and not hand.dropped:
                del hand.steps[:]
                yield made

    def bytes(self, format: BytesFormat = "text") -> Iterator[bytes]:
        """The log as bytes, made without an object for each entry.

        `"text"`: what was written, with a line of text for a gap. `"ndjson"`: an entry as JSON on each
        line. `"sse"`: server-sent events, whose ids are cursors. Raises `InvalidArgument` from the
        iterator when there is no such format.
        """
        while self._seek():
            hand = self._reader.hand
            made = hand.frames(format)
            if hand.batch is not None and not hand.dropped:
                del hand.steps[:]
                yield made
        last = end_frame(self._reader, format)
        if last:
            yield last

    @property
    def position(self) -> str:
        """Where the reading stands: after the last entry handed over. `from_cursor` goes on there."""
        return self._reader.position

    @property
    def end(self) -> LogEnd | None:
        """How the stream ended; None before that, and where it failed."""
        return self._reader.end

    def close(self) -> None:
        """Closes the stream; who waits gets the end. Harmless when it has ended."""
        self._reader.close("closed")

    def __enter__(self) -> LogStream[Item]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _seek(self) -> bool:
        """Waits for items; false at the end."""
        while True:
            readiness = self._reader.ready()
            if readiness is Readiness.ITEM:
                return True
            if readiness is Readiness.END:
                return False
            if readiness is Readiness.PENDING:
                self._wait()

    def _wait(self) -> None:
        if self._channel is None:
            while not self._reader.wait(_SLICE_MS):
                pass
            return
        self._announcement.make(self._channel, self._reader)
        self._channel.wait()


def end_frame(reader: BatchReader, format: BytesFormat) -> bytes:
    """What stands behind the last entry."""
    end = reader.end
    if format != "sse" or end is None:
        return b""
    frame = {**end.to_json(), "position": reader.position}
    text = json.dumps(frame, separators=(",", ":")).encode()
    functions, out, name = library(), SiltBuffer(), format.encode()
    functions.silt_end_frame(text, len(text), name, len(name), byref(out))
    return out.take(functions)
