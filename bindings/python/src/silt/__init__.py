"""Runs commands in sandboxes and never loses a line of what they say."""

from ._generated.errors import (
    Corruption,
    ErrorCode,
    InvalidArgument,
    InvalidCursor,
    LimitUnavailable,
    MissedRotation,
    RuntimeUnavailable,
    SandboxExists,
    SandboxNotFound,
    SandboxNotRunning,
    SourceReplaced,
    Truncated,
)
from ._generated.options import (
    CommandOptions,
    LimitOptions,
    LogOptions,
    LogSnapshotOptions,
    LogStreamOptions,
    MountOptions,
    PtyOptions,
    SandboxOptions,
    StartOptions,
)
from ._generated.records import (
    FileInfo,
    GapRange,
    LogDamage,
    LogTotals,
    SandboxInfo,
    SandboxLimits,
    SessionEnd,
    SessionInfo,
    SourceTotals,
    VerifiedLog,
    VerifyReport,
)
from ._generated.version import VERSION as __version__
from ._generated.words import (
    BytesFormat,
    CursorReason,
    EndReason,
    GapReason,
    Level,
    LogName,
    Part,
    SandboxStatus,
    Source,
)
from .errors.silt_error import SiltError
from .log.async_stream import AsyncLogStream
from .log.directory import AsyncLogDirectory, LogDirectory
from .log.end import LogEnd
from .log.entry import LogEntry
from .log.gap import LogGap
from .log.pending import Pending
from .log.snapshot import LogSnapshot
from .log.stream import LogStream
from .sandbox.async_sandbox import AsyncSandbox, AsyncSandboxHandle
from .sandbox.async_session import AsyncExecSession
from .sandbox.exec_result import ExecResult
from .sandbox.files import AsyncSandboxFiles, SandboxFiles
from .sandbox.sandbox import Sandbox, SandboxHandle
from .sandbox.session import ExecSession

PENDING = Pending.PENDING
"""What `try_recv()` gives when the next entry is yet to come."""

__all__ = [
    "PENDING",
    "AsyncExecSession",
    "AsyncLogDirectory",
    "AsyncLogStream",
    "AsyncSandbox",
    "AsyncSandboxFiles",
    "AsyncSandboxHandle",
    "BytesFormat",
    "CommandOptions",
    "Corruption",
    "CursorReason",
    "EndReason",
    "ErrorCode",
    "ExecResult",
    "ExecSession",
    "FileInfo",
    "GapRange",
    "GapReason",
    "InvalidArgument",
    "InvalidCursor",
    "Level",
    "LimitOptions",
    "LimitUnavailable",
    "LogDamage",
    "LogDirectory",
    "LogEnd",
    "LogEntry",
    "LogGap",
    "LogName",
    "LogOptions",
    "LogSnapshot",
    "LogSnapshotOptions",
    "LogStream",
    "LogStreamOptions",
    "LogTotals",
    "MissedRotation",
    "MountOptions",
    "Part",
    "Pending",
    "PtyOptions",
    "RuntimeUnavailable",
    "Sandbox",
    "SandboxExists",
    "SandboxFiles",
    "SandboxHandle",
    "SandboxInfo",
    "SandboxLimits",
    "SandboxNotFound",
    "SandboxNotRunning",
    "SandboxOptions",
    "SandboxStatus",
    "SessionEnd",
    "SessionInfo",
    "SiltError",
    "Source",
    "SourceReplaced",
    "SourceTotals",
    "StartOptions",
    "Truncated",
    "VerifiedLog",
    "VerifyReport",
    "__version__",
]
