"""Entries that are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from .._generated.words import GAP_REASONS, LOGS, GapReason, LogName

if TYPE_CHECKING:
    from .batch import Batch

_LOST_UNKNOWN = 2**64 - 1


class LogGap:
    """Stands among the entries where some are gone, when they are read with `on_gap="report"`."""

    __slots__ = ("_batch", "_index", "from_", "log", "lost", "reason", "to")

    type: Literal["gap"] = "gap"
    """Tells a gap from a `LogEntry`."""

    log: LogName
    from_: int
    """The first number that is missing."""
    to: int
    """The last number that is missing."""
    lost: int | None
    """How many entries were lost; None where only a bound is known."""
    reason: GapReason

    def __init__(self, batch: Batch, index: int) -> None:
        self.from_, self.to, lost, log, reason = batch.gap(index)
        self.lost = None if lost == _LOST_UNKNOWN else lost
        self.log = LOGS[log]
        self.reason = GAP_REASONS[reason]
        self._batch = batch
        self._index = index

    @property
    def resume_cursor(self) -> str:
        """Stands just after the gap."""
        return self._batch.cursor(self._index)

    def to_json(self) -> dict[str, Any]:
        """The gap as on the command line and over HTTP, with the names that it has there."""
        return {
            "type": "gap",
            "log": self.log,
            "from": self.from_,
            "to": self.to,
            "lost": self.lost,
            "reason": self.reason,
            "resumeCursor": self.resume_cursor,
        }

    def __repr__(self) -> str:
        return f"<LogGap {self.log} {self.from_}-{self.to} {self.reason}>"
