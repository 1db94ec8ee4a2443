"""What is said before a stream waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeAlias, TypeVar
from weakref import ref

from .._native.channel import Channel
from .reader import BatchReader

C = TypeVar("C", bound=Channel)

Announce: TypeAlias = Callable[[C, BatchReader, Callable[[], None]], None]
"""Says it through a channel on behalf of a reader; the last has it said again before the next wait."""


class Announcement(Generic[C]):
    """Made before the first wait of a stream, and only again when it asks for that."""

    def __init__(self, announce: Announce[C] | None) -> None:
        self._announce = announce

    def make(self, channel: C, reader: BatchReader) -> None:
        """Says it, unless that was done."""
        announce = self._announce
        if announce is None:
            return
        # It goes with its stream, which is free to be forgotten meanwhile.
        own = ref(self)

        def again() -> None:
            made = own()
            if made is not None:
                made._announce = announce

        announce(channel, reader, again)
        # Interrupted before, it is made once more, which does no harm.
        self._announce = None
