"""Entries of a log."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any, Literal

from .._generated.layout import (
    META_LOG,
    META_LOG_MASK,
    META_PART,
    META_PART_MASK,
    META_SOURCE,
    META_SOURCE_MASK,
    META_UTF8,
    META_UTF8_MASK,
)
from .._generated.words import LEVELS, LOGS, PARTS, SOURCES, Level, LogName, Part, Source
from .batch import Batch
from .time import from_ns, rfc3339


class LogEntry:
    """A line that a command wrote, or a part of a long or slow one.

    Joining the `data` of all entries of one session and source gives back the exact bytes that the
    process wrote. Small and lazy: everything is made when it is asked for. An entry that is kept
    keeps those that came with it, up to 256 KiB: keep its `data` or `text()` instead.
    """

    __slots__ = ("_batch", "_index")

    type: Literal["entry"] = "entry"
    """Tells an entry from a `LogGap`."""

    def __init__(self, batch: Batch, index: int) -> None:
        self._batch = batch
        self._index = index

    @property
    def log(self) -> LogName:
        """Which of the three logs it is in; each counts its own `sequence`."""
        return LOGS[self._batch.meta[self._index] >> META_LOG & META_LOG_MASK]

    @property
    def source(self) -> Source:
        """Where its bytes came from."""
        return SOURCES[self._batch.meta[self._index] >> META_SOURCE & META_SOURCE_MASK]

    @property
    def sequence(self) -> int:
        """Its number in its log: contiguous, from 1, never given twice."""
        return self._batch.sequences[self._index]

    @property
    def session_id(self) -> int | None:
        """The exec session; None for `system`."""
        return self._batch.sessions[self._index] or None

    @property
    def timestamp(self) -> datetime:
        """When it was captured, in UTC, to the microsecond."""
        return from_ns(self._batch.times[self._index])

    @property
    def timestamp_ns(self) -> int:
        """When it was captured, in nanoseconds since 1970."""
        return self._batch.times[self._index]

    @property
    def level(self) -> Level:
        """Found in the text of the line; `INFO` where that has none."""
        return LEVELS[self._batch.levels[self._index]]

    @property
    def part(self) -> Part | None:
        """Which part of a split line it is; None for a whole line."""
        return PARTS[self._batch.meta[self._index] >> META_PART & META_PART_MASK]

    @property
    def data(self) -> bytes:
        """The exact bytes, line end included."""
        batch, index = self._batch, self._index
        begin = batch.data + batch.data_offsets[index]
        return batch.raw[begin : begin + batch.data_lengths[index]]

    def text(self) -> str:
        """The bytes as text, line end included. What is not UTF-8 shows as U+FFFD."""
        return self.data.decode("utf-8", "replace")

    @property
    def line(self) -> str:
        """The text without its line end: one `\\n`, and one `\\r` before it."""
        data = self.data
        if data.endswith(b"\n"):
            data = data[: -2 if data.endswith(b"\r\n") else -1]
        return data.decode("utf-8", "replace")

    @property
    def cursor(self) -> str:
        """Stands just after this entry: `from_cursor` goes on with the next one."""
        return self._batch.cursor(self._index)

    def to_json(self) -> dict[str, Any]:
        """The entry as on the command line and over HTTP, with the names that it has there."""
        utf8 = self._batch.meta[self._index] >> META_UTF8 & META_UTF8_MASK
        made: dict[str, Any] = {
            "timestamp": rfc3339(self.timestamp_ns),
            "log": self.log,
            "source": self.source,
            "sessionId": self.session_id,
            "sequence": self.sequence,
            "level": self.level,
            "data": self.text() if utf8 else base64.b64encode(self.data).decode(),
        }
        if not utf8:
            made["encoding"] = "base64"
        if self.part is not None:
            made["part"] = self.part
        return made

    def __repr__(self) -> str:
        shown = self.line if len(self.line) <= 60 else f"{self.line[:60]}…"
        return f"<LogEntry {self.log} {self.sequence} {self.source} {shown!r}>"
