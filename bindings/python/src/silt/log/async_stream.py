"""Streams for asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from itertools import islice
from time import perf_counter
from types import TracebackType
from typing import Any, Generic, TypeVar

from .._generated.words import BytesFormat
from .._native.hub import LONGEST_TURN, Hub, hub
from .announcement import Announce, Announcement
from .end import LogEnd
from .entry import LogEntry
from .gap import LogGap
from .hand import Hand
from .pending import Pending
from .reader import BatchReader, Readiness, Source
from .stream import end_frame

Item = TypeVar("Item", LogEntry, LogEntry | LogGap, covariant=True)
T = TypeVar("T")

# What is made of all that is left, and the steps that hand it over.
_Made = tuple[T, list[bool]]

# Looking at the clock costs as much as an entry: a fast reader looks seldom, a slow one always.
_STRIDE = 64
_FAST = 0.00025


class AsyncLogStream(Generic[Item]):
    """A log as it is, or as it grows.

        async with await sandbox.log_stream(follow=True) as stream:
            async for entry in stream:
                sys.stdout.buffer.write(entry.data)

    Iterate it, or call `recv()`; leaving a loop does not close it, and a second one goes on there.
    `close()`, the end of an `async with` block and forgetting it close it. A task that is cancelled
    while it waits takes nothing with it: the next one gets the entry. It belongs to the event loop
    in which it was opened, and gives that its turn every 5 ms.
    """

    def __init__(
        self,
        source: Source,
        options: Mapping[str, Any],
        announce: Announce[Hub] | None = None,
    ) -> None:
        self._hub = hub()
        self._notice = self._hub.notice()
        self._announcement = Announcement(announce)
        self._reader = BatchReader(source, options, "stream", self._hub, self._notice)
        # The next few items, as long as nobody waits and the turn is not over. It ends where the making of
        # one is interrupted: so none is taken from a hand that is not straight.
        self._few: Iterator[Any] = iter(())
        self._stride = _STRIDE
        self._checked = self._began = perf_counter()
        # The calls that overlap, in their order. It is the turn of the first; by its future, the next one
        # learns that it is. Who found nobody in line has none.
        self._line: dict[asyncio.Future[None] | None, None] = {}

    async def _in_turn(self) -> AsyncLogStream[Item]:
        """Itself, once the event loop has had its turn. It is open meanwhile: only the answer waits."""
        try:
            await self._hub.turn()
        except BaseException:
            await self.close()
            raise
        return self

    def __aiter__(self) -> AsyncLogStream[Item]:
        return self

    async def __anext__(self) -> Item:
        # An item is taken by the loop, and from there to its return nothing is called.
        for item in self._few:
            return item  # type: ignore[no-any-return]
        while await self._seek():
            for item in self._few:
                return item  # type: ignore[no-any-return]
        raise StopAsyncIteration

    async def recv(self) -> Item | None:
        """The next entry, waited for; None at the end. Calls that overlap are answered in order.

        Raises `MissedRotation` where entries are gone, unless `on_gap` is `"report"`.
        """
        for item in self._few:
            return item  # type: ignore[no-any-return]
        while await self._seek():
            for item in self._few:
                return item  # type: ignore[no-any-return]
        return None

    def try_recv(self) -> Item | Pending | None:
        """The next entry if there is one now; `silt.PENDING` when it is yet to come, None at the end."""
        for item in self._few:
            return item  # type: ignore[no-any-return]
        if self._line:
            return Pending.PENDING
        reader = self._reader
        while (readiness := reader.ready()) is Readiness.ITEM:
            for item in reader.hand.items:
                return item  # type: ignore[no-any-return]
        if readiness is Readiness.END:
            return None
        self._announcement.make(self._hub, reader)
        return Pending.PENDING

    def batches(self) -> AsyncIterator[list[Item]]:
        """All entries that are there at once, again and again: as fast as it gets. Never an empty list."""
        return _Taken(lambda: self._make(Hand.all))

    def bytes(self, format: BytesFormat = "text") -> AsyncIterator[bytes]:
        """The log as bytes, made without an object for each entry.

        `"text"`: what was written, with a line of text for a gap. `"ndjson"`: an entry as JSON on each
        line. `"sse"`: server-sent events, whose ids are cursors. Raises `InvalidArgument` from the
        iterator when there is no such format.
        """
        ended = False

        async def piece() -> _Made[bytes] | None:
            nonlocal ended
            made = await self._make(lambda hand: hand.frames(format))
            if made is not None or ended:
                return made
            frame = end_frame(self._reader, format)
            ended = True
            return (frame, []) if frame else None

        return _Taken(piece)

    @property
    def position(self) -> str:
        """Where the reading stands: after the last entry handed over. `from_cursor` goes on there."""
        return self._reader.position

    @property
    def end(self) -> LogEnd | None:
        """How the stream ended; None before that, and where it failed."""
        return self._reader.end

    async def close(self) -> None:
        """Closes the stream; who waits gets the end. Harmless when it has ended."""
        self._few = iter(())
        self._reader.close("closed")
        self._notice.set()

    async def __aenter__(self) -> AsyncLogStream[Item]:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _make(self, make: Callable[[Hand], T]) -> _Made[T] | None:
        """What is made of all that is left once there is something; None at the end."""
        if not await self._seek():
            return None
        hand = self._reader.hand
        return make(hand), hand.steps

    async def _seek(self) -> bool:
        """Waits for items, in the order of the calls; false at the end.

        It takes none, and after it nothing is to be awaited before they are taken: so neither a cancelled
        task nor an interrupted one has an item in hand.
        """
        if hub() is not self._hub:
            raise RuntimeError("This stream belongs to the event loop in which it was opened.")
        # Whoever comes meanwhile has to wait in line.
        self._few = iter(())
        line = self._line
        place = asyncio.get_running_loop().create_future() if line else None
        # A place is taken and left without a call, after which an interrupt could come: none stays behind.
        line[place] = None
        try:
            if place is not None:
                await place
            found = await self._wait()
        finally:
            del line[place]
            for first in line:
                try:
                    if first is not None:
                        first.set_result(None)
                except asyncio.InvalidStateError:
                    # It is awake, or was cancelled. To ask for that before would be one more call.
                    pass
                break
        if found:
            # What was sought, and a few more.
            self._few = islice(self._reader.hand.items, 1 if line else 1 + self._stride)
        return found

    async def _wait(self) -> bool:
        await self._turn()
        while True:
            readiness = self._reader.ready()
            if readiness is Readiness.ITEM:
                return True
            if readiness is Readiness.END:
                return False
            self._announcement.make(self._hub, self._reader)
            if readiness is Readiness.AGAIN:
                await self._turn()
                continue
            await self._notice
            self._checked = self._began = perf_counter()

    async def _turn(self) -> None:
        """Gives the event loop its turn when uninterrupted iteration has lasted long enough."""
        now = perf_counter()
        self._stride = _STRIDE if now - self._checked < _FAST else 1
        self._checked = now
        if now - self._began >= LONGEST_TURN:
            await asyncio.sleep(0)
            self._checked = self._began = perf_counter()


class _Taken(AsyncIterator[T]):
    """Iterates over what a function gives, up to None. A cancelled step can be taken again."""

    def __init__(self, take: Callable[[], Awaitable[_Made[T] | None]]) -> None:
        self._take = take

    async def __anext__(self) -> T:
        taken = await self._take()
        if taken is None:
            raise StopAsyncIteration
        made, steps = taken
        # From here to the return nothing is called in which a signal's handler could raise.
        del steps[:]
        return made
