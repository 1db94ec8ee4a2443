# Generated from crates/silt-interface by `npm run generate`. Do not edit.
"""The kinds of errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from ..errors.silt_error import SiltError

if TYPE_CHECKING:
    from .records import GapRange, VerifyReport
    from .words import CursorReason

ErrorCode: TypeAlias = Literal[
    "InvalidArgument",
    "InvalidCursor",
    "MissedRotation",
    "Corruption",
    "SourceReplaced",
    "Truncated",
    "SandboxNotFound",
    "SandboxExists",
    "SandboxNotRunning",
    "RuntimeUnavailable",
    "LimitUnavailable",
    "NotFound",
    "Locked",
    "Protocol",
    "Io",
    "Internal",
]
"""What `SiltError.code` can be."""

class InvalidArgument(SiltError):
    """An option is wrong. Nothing was read, written or started. The message says what is expected."""

    option: str
    """The option that was wrong."""


class InvalidCursor(SiltError):
    """The cursor can not be used on this log. No entry was delivered. Read from a time, or from the oldest entry."""

    reason: CursorReason
    """Why the cursor was refused, the first that applies."""


class MissedRotation(SiltError):
    """Entries that were asked for are gone. Resume from `resume_cursor`, or read with `on_gap="report"`."""

    gaps: tuple[GapRange, ...]
    """The entries that are gone, ends included."""

    resume_cursor: str
    """Goes on just after the gaps."""


class Corruption(SiltError):
    """What is on disk can not be read as a log. `verify` lists the damage; what is whole is still read with `on_gap="report"`."""

    path: str
    """The folder."""

    report: VerifyReport | None
    """What `verify` found; absent elsewhere."""


class SourceReplaced(SiltError):
    """The file that was followed is now another one, and nothing explains where the old one went. Open it anew to read the new one."""

    path: str
    """The file or folder."""


class Truncated(SiltError):
    """The file that was followed became shorter. Open it anew to read what it holds now."""

    path: str
    """The file or folder."""


class SandboxNotFound(SiltError):
    """There is no sandbox of this name. `silt ls` shows those there are."""

    sandbox: str
    """The sandbox's name."""


class SandboxExists(SiltError):
    """There already is a sandbox of this name. Take another one, or remove that one."""

    sandbox: str
    """The sandbox's name."""


class SandboxNotRunning(SiltError):
    """The sandbox is stopped. Start it first."""

    sandbox: str
    """The sandbox's name."""


class RuntimeUnavailable(SiltError):
    """This machine can not run this runtime. The message names the mend."""

    runtime: str
    """The runtime asked for."""


class LimitUnavailable(SiltError):
    """This machine can not hold this limit. The message names the mend; `best_effort=True` goes on without it."""

    limit: str
    """The limit asked for."""


# By code.
CLASSES: Final[Mapping[str, type[SiltError]]] = {
    "InvalidArgument": InvalidArgument,
    "InvalidCursor": InvalidCursor,
    "MissedRotation": MissedRotation,
    "Corruption": Corruption,
    "SourceReplaced": SourceReplaced,
    "Truncated": Truncated,
    "SandboxNotFound": SandboxNotFound,
    "SandboxExists": SandboxExists,
    "SandboxNotRunning": SandboxNotRunning,
    "RuntimeUnavailable": RuntimeUnavailable,
    "LimitUnavailable": LimitUnavailable,
}

# The types of their fields, by code.
FIELDS: Final[Mapping[str, Mapping[str, str]]] = {
    "InvalidArgument": {"option": "text"},
    "InvalidCursor": {"reason": "cursorReason"},
    "MissedRotation": {"gaps": "gaps", "resumeCursor": "text"},
    "Corruption": {"path": "text", "report": "verifyReport"},
    "SourceReplaced": {"path": "text"},
    "Truncated": {"path": "text"},
    "SandboxNotFound": {"sandbox": "text"},
    "SandboxExists": {"sandbox": "text"},
    "SandboxNotRunning": {"sandbox": "text"},
    "RuntimeUnavailable": {"runtime": "text"},
    "LimitUnavailable": {"limit": "text"},
    "NotFound": {"path": "text"},
    "Locked": {"path": "text"},
    "Protocol": {},
    "Io": {"path": "text"},
    "Internal": {},
}
