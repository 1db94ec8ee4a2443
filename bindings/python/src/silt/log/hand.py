"""The batch at hand, and how much of it was handed over."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress, repeat
from operator import length_hint
from typing import Any, NamedTuple

from .._native.structures import SiltBuffer
from .batch import Batch
from .entry import LogEntry
from .gap import LogGap


class Hand(NamedTuple):
    """Knows at any moment what was handed over: when a signal's handler raises, or another thread closes.

    Both come between two calls, and never within one that runs no Python code. So each change is one such
    call, or an assignment that no call follows before what was made is handed over.
    """

    batch: Batch | None
    out: SiltBuffer
    """What the batch was made from."""
    numbers: Iterator[int]
    """Of the items that are yet to be made."""
    steps: list[bool]
    """One for each item; emptied by whoever hands over all that is left, at once."""
    left: Iterator[bool]
    """Goes through the steps. An item counts as handed over by its step, taken after it was made."""
    dropped: list[bool]
    """Steps that a close took: nobody gets their items."""
    items: Iterator[Any]
    """What is left; what is taken from it was handed over."""

    @classmethod
    def of(cls, batch: Batch, out: SiltBuffer, begin: int = 0) -> Hand:
        """The items of a batch from `begin` on."""
        numbers = iter(range(begin, batch.items))
        steps = [True] * (batch.items - begin)
        left = iter(steps)
        items = compress(map(_maker(batch), repeat(batch), numbers), left)
        return cls(batch, out, numbers, steps, left, [], items)

    @classmethod
    def empty(cls, out: SiltBuffer) -> Hand:
        """Nothing."""
        return cls(None, out, iter(()), [], iter(()), [], iter(()))

    @property
    def begin(self) -> int:
        """How many items of the batch were handed over."""
        return 0 if self.batch is None else self.batch.items - len(self.dropped) - length_hint(self.left)

    @property
    def holds(self) -> bool:
        """Whether there are items that were not handed over."""
        return self.batch is not None and self.begin < self.batch.items

    @property
    def is_straight(self) -> bool:
        """Whether the next item made is the next to be handed over: not after an interrupted making."""
        return length_hint(self.numbers) == length_hint(self.left)

    def all(self) -> list[Any]:
        """All that is left, which is not handed over by that."""
        if self.batch is None:
            return []
        numbers = range(self.begin, self.batch.items)
        return list(map(_maker(self.batch), repeat(self.batch), numbers))

    def frames(self, format: str) -> bytes:
        """All that is left as bytes in a format, which is not handed over by that."""
        return b"" if self.batch is None else self.batch.frames(self.begin, format)

    def again(self) -> Hand:
        """The same, dealt anew."""
        return self if self.batch is None else Hand.of(self.batch, self.out, self.begin)

    def stop(self) -> None:
        """From now on nothing more of it is handed over."""
        self.dropped.extend(self.left)


def _maker(batch: Batch) -> Any:
    return _item if batch.gaps else LogEntry


def _item(batch: Batch, index: int) -> LogEntry | LogGap:
    return LogGap(batch, index) if batch.is_gap(index) else LogEntry(batch, index)
