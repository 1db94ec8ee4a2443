# Generated from crates/silt-interface by `npm run generate`. Do not edit.
"""The words that entries, gaps, ends and errors are described with."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

LogName: TypeAlias = Literal["exec", "runtime", "kernel"]
"""One of the three logs: what commands wrote, what the supervisor did, what the kernel did."""

# In the order of their numbers, where they have one.
LOGS: Final[tuple[LogName, ...]] = ("exec", "runtime", "kernel",)

Source: TypeAlias = Literal["stdout", "stderr", "output", "system"]
"""Where an entry's bytes came from; `output` is a terminal."""

# In the order of their numbers, where they have one.
SOURCES: Final[tuple[Source, ...]] = ("stdout", "stderr", "output", "system",)

Part: TypeAlias = Literal["first", "middle", "last"]
"""Which part of a split line an entry is."""

# In the order of their numbers, where they have one.
PARTS: Final[tuple[Part | None, ...]] = (None, "first", "middle", "last",)

Level: TypeAlias = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
"""How severe a line is."""

# In the order of their numbers, where they have one.
LEVELS: Final[tuple[Level, ...]] = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL",)

GapReason: TypeAlias = Literal["rotated", "crash", "disk-full", "damage"]
"""Why entries are missing."""

# In the order of their numbers, where they have one.
GAP_REASONS: Final[tuple[GapReason, ...]] = ("rotated", "crash", "disk-full", "damage",)

EndReason: TypeAlias = Literal["drained", "stopped", "crashed", "removed", "until", "closed", "aborted", "unknown"]
"""Why a stream ended."""

# In the order of their numbers, where they have one.
END_REASONS: Final[tuple[EndReason, ...]] = ("drained", "stopped", "crashed", "removed", "until", "closed", "aborted", "unknown",)

CursorReason: TypeAlias = Literal["malformed", "checksum", "newer-version", "other-log", "past-end"]
"""Why a cursor was refused."""

# In the order of their numbers, where they have one.
CURSOR_REASONS: Final[tuple[CursorReason, ...]] = ("malformed", "checksum", "newer-version", "other-log", "past-end",)

BytesFormat: TypeAlias = Literal["text", "ndjson", "sse"]
"""A form of a log as bytes."""

# In the order of their numbers, where they have one.
FORMATS: Final[tuple[BytesFormat, ...]] = ("text", "ndjson", "sse",)

SandboxStatus: TypeAlias = Literal["running", "stopped", "crashed"]
"""Whether a sandbox runs; `crashed`: its supervisor ended without ending the log."""

# In the order of their numbers, where they have one.
SANDBOX_STATUSES: Final[tuple[SandboxStatus, ...]] = ("running", "stopped", "crashed",)

FileKind: TypeAlias = Literal["file", "folder", "link", "other"]
"""What is found under a name; a link is not followed."""

# In the order of their numbers, where they have one.
FILE_KINDS: Final[tuple[FileKind, ...]] = ("file", "folder", "link", "other",)

DamageKind: TypeAlias = Literal["checksum", "line", "missing", "cut", "segment", "chain", "order", "session"]
"""What is wrong with a log on disk."""

# In the order of their numbers, where they have one.
DAMAGE_KINDS: Final[tuple[DamageKind, ...]] = ("checksum", "line", "missing", "cut", "segment", "chain", "order", "session",)
