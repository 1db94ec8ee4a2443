"""How streams end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._generated.records import DeliveredSession, LogTotals
from .._generated.words import EndReason, LogName


@dataclass(frozen=True)
class LogEnd:
    """How a stream ended."""

    reason: EndReason
    logs: Mapping[LogName, LogTotals]
    """By log, those that were read."""
    sessions: Sequence[DeliveredSession] | None = None
    """By exec session, in their order, what was delivered of it; None without `digest`."""

    def to_json(self) -> dict[str, Any]:
        """The end as over HTTP, with the names that it has there."""
        logs = {log: totals.to_json() for log, totals in self.logs.items()}
        end: dict[str, Any] = {"reason": self.reason, "logs": logs}
        if self.sessions is not None:
            end["sessions"] = [session.to_json() for session in self.sessions]
        return end
