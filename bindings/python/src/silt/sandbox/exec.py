"""Running a program to its end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from .._generated.records import SessionEnd
from .._native.blocking import run
from .._native.channel import Channel, Notice, Reply
from ..errors.from_data import invalid_argument
from ..errors.silt_error import SiltError
from ..log.reader import BatchReader, Readiness
from .exec_result import ExecResult
from .output import Output
from .place import Place, ask
from .session_calls import LARGEST_WRITE, bytes_given, write
from .spawning import Spawning, Started

OnData = Callable[[bytes], object]


async def execute(
    channel: Channel,
    place: Place,
    program: str,
    args: Sequence[str],
    input: str | bytes | None,
    on_stdout: OnData | None,
    on_stderr: OnData | None,
    options: Mapping[str, Any],
) -> ExecResult:
    """Runs a program, hands on what it writes, and waits for its end; kills it when that is given up."""
    for name, callback in (("on_stdout", on_stdout), ("on_stderr", on_stderr)):
        if callback is not None and not callable(callback):
            raise invalid_argument(name, "a function is expected")
    data = None if input is None else bytes_given(input, "input")
    stdout, stderr = Output(("stdout", "output"), on_stdout), Output(("stderr",), on_stderr)
    async with Spawning(channel, place) as spawning:
        session = await spawning.start(program, args, data is not None, options)
        end = await _follow(channel, session, data, (stdout, stderr))
    return ExecResult(
        **vars(end),
        stdout_bytes=stdout.bytes(),
        stderr_bytes=stderr.bytes(),
        truncated=stdout.is_truncated(end) or stderr.is_truncated(end),
    )


async def _follow(
    channel: Channel, session: Started, data: bytes | None, outputs: tuple[Output, ...]
) -> SessionEnd:
    """How a session ended, once all that it wrote was handed on."""
    notice = channel.notice()
    follow = {
        "from_cursor": session.cursor,
        "sessions": [session.session_id],
        "follow": True,
        "on_gap": "report",
    }
    reader = BatchReader(session.place, follow, "stream", channel, notice)
    try:
        waited = channel.start("wait", session.params, None, lambda _: notice.set())
        feed = _Feed(channel, session, data, notice)
        end: SessionEnd | None = None
        while True:
            if end is None:
                feed.go_on()
                if waited.done:
                    end = SessionEnd.from_json(waited.result())
                    # What it wrote is in the log by its end: nothing after that is waited for, nor that its
                    # input is taken, which a child may hold that never reads it.
                    reader.finish(end.last_sequence)
            readiness = reader.ready()
            if readiness is Readiness.ITEM:
                portion = reader.portion()
                for output in outputs:
                    output.take(*portion)
            elif readiness is Readiness.PENDING:
                await notice
            elif readiness is Readiness.END:
                if end is not None:
                    if end.detached:
                        feed.leave()
                    return end
                await notice
            await channel.turn()
    finally:
        reader.close("closed")


class _Feed:
    """Gives a program its input, piece by piece, as fast as it is taken."""

    def __init__(self, channel: Channel, session: Started, data: bytes | None, notice: Notice) -> None:
        self._channel = channel
        self._session = session
        self._data = data
        self._notice = notice
        self._at = 0
        self._write: Reply | None = None
        self._closing: Reply | None = None
        self._done = data is None

    def go_on(self) -> None:
        """To be called whenever something happened."""
        if self._done or self._data is None:
            return
        if self._closing is not None:
            if self._closing.done:
                self._closing.result()
                self._done = True
            return
        if self._write is not None:
            if not self._write.done:
                return
            if self._write.result()["closed"]:
                # A program may end before it has read all of its input.
                self._done = True
                return
        start, params = self._channel.start, self._session.params
        if self._at >= len(self._data):
            self._closing = start("closeStdin", params, None, self._told)
            return
        part = self._data[self._at : self._at + LARGEST_WRITE]
        self._at += len(part)
        self._write = start("write", params, part, self._told)

    def leave(self) -> None:
        """Nobody waits any more: a thread gives what is left to the child that holds it, as it reads."""
        if self._done or self._data is None or self._closing is not None:
            return
        # What is written now comes after what is being written: all goes by one connection.
        rest = self._data[self._at :]
        thread = threading.Thread(target=run, args=(_give, self._session, rest), name="silt-input")
        # Where none can be started any more, as at the interpreter's end, the command has ended all the same.
        with suppress(RuntimeError):
            thread.start()

    def _told(self, _: Reply) -> None:
        self._notice.set()


async def _give(channel: Channel, session: Started, data: bytes) -> None:
    # Nobody is left to be told that the sandbox has ended.
    with suppress(SiltError):
        if await write(channel, session, data):
            await ask(channel, "closeStdin", session.params)
