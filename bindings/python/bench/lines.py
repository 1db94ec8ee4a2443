"""The lines that `npm run bench` has written: each begins with its number, in eight digits."""

from __future__ import annotations


class Tally:
    """Counts what a reader was given, what it was not given, and what it was given twice or too late."""

    __slots__ = ("_next", "bytes", "entries", "lost", "repeated")

    def __init__(self) -> None:
        self.entries = self.bytes = self.lost = self.repeated = self._next = 0

    def add(self, data: bytes) -> None:
        """One entry, which is one line."""
        number = int(data[:8])
        if number < self._next:
            self.repeated += 1
        else:
            self.lost += number - self._next
            self._next = number + 1
        self.entries += 1
        self.bytes += len(data)

    def finish(self, total: int) -> dict[str, int]:
        """The counts, when this many lines were written."""
        lost = self.lost + total - self._next
        return {"entries": self.entries, "bytes": self.bytes, "lost": lost, "repeated": self.repeated}
