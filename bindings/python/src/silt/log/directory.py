"""Log folders, and what can be asked of a log wherever it is."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Literal, overload

from .._generated.records import VerifyReport
from .._native.blocking import run
from .._native.channel import Channel
from .._native.hub import hub
from .async_stream import AsyncLogStream
from .entry import LogEntry
from .gap import LogGap
from .reader import Source
from .snapshot import LogSnapshot, read_snapshot
from .stream import LogStream

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._generated.options import LogSnapshotOptions, LogStreamSelection


class LogReadable(ABC):
    """What can be asked of a log, wherever it is."""

    @property
    @abstractmethod
    def _source(self) -> Source: ...

    @overload
    def log_stream(
        self, *, on_gap: Literal["report"], **options: Unpack[LogStreamSelection]
    ) -> LogStream[LogEntry | LogGap]: ...
    @overload
    def log_stream(
        self, *, on_gap: Literal["error"] | None = None, **options: Unpack[LogStreamSelection]
    ) -> LogStream[LogEntry]: ...
    def log_stream(self, *, on_gap: str | None = None, **options: Any) -> LogStream[Any]:
        """Opens a stream of the log, finished or live.

        Raises `InvalidArgument` when an option is wrong, before anything is read, and `InvalidCursor`
        when `from_cursor` can not be used here.
        """
        return LogStream(self._source, {**options, "on_gap": on_gap})

    def logs(self, **options: Unpack[LogSnapshotOptions]) -> LogSnapshot:
        """The entries there are now.

        Raises `MissedRotation` when what follows `from_cursor` is gone; other gaps are in `gaps`.
        """
        return run(read_snapshot, self._source, options)

    def verify(self) -> VerifyReport:
        """Reads everything and checks it. Gaps, and a beginning that is gone by rotation, are no damage.

        Raises `Corruption` when what is held is not whole.
        """
        return run(_verify, self._source)


class AsyncLogReadable(ABC):
    """What can be asked of a log, wherever it is."""

    @property
    @abstractmethod
    def _source(self) -> Source: ...

    @overload
    async def log_stream(
        self, *, on_gap: Literal["report"], **options: Unpack[LogStreamSelection]
    ) -> AsyncLogStream[LogEntry | LogGap]: ...
    @overload
    async def log_stream(
        self, *, on_gap: Literal["error"] | None = None, **options: Unpack[LogStreamSelection]
    ) -> AsyncLogStream[LogEntry]: ...
    async def log_stream(self, *, on_gap: str | None = None, **options: Any) -> AsyncLogStream[Any]:
        """Opens a stream of the log, finished or live.

        Raises `InvalidArgument` when an option is wrong, before anything is read, and `InvalidCursor`
        when `from_cursor` can not be used here.
        """
        stream: AsyncLogStream[Any] = AsyncLogStream(self._source, {**options, "on_gap": on_gap})
        return await stream._in_turn()

    async def logs(self, **options: Unpack[LogSnapshotOptions]) -> LogSnapshot:
        """The entries there are now.

        Raises `MissedRotation` when what follows `from_cursor` is gone; other gaps are in `gaps`.
        """
        return await read_snapshot(hub(), self._source, options)

    async def verify(self) -> VerifyReport:
        """Reads everything and checks it. Gaps, and a beginning that is gone by rotation, are no damage.

        Raises `Corruption` when what is held is not whole.
        """
        return await _verify(hub(), self._source)


class LogDirectory(LogReadable):
    """A log folder without a sandbox, such as a copy."""

    folder: str
    """The folder's path, as it was given."""

    def __init__(self, folder: str | os.PathLike[str], where: str) -> None:
        self.folder = os.fspath(folder)
        self._folder = where

    @classmethod
    def open(cls, folder: str | os.PathLike[str]) -> LogDirectory:
        """Opens a folder with logs. Raises `SiltError` with the code `"NotFound"` when there is none."""
        return cls(folder, run(_open, folder))

    @property
    def _source(self) -> Source:
        return {"folder": self._folder}

    def __repr__(self) -> str:
        return f"LogDirectory({self.folder!r})"


class AsyncLogDirectory(AsyncLogReadable):
    """A log folder without a sandbox, such as a copy."""

    folder: str
    """The folder's path, as it was given."""

    def __init__(self, folder: str | os.PathLike[str], where: str) -> None:
        self.folder = os.fspath(folder)
        self._folder = where

    @classmethod
    async def open(cls, folder: str | os.PathLike[str]) -> AsyncLogDirectory:
        """Opens a folder with logs. Raises `SiltError` with the code `"NotFound"` when there is none."""
        return cls(folder, await _open(hub(), folder))

    @property
    def _source(self) -> Source:
        return {"folder": self._folder}

    def __repr__(self) -> str:
        return f"AsyncLogDirectory({self.folder!r})"


async def _open(channel: Channel, folder: str | os.PathLike[str]) -> str:
    # A later change of the current folder does not move it.
    where = os.path.abspath(os.fspath(folder))
    (await channel.call("openLog", {"folder": where})).result()
    return where


async def _verify(channel: Channel, source: Source) -> VerifyReport:
    return VerifyReport.from_json((await channel.call("verifyLog", source)).result())
