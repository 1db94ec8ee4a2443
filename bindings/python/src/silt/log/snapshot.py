"""Logs as they are now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._native.channel import Channel
from .entry import LogEntry
from .gap import LogGap
from .reader import BatchReader, Readiness, Source

# More than a stream's: fewer blocks of memory to keep.
_BATCH_ENTRIES = 4096


class LogSnapshot(list[LogEntry]):
    """The entries of a log as they are now, those of several logs merged by time."""

    cursor: str = ""
    """Stands after the last entry: a stream with `from_cursor` goes on there."""

    truncated: bool = False
    """Whether the beginning of the log is gone."""

    gaps: list[LogGap]
    """Where entries are missing in between."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps = []


async def read_snapshot(channel: Channel, source: Source, options: Mapping[str, Any]) -> LogSnapshot:
    """Reads a log from one end to the other."""
    # Before it is open: one that is short is done as soon as it holds any files, however many there are.
    await channel.turn()
    snapshot = LogSnapshot()
    is_first = True
    reader = BatchReader(source, options, "snapshot", limit=_BATCH_ENTRIES)
    try:
        while (readiness := reader.ready()) is not Readiness.END:
            if readiness is Readiness.ITEM:
                for item in reader.hand.items:
                    if isinstance(item, LogEntry):
                        snapshot.append(item)
                    else:
                        snapshot.gaps.append(item)
            if not is_first:
                await channel.turn()
            is_first = False
        snapshot.cursor = reader.position
        snapshot.truncated = reader.truncated
    finally:
        reader.close("closed")
    return snapshot
