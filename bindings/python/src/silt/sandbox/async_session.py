"""Programs that were started, for asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, overload
from weakref import WeakKeyDictionary

from .._generated.records import SessionEnd
from .._native.channel import Reply
from .._native.hub import Hub, hub
from ..errors.silt_error import SiltError
from ..log.async_stream import AsyncLogStream
from ..log.entry import LogEntry
from ..log.gap import LogGap
from ..log.reader import BatchReader
from .place import ask
from .session_calls import bytes_given, kill, stream_options, wait, write
from .spawning import Started

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._generated.options import LogStreamSelection


class AsyncExecSession:
    """A program that was started in a sandbox."""

    session_id: int
    """Its number in the sandbox, never used again; `entry.session_id` of all that it writes."""

    cursor: str
    """Stands just before its first entry."""

    def __init__(self, started: Started) -> None:
        self.session_id = started.session_id
        self.cursor = started.cursor
        self._started = started
        self._input = asyncio.Lock()
        # Streams come and go while a session runs: all share one request for its end.
        # By event loop, since what one has asked comes to nobody once it is gone.
        self._asked: WeakKeyDictionary[Hub, WeakKeyDictionary[BatchReader, Callable[[], None]]] = (
            WeakKeyDictionary()
        )

    async def write(self, data: str | bytes) -> bool:
        """Gives bytes to its standard input, in the order of the calls.

        Returns once all of it was taken; false when the program does not read its input any more.
        """
        given = bytes_given(data, "data")
        async with self._input:
            return await write(hub(), self._started, given)

    async def end(self) -> None:
        """Ends its standard input, after all that was written."""
        async with self._input:
            await ask(hub(), "closeStdin", self._started.params)

    async def kill(self, signal: str | int = "SIGTERM") -> None:
        """Sends a signal to its process group."""
        await kill(hub(), self._started, signal)

    async def resize(self, columns: int, rows: int) -> None:
        """Sets the size of its terminal, in characters."""
        await ask(hub(), "resize", {**self._started.params, "columns": columns, "rows": rows})

    async def wait(self) -> SessionEnd:
        """How it ended, once its last byte is in the log.

        Or 1 s after its exit while a child of it still holds its output (`detached`).
        """
        return await wait(hub(), self._started)

    @overload
    async def log_stream(
        self, *, on_gap: Literal["report"], **options: Unpack[LogStreamSelection]
    ) -> AsyncLogStream[LogEntry | LogGap]: ...
    @overload
    async def log_stream(
        self, *, on_gap: Literal["error"] | None = None, **options: Unpack[LogStreamSelection]
    ) -> AsyncLogStream[LogEntry]: ...
    async def log_stream(self, *, on_gap: str | None = None, **options: Any) -> AsyncLogStream[Any]:
        """What it writes, from its first entry on. With `follow` the stream ends with the session."""
        made = stream_options(self._started, {**options, "on_gap": on_gap})
        stream: AsyncLogStream[Any] = AsyncLogStream(self._started.place, made, self._ask_for_end)
        return await stream._in_turn()

    def _ask_for_end(self, channel: Hub, reader: BatchReader, again: Callable[[], None]) -> None:
        told = self._asked.get(channel)
        if told is not None:
            told[reader] = again
            return
        told = WeakKeyDictionary({reader: again})

        def ended(reply: Reply) -> None:
            if self._asked.get(channel) is told:
                del self._asked[channel]
            try:
                end = SessionEnd.from_json(reply.result())
            except SiltError:
                # The supervisor died; another may have taken over the log when the readers wait again.
                for ask_again in list(told.values()):
                    ask_again()
                return
            for reader in list(told):
                reader.finish(end.last_sequence)

        channel.start("wait", {**self._started.params, "lastByte": True}, None, ended)
        self._asked[channel] = told

    def __repr__(self) -> str:
        return f"<AsyncExecSession {self.session_id} in {self._started.place['name']}>"
