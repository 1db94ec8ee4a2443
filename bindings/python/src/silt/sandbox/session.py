"""Programs that were started, for threads."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, overload
from weakref import ref

from .._generated.records import SessionEnd
from .._native.blocking import BlockingChannel, run
from .._native.channel import Reply
from ..errors.silt_error import SiltError
from ..log.entry import LogEntry
from ..log.gap import LogGap
from ..log.reader import BatchReader
from ..log.stream import LogStream
from .place import ask
from .session_calls import bytes_given, kill, stream_options, wait, write
from .spawning import Started

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._generated.options import LogStreamSelection


class ExecSession:
    """A program that was started in a sandbox."""

    session_id: int
    """Its number in the sandbox, never used again; `entry.session_id` of all that it writes."""

    cursor: str
    """Stands just before its first entry."""

    def __init__(self, started: Started) -> None:
        self.session_id = started.session_id
        self.cursor = started.cursor
        self._started = started
        self._input = Lock()

    def write(self, data: str | bytes) -> bool:
        """Gives bytes to its standard input, once all before was taken.

        False when the program does not read its input any more.
        """
        given = bytes_given(data, "data")
        with self._input:
            return run(write, self._started, given)

    def end(self) -> None:
        """Ends its standard input, after all that was written."""
        with self._input:
            run(ask, "closeStdin", self._started.params)

    def kill(self, signal: str | int = "SIGTERM") -> None:
        """Sends a signal to its process group."""
        run(kill, self._started, signal)

    def resize(self, columns: int, rows: int) -> None:
        """Sets the size of its terminal, in characters."""
        run(ask, "resize", {**self._started.params, "columns": columns, "rows": rows})

    def wait(self) -> SessionEnd:
        """How it ended, once its last byte is in the log.

        Or 1 s after its exit while a child of it still holds its output (`detached`).
        """
        return run(wait, self._started)

    @overload
    def log_stream(
        self, *, on_gap: Literal["report"], **options: Unpack[LogStreamSelection]
    ) -> LogStream[LogEntry | LogGap]: ...
    @overload
    def log_stream(
        self, *, on_gap: Literal["error"] | None = None, **options: Unpack[LogStreamSelection]
    ) -> LogStream[LogEntry]: ...
    def log_stream(self, *, on_gap: str | None = None, **options: Any) -> LogStream[Any]:
        """What it writes, from its first entry on. With `follow` the stream ends with the session."""
        made = stream_options(self._started, {**options, "on_gap": on_gap})
        if not made.get("follow"):
            return LogStream(self._started.place, made)
        # Its end is an event beside those of the log: one queue for both.
        return LogStream(self._started.place, made, BlockingChannel(), self._ask_for_end)

    def _ask_for_end(self, channel: BlockingChannel, reader: BatchReader, again: Callable[[], None]) -> None:
        # A stream that is forgotten meanwhile must be free to go.
        streams = ref(reader)

        def ended(reply: Reply) -> None:
            try:
                end = SessionEnd.from_json(reply.result())
            except SiltError:
                # The supervisor died; another may have taken over the log when the reader waits again.
                again()
                return
            told = streams()
            if told is not None:
                told.finish(end.last_sequence)

        channel.start("wait", {**self._started.params, "lastByte": True}, None, ended)

    def __repr__(self) -> str:
        return f"<ExecSession {self.session_id} in {self._started.place['name']}>"
