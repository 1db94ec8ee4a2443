"""Waiting in a thread: what is written once, as coroutines, is run without an event loop."""

from __future__ import annotations

import select
import threading
from collections.abc import Callable, Coroutine, Generator
from inspect import CORO_CLOSED, getcoroutinestate
from typing import Any, Concatenate, ParamSpec, TypeVar

from .channel import Channel
from .library import library

P = ParamSpec("P")
T = TypeVar("T")


class BlockingNotice:
    """A notice on which a coroutine stops until its channel has had an event."""

    __slots__ = ("_set",)

    def __init__(self) -> None:
        self._set = False

    def set(self) -> None:
        """Lets go on who waits, or who next does."""
        self._set = True

    def __await__(self) -> Generator[None, None, None]:
        while not self._set:
            yield
        self._set = False


class BlockingChannel(Channel):
    """A channel for one thread at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._poll = select.poll()
        self._poll.register(self.fd, select.POLLIN)

    def notice(self) -> BlockingNotice:
        """A notice that can be awaited where this channel is used."""
        return BlockingNotice()

    async def turn(self) -> None:
        """There is nobody else."""

    def wait(self) -> None:
        """Waits for events and hands them on. A signal's handler runs meanwhile, and may raise."""
        # What an interrupt left is not in the queue any more, for which the descriptor speaks.
        if self._arrived.first is None:
            self._poll.poll()
        self.pump()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Runs a coroutine to its end. What the handler of a signal raises here is raised in it."""
        try:
            while True:
                try:
                    while True:
                        coroutine.send(None)
                        self.wait()
                except BaseException as error:
                    if getcoroutinestate(coroutine) == CORO_CLOSED:
                        raise
                    coroutine.throw(error)
        except StopIteration as stop:
            result: T = stop.value
            return result
        finally:
            # An interrupt of the handling of another one came by.
            coroutine.close()


class _Idle(threading.local):
    """The channels of a thread on which nothing is run."""

    def __init__(self) -> None:
        self.channels: list[BlockingChannel] = []


_idle = _Idle()


def run(
    function: Callable[Concatenate[Channel, P], Coroutine[Any, Any, T]], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Runs a coroutine function on a channel that goes with the thread.

    What the handler of a signal or a callback runs meanwhile has another one: it waits for its own events,
    and takes none of those that are waited for here.
    """
    # Before a forked process polls a descriptor that is its parent's.
    library()
    idle = _idle.channels
    try:
        channel = idle.pop()
    except IndexError:
        channel = BlockingChannel()
    try:
        return channel.run(function(channel, *args, **kwargs))
    finally:
        idle.append(channel)
