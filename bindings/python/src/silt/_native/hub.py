"""Waiting in asyncio: one descriptor an event loop, however many streams and calls there are."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from time import perf_counter
from typing import Any
from weakref import WeakKeyDictionary

from .channel import Channel
from .library import library

LONGEST_TURN = 0.005
"""How long code may run before the event loop gets its turn, in seconds."""


class HubNotice:
    """A notice on which one task at a time waits."""

    __slots__ = ("_set", "_waiter")

    def __init__(self) -> None:
        self._set = False
        self._waiter: asyncio.Future[None] | None = None

    def set(self) -> None:
        """Lets go on who waits, or who next does."""
        self._set = True
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def __await__(self) -> Generator[Any, None, None]:
        # A cancelled task leaves the notice as it is: the next one finds it set.
        if not self._set:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                yield from self._waiter
            finally:
                self._waiter = None
        self._set = False


class Hub(Channel):
    """The channel of an event loop. It does not hold its loop, so that both can go."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._turn_began = 0.0
        try:
            loop.add_reader(self.fd, self.pump)
        except NotImplementedError as error:
            raise RuntimeError(f"{type(loop).__name__} can not wait for descriptors; {_ADVICE}") from error

    def pump(self) -> None:
        """Hands on the events that are there."""
        try:
            super().pump()
        except BaseException:
            # The event loop comes again for what is left, of which the descriptor does not know.
            library().silt_queue_wake(self.queue)
            raise

    def notice(self) -> HubNotice:
        """A notice that can be awaited where this channel is used."""
        return HubNotice()

    async def turn(self) -> None:
        """Gives the event loop its turn, if the last one is long ago."""
        if perf_counter() - self._turn_began >= LONGEST_TURN:
            await asyncio.sleep(0)
            self._turn_began = perf_counter()


_ADVICE = (
    "under another event loop use the blocking classes in its threads, such as "
    "trio.to_thread.run_sync(silt.Sandbox.create)."
)

_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The channel of the running event loop."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError as error:
        raise RuntimeError(
            f"Silt's asynchronous classes need a running asyncio event loop, and here is none; {_ADVICE}"
        ) from error
    found = _hubs.get(loop)
    if found is None:
        for other, left in list(_hubs.items()):
            if other.is_closed():
                del _hubs[other]
                left.close()
        found = _hubs[loop] = Hub(loop)
    return found
