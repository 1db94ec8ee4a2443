# Generated from crates/silt-interface by `npm run generate`. Do not edit.
"""Options, as they are given by name; `None` is as if one was left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from os import PathLike
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypedDict

from .words import Source

if TYPE_CHECKING:
    from typing_extensions import Required

class LogStreamSelection(TypedDict, total=False):
    """What a stream reads, and from where."""

    sources: Literal["all"] | Collection[Source] | None
    """Where entries may come from. `"all"` is all four; `system` brings the logs `runtime` and `kernel` along. Default: stdout, stderr and output."""

    sessions: Collection[int] | None
    """Only entries of these exec sessions. Default: all sessions."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] | None
    """Only entries of this level and above. Default: every level."""

    grep: str | None
    """Only entries whose text, without colours and line end, matches this pattern (syntax of the Rust `regex` crate). Default: every entry."""

    since: datetime | str | None
    """Only entries captured at this time or later. Default: the oldest entry. Not together with `from_cursor`."""

    until: datetime | str | None
    """Only entries captured before this time; with `follow` the stream ends then. Default: the newest entry."""

    from_cursor: str | None
    """Only entries after the place this cursor stands at. Default: the oldest entry. Not together with `since`."""

    tail: int | None
    """Only the newest entries, this many, counted after all other filters. Default: every entry."""

    follow: bool | None
    """Wait for entries that are yet to come, until the sandbox stops. Default: False."""

    digest: bool | None
    """Count and hash what is delivered of each exec session, for `end.sessions`, which also says whether that is all of it. Default: False."""


class LogStreamOptions(LogStreamSelection, total=False):
    """What a stream reads, and from where."""

    on_gap: Literal["error", "report"] | None
    """What happens where entries are gone: `"error"` ends the stream with `MissedRotation`, `"report"` delivers a `LogGap` in their place and goes on. Default: "error"."""


class LogSnapshotOptions(TypedDict, total=False):
    """What a snapshot reads, and from where."""

    sources: Literal["all"] | Collection[Source] | None
    """Where entries may come from. `"all"` is all four; `system` brings the logs `runtime` and `kernel` along. Default: stdout, stderr and output."""

    sessions: Collection[int] | None
    """Only entries of these exec sessions. Default: all sessions."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] | None
    """Only entries of this level and above. Default: every level."""

    grep: str | None
    """Only entries whose text, without colours and line end, matches this pattern (syntax of the Rust `regex` crate). Default: every entry."""

    since: datetime | str | None
    """Only entries captured at this time or later. Default: the oldest entry. Not together with `from_cursor`."""

    until: datetime | str | None
    """Only entries captured before this time; with `follow` the stream ends then. Default: the newest entry."""

    from_cursor: str | None
    """Only entries after the place this cursor stands at. Default: the oldest entry. Not together with `since`."""

    tail: int | None
    """Only the newest entries, this many, counted after all other filters. Default: every entry."""


class MountOptions(TypedDict, total=False):
    """A host folder or file shown inside."""

    source: Required[str | PathLike[str]]
    """The path on the host."""

    target: Required[str | PathLike[str]]
    """The path inside."""

    read_only: bool | None
    """Whether it can not be written from inside. Default: True."""


class LimitOptions(TypedDict, total=False):
    """How much a sandbox may use."""

    memory_bytes: int | None
    """Memory of the whole sandbox, in bytes. Default: none."""

    processes: int | None
    """Processes and threads of the whole sandbox. Default: none."""

    open_files: int | None
    """Open files of each process. Default: the host's."""

    cpu_seconds: int | None
    """CPU time of each process, in seconds. Default: none."""

    best_effort: bool | None
    """Go on without a limit that this machine can not hold; each is named in a `system` entry. Otherwise it is `LimitUnavailable`. Default: False."""


class LogOptions(TypedDict, total=False):
    """How a sandbox's log is kept."""

    max_bytes: int | None
    """Size of the log on disk, in bytes; beyond it the oldest entries go. Default: 268435456."""

    segment_bytes: int | None
    """Size of one file of the log, in bytes; at most half of `max_bytes`. Default: the smaller of 16777216 and max_bytes / 8."""

    max_age: float | str | timedelta | None
    """Entries older than this go. Default: none."""

    sync: Literal["segment", "interval", "write"] | None
    """When entries are forced to the disk: at each new file, once a second, or at each write. Default: "segment"."""

    compress: Literal["none", "zstd"] | None
    """How older files of the log are compressed. Default: "none"."""


class SandboxOptions(TypedDict, total=False):
    """What a sandbox is made of."""

    name: str | None
    """Lower-case letters, digits, `.`, `_` and `-`, at most 63, the first a letter or digit. Default: one is made up."""

    runtime: Literal["namespace", "process"] | None
    """What isolates it. `"process"` isolates nothing. Default: "namespace"."""

    workdir: str | PathLike[str] | None
    """The host folder shown, writable, at `/workspace`. Default: a private folder."""

    mounts: Sequence[MountOptions] | None
    """Further host folders shown inside. Default: none."""

    env: Mapping[str, str] | None
    """Environment variables of every command. Their values are never written to disk. Default: none."""

    network: Literal["none", "host"] | None
    """What it reaches of the network: an own loopback, or all that the host reaches. Default: "none"; "host" for the runtime "process", which can not isolate it."""

    max_lifetime: float | str | timedelta | None
    """The sandbox is stopped this long after its start. Default: none."""

    idle_timeout: float | str | timedelta | None
    """The sandbox is stopped when for this long no session ran and no client was connected. Default: none."""

    limits: LimitOptions | None
    """How much it may use. Default: none."""

    logs: LogOptions | None
    """How its log is kept. Default: as listed there."""


class StartOptions(TypedDict, total=False):
    """What a start may change; the rest is as at the sandbox's creation."""

    env: Mapping[str, str] | None
    """Environment variables of every command, given again: their values were not kept. Default: none."""


class PtyOptions(TypedDict, total=False):
    """The size of a terminal."""

    columns: int | None
    """In characters. Default: 80."""

    rows: int | None
    """In lines. Default: 24."""


class CommandOptions(TypedDict, total=False):
    """How a command is run."""

    cwd: str | PathLike[str] | None
    """Working folder inside, relative to `/workspace`. Default: /workspace."""

    env: Mapping[str, str] | None
    """Environment variables, over those of the sandbox. Default: none."""

    timeout: float | str | timedelta | None
    """SIGTERM goes to the session's group after this long, SIGKILL 5 s later. Default: none."""

    pty: bool | PtyOptions | None
    """Run on a pseudo-terminal: exact order, and one source, `output`. Default: False."""


class Option(NamedTuple):
    """How an option crosses into the core."""

    name: str
    type: str
    shape: str | None

SHAPES: Final[Mapping[str, Mapping[str, Option]]] = {
    "LogStreamOptions": {
        "sources": Option("sources", "sources", None),
        "sessions": Option("sessions", "sessionIds", None),
        "level": Option("level", "choice", None),
        "grep": Option("grep", "text", None),
        "since": Option("since", "time", None),
        "until": Option("until", "time", None),
        "from_cursor": Option("fromCursor", "text", None),
        "tail": Option("tail", "integer", None),
        "follow": Option("follow", "flag", None),
        "on_gap": Option("onGap", "choice", None),
        "digest": Option("digest", "flag", None),
    },
    "LogSnapshotOptions": {
        "sources": Option("sources", "sources", None),
        "sessions": Option("sessions", "sessionIds", None),
        "level": Option("level", "choice", None),
        "grep": Option("grep", "text", None),
        "since": Option("since", "time", None),
        "until": Option("until", "time", None),
        "from_cursor": Option("fromCursor", "text", None),
        "tail": Option("tail", "integer", None),
    },
    "MountOptions": {
        "source": Option("source", "text", None),
        "target": Option("target", "text", None),
        "read_only": Option("readOnly", "flag", None),
    },
    "LimitOptions": {
        "memory_bytes": Option("memoryBytes", "integer", None),
        "processes": Option("processes", "integer", None),
        "open_files": Option("openFiles", "integer", None),
        "cpu_seconds": Option("cpuSeconds", "integer", None),
        "best_effort": Option("bestEffort", "flag", None),
    },
    "LogOptions": {
        "max_bytes": Option("maxBytes", "integer", None),
        "segment_bytes": Option("segmentBytes", "integer", None),
        "max_age": Option("maxAge", "duration", None),
        "sync": Option("sync", "choice", None),
        "compress": Option("compress", "choice", None),
    },
    "SandboxOptions": {
        "name": Option("name", "text", None),
        "runtime": Option("runtime", "choice", None),
        "workdir": Option("workdir", "text", None),
        "mounts": Option("mounts", "objects", "MountOptions"),
        "env": Option("env", "environment", None),
        "network": Option("network", "choice", None),
        "max_lifetime": Option("maxLifetime", "duration", None),
        "idle_timeout": Option("idleTimeout", "duration", None),
        "limits": Option("limits", "object", "LimitOptions"),
        "logs": Option("logs", "object", "LogOptions"),
    },
    "StartOptions": {
        "env": Option("env", "environment", None),
    },
    "PtyOptions": {
        "columns": Option("columns", "integer", None),
        "rows": Option("rows", "integer", None),
    },
    "CommandOptions": {
        "cwd": Option("cwd", "text", None),
        "env": Option("env", "environment", None),
        "timeout": Option("timeout", "duration", None),
        "pty": Option("pty", "flagOrObject", "PtyOptions"),
    },
}
