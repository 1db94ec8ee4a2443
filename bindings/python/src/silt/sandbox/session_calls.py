"""What is asked of one session."""

from __future__ import annotations

import signal as signals
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from .._generated.records import SessionEnd, SpawnedSession, WriteResult
from .._native.channel import Channel
from .._native.wire import options_to_wire
from ..errors.from_data import invalid_argument
from ..errors.silt_error import SiltError
from .place import Place, ask

# The core takes 16 MiB at once; less keeps little in flight.
LARGEST_WRITE = 1024 * 1024


class Started(NamedTuple):
    """A session that was started."""

    place: Place
    session_id: int
    cursor: str
    """Stands just before its first entry."""

    @property
    def params(self) -> dict[str, Any]:
        """The parameters of every call that concerns it."""
        return {**self.place, "sessionId": self.session_id}


async def spawn(
    channel: Channel,
    place: Place,
    program: str,
    args: Sequence[str],
    stdin: bool,
    options: Mapping[str, Any],
) -> Started:
    """Starts a program. Who stops waiting for that leaves nothing running."""
    wire = options_to_wire("CommandOptions", options)
    given = list(args) if isinstance(args, (list, tuple)) else args
    params = {**place, "program": program, "args": given, "stdin": stdin, "options": wire}
    notice = channel.notice()
    reply = channel.start("spawn", params, None, lambda _: notice.set())
    try:
        while not reply.done:
            await notice
    except GeneratorExit:
        raise
    except BaseException:
        # It may run by now: only the answer tells which one it is.
        while not reply.done:
            await notice
        with suppress(SiltError):
            answer = SpawnedSession.from_json(reply.result())
            await give_up(channel, Started(place, answer.session_id, answer.cursor))
        raise
    answer = SpawnedSession.from_json(reply.result())
    return Started(place, answer.session_id, answer.cursor)


async def give_up(channel: Channel, session: Started) -> None:
    """Kills a session that nobody waits for any more."""
    with suppress(SiltError):
        await ask(channel, "signal", {**session.params, "signal": "SIGKILL"})


async def write(channel: Channel, session: Started, data: bytes) -> bool:
    """Gives bytes to its standard input; false when the program does not read it any more."""
    for at in range(0, len(data), LARGEST_WRITE):
        part = data[at : at + LARGEST_WRITE]
        reply = await channel.call("write", session.params, part)
        if WriteResult.from_json(reply.result()).closed:
            return False
    return True


async def kill(channel: Channel, session: Started, signal: str | int) -> None:
    """Sends a signal to its process group."""
    name = signals.Signals(signal).name if isinstance(signal, int) else signal
    await ask(channel, "signal", {**session.params, "signal": name})


async def wait(channel: Channel, session: Started) -> SessionEnd:
    """How it ended, once it has."""
    return SessionEnd.from_json(await ask(channel, "wait", session.params))


def stream_options(session: Started, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a stream of what a session writes."""
    if options.get("sessions") is not None:
        raise invalid_argument("sessions", "the stream of a session has no other sessions")
    made = {**options, "sessions": [session.session_id]}
    if options.get("since") is None and options.get("from_cursor") is None:
        made["from_cursor"] = session.cursor
    return made


def bytes_given(data: str | bytes | bytearray | memoryview, name: str) -> bytes:
    """Text or bytes as bytes."""
    if isinstance(data, str):
        return data.encode()
    if isinstance(data, (bytes, bytearray, memoryview)):
        return bytes(data)
    raise invalid_argument(name, "text or bytes are expected")
