"""What is asked of one session."""

from __future__ import annotations

import signal as signals
from collections.abc import Mapping, Sequence
from typing import Any

from .._generated.records import SessionEnd, WriteResult
from .._native.channel import Channel
from ..errors.from_data import invalid_argument
from .place import Place, ask
from .spawning import Spawning, Started

# The core takes 16 MiB at once; less keeps little in flight.
LARGEST_WRITE = 1024 * 1024


async def spawn(
    channel: Channel,
    place: Place,
    program: str,
    args: Sequence[str],
    stdin: bool,
    options: Mapping[str, Any],
) -> Started:
    """Starts a program. Who stops waiting for that leaves nothing running."""
    async with Spawning(channel, place) as spawning:
        return await spawning.start(program, args, stdin, options)


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
