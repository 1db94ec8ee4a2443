"""How streams end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._generated.records import LogTotals
from .._generated.words import EndReason, LogName


@dataclass(frozen=True)
class LogEnd:
    """How a stream ended."""

    reason: EndReason
    logs: Mapping[LogName, LogTotals]
    """By log, those that were read."""

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
        return {"reason": self.reason, "logs": logs}
