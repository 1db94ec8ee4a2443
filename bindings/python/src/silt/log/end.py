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
    sessions: Sequence[DeliveredSession] = ()
    """By exec session, in their order, what was delivered of it; only with `digest`."""

    def to_json(self) -> dict[str, Any]:
        """The end as over HTTP, with the names that it has there."""
        logs = {
            log: {
                "entries": totals.entries,
                "bytes": totals.bytes,
                "firstSequence": totals.first_sequence,
                "lastSequence": totals.last_sequence,
                "gaps": totals.gaps,
            }
            for log, totals in self.logs.items()
        }
        end: dict[str, Any] = {"reason": self.reason, "logs": logs}
        if self.sessions:
            end["sessions"] = [_delivered(session) for session in self.sessions]
        return end


def _delivered(session: DeliveredSession) -> dict[str, Any]:
    sources = [
        {"source": one.source, "entries": one.entries, "bytes": one.bytes, "sha256": one.sha256}
        for one in session.sources
    ]
    return {"sessionId": session.session_id, "complete": session.complete, "sources": sources}
