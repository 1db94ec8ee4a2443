# Generated from crates/silt-interface by `npm run generate`. Do not edit.
"""What is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..log.time import from_text
from .words import (
    DamageKind,
    EndReason,
    FileKind,
    GapReason,
    LogName,
    SandboxStatus,
    Source,
)

@dataclass(frozen=True)
class GapRange:
    """Entries that are gone, both ends included."""

    log: LogName
    """The log that they were in."""
    from_: int
    """The first number that is missing."""
    to: int
    """The last number that is missing."""
    lost: int | None
    """How many entries were lost; None where only a bound is known."""
    reason: GapReason
    """Why they are gone."""

    @classmethod
    def from_json(cls, json: dict[str, Any]) -> GapRange:
        """One, as the core tells it."""
        return cls(
            log=json["log"],
            from_=json["from"],
            to=json["to"],
            lost=json["lost"],
            reason=json["reason"],
        )


@dataclass(frozen=True)
class RecordedGap:
    """Entries of one log that are gone, both ends included."""

    from_: int
    """The first number that is missing."""
    to: int
    """The last number that is missing."""
    lost: int | None
    """How many entries were lost; None where only a bound is known."""
    reason: GapReason
    """Why they are gone."""

    @classmethod
    def from_json(cls, json: dict[str, Any]) -> RecordedGap:
        """One, as the core tells it."""
        return cls(
            from_=json["from"],
            to=json["to"],
            lost=json["lost"],
            reason=json["reason"],
        )


@dataclass(frozen=True)
class LogTotals:
    """What a stream delivered of one log."""

    entries: int
    """How many entries."""
    bytes: int
    """Bytes of the entries' data."""
    first_sequence: int | None
    """None when nothing was delivered."""
    last_sequence: int | None
    """None when nothing was delivered."""
    gaps: int
    """How many gaps were delivered."""

    @classmethod
    def from_json(cls, json: dict[str, Any]) -> LogTotals:
        """One, as the core tells it."""
        return cls(
            entries=json["entries"],
            bytes=json["bytes"],
            first_sequence=json["firstSequence"],
            last_sequence=json["lastSequence"],
            gaps=json["gaps"],
        )

    def to_json(self) -> dict[str, Any]:
        """With the names that it has over HTTP."""
        return {
            "entries": self.entries,
            "bytes": self.bytes,
            "firstSequence": self.first_sequence,
            "lastSequence": self.last_sequence,
            "gaps": self.gaps,
        }


@dataclass(frozen=True)
class SourceTotals:
    """What a session wrote to one source, or what came of that."""

    source: Source
    """`stdout`, `stderr` or `output`."""
    entries: int
    """How many entries."""
    bytes: int
    """How many bytes."""
    sha256: str
    """Of all bytes, in hexadecimal."""

    @classmethod
    def from_json(cls, json: dict[str, Any]) -> SourceTotals:
        """One, as the core tells it."""
        return cls(
            source=json["source"],
            entries=json["entries"],
            bytes=json["bytes"],
            sha256=json["sha256"],
        )

    def to_json(self) -> dict[str, Any]:
        """With the names that it has over HTTP."""
        return {
            "source": self.source,
            "entries": self.entries,
            "bytes": self.bytes,
            "sha256": self.sha256,
        }


@dataclass(frozen=True)
class DeliveredSession:
    """What a stream delivered of an exec session."""

    session_id: int
    """Its number in its sandbox."""
    complete: bool | None
    """Whether it is all that the session wrote to the sources asked for, by the totals of its exit record, which were counted where the bytes came in. None where that can not be said: the session has not ended as far as the stream was read, the stream began after the session's first entry, or it selects by `level`, `grep` or `since`."""
    sources: Sequence[SourceTotals]
    """Those of which something was delivered."""

    @classmethod
    def from_json(cls, json: dict[str, Any]) -> DeliveredSession:
        """One, as the core tells it."""
        return cls(
            session_id=json["sessionId"],
            complete=json["complete"],
            sources=tuple(SourceTotals.from_json(one) for one in json["sources"]),
        )

    def to_json(self) -> dict[str, Any]:
        """With the names that it has over HTTP."""
        return {
            "sessionId": self.session_id,
            "complete": self.complete,
            "sources": [one.to_json() for one in self.sources],
        }


@dataclass(frozen=True)
class StreamEnd:
    """How a stream ended."""

    reason: EndReason
    """Why it ended."""
    position: str
    """The cursor from which another stream goes on."""
    truncated: bool
    """Whether the beginning of the log is gone."""
    logs: Mapping[LogName, LogTotals]
    """By log, those that were read."""
    sessions: Sequence[DeliveredSession] | None
    """By exec session, in their order; only with the option `digest`."""

    @classmethod
    def from_json(cls, json: dict[str, Any]) -> StreamEnd:
        """One, as the core tells it."""
        return cls(
            reason=json["reason"],
            position=json["position"],
            truncated=json["truncated"],
            logs={log: LogTotals.from_json(one) for log, one in json["logs"].items()},
            sessions=None if "sessions" not in json else tuple(DeliveredSession.from_json(one) for one in json["sessions"]),
        )


@dataclass(frozen=True)
class SandboxLimits:
    """How much a sandbox may use. Absent: no limit of Silt's own."""

    memory_bytes: int | None
    """Memory of the whole sandbox, in bytes."""
    processes: int | None
    """Processes and threads of the whole sandbox."""
    open_files: int | None
    """Open files of each process."""
    cpu_seconds: int | None
    """CPU time of each process, in seconds."""
    best_effort: bool
    """Whether it goes on without a limit that does not hold."""

    @classmethod
    def from_json(cls, json: dict[str, Any]) -> SandboxLimits:
        """One, as the core tells it."""
        return cls(
            memory_bytes=json.get("memoryBytes"),
            processes=json.get("processes"),
            open_files=json.get("openFiles"),
            cpu_seconds=json.get("cpuSeconds"),
            best_effort=json["bestEffort"],
        )


@dataclass(frozen=True)
class SessionInfo:
    """A command that ran or runs in a sandbox."""

    session_id: int
    """Its number in its sandbox."""
    command: Sequence[str]
    """The program and its arguments."""
    exit_code: int | None
    """None while it runs and after a signal."""
    signal: str | None
    """`"SIGKILL"`, …; None when it exited by itself."""
    started_at: datetime
    """When it was started."""
    ended_at: datetime | None
    """None while it runs."""
    crashed: bool
    """Only there, and true, where the supervisor died while it ran: how it ended is not known."""

    @classmethod
    def from_json(cls, json: dict[str, Any]) -> SessionInfo:
        """One, as the core tells it."""
        return cls(
            session_id=json["sessionId"],
            command=tuple(one for one in json["command"]),
            exit_code=json["exitCode"],
            signal=json["signal"],
            started_at=from_text(json["startedAt"]),
            ended_at=None if json["endedAt"] is None else from_text(json["endedAt"]),
            crashed=json.get("crashed", False),
        )


@dataclass(frozen=True)
class SandboxInfo:
    """What is known of a sandbox; the same as `silt inspect --json`. Times are RFC 3339 in UTC."""

    name: str
    """Its name."""
    status: SandboxStatus
    """Whether it runs."""
    runtime: str
    """What it runs in."""
    created_at: datetime
    """When it was created."""
    started_at: datetime | None
    """The newest start."""
    ended_at: datetime | None
    """None while it runs."""
    duration_ms: int | None
    """From the newest start to the end, or to now."""
    supervisor_pid: int | None
    """None unless it runs."""
    workdir: str
    """The folder on the host that is `/workspace` inside."""
    network: str
    """What it reaches of the network."""
    limits: SandboxLimits
    """How much it may use."""
    log_bytes: int
    """Size of the log on disk, in bytes."""
    log_max_bytes: int
    """The size beyond which the oldest entries go, in bytes."""
    truncated: bool
    """Whether the beginning of the log is gone."""
    sessions: Sequence[SessionInfo]
    """The newest 1,000, oldest first; empty in a list."""
    error: str | None
    """Why it ended, where it was not asked to."""

    @classmethod
    def from_json(cls, json: dict[str, Any]) -> SandboxInfo:
        """One, as the core tells it."""
        return cls(
            name=json["name"],
            status=json["status"],
            runtime=json["runtime"],
            created_at=from_text(json["createdAt"]),
            started_at=None if json["startedAt"] is None else from_text(json["startedAt"]),
            ended_at=None if json["endedAt"] is None else from_text(json["endedAt"]),
            duration_ms=json["durationMs"],
            supervisor_pid=json["supervisorPid"],
            workdir=json["workdir"],
            network=json["network"],
            limits=SandboxLimits.from_json(json["limits"]),
            log_bytes=json["logBytes"],
            log_max_bytes=json["logMaxBytes"],
            truncated=json["truncated"],
            sessions=tuple(SessionInfo.from_json(one) for one in json["sessions"]),
            error=json["error"],
        )


@dataclass(frozen=True)
class SessionEnd:
    """How a session ended."""

    session_id: int
    """Its number in its sandbox."""
    exit_code: int | None
    """None after a signal. 127: not found; 126: not executable."""
    signal: str | None
    """`"SIGKILL"`, …; None when it exited by itself."""
    timed_out: bool
    """Whether its time limit ended it."""
    detached: bool
    """Whether a child of it still held its output; what that writes still goes to the log."""
    started_at: datetime
    """When it was started."""
    ended_at: datetime
    """When it ended."""
    duration_ms: int
    """From start to end."""
    last_sequence: int
    """All that the session wrote until then is in the log up to this number."""
    totals: Sequence[SourceTotals]
    """Empty while `detached`."""

    @classmethod
    def from_json(cls, json: dict[str, Any]) -> SessionEnd:
        """One, as the core tells it."""
        return cls(
            session_id=json["sessionId"],
            exit_code=json["exitCode"],
            signal=json["signal"],
            timed_out=json["timedOut"],
            detached=json["detached"],
            started_at=from_text(json["startedAt"]),
            ended_at=from_text(json["endedAt"]),
            duration_ms=json["durationMs"],
            last_sequence=json["lastSequence"],
            totals=tuple(SourceTotals.from_json(one) for one in json["totals"]),
        )


@dataclass(frozen=True)
class SpawnedSession:
    """A command that was started."""

    session_id: int
    """Its number in its sandbox."""
    cursor: str
    """Stands just before its first entry, in all three logs."""

    @classmethod
    def from_json(cls, json: dict[str, Any]) -> SpawnedSession:
        """One, as the core tells it."""
        return cls(
            session_id=json["sessionId"],
            cursor=json["cursor"],
        )


@dataclass(frozen=True)
class WriteResult:
    """What became of bytes for a command's input."""

    closed: bool
    """Whether the command no longer reads its input."""

    @classmethod
    def from_json(cls, json: dict[str, Any]) -> WriteResult:
        """One, as the core tells it."""
        return cls(
            closed=json["closed"],
        )


@dataclass(frozen=True)
class ExposedPort:
    """A port that was made reachable."""

    port: int
    """On the host, at 127.0.0.1."""

    @classmethod
    def from_json(cls, json: dict[str, Any]) -> ExposedPort:
        """One, as the core tells it."""
        return cls(
            port=json["port"],
        )


@dataclass(frozen=True)
class FileInfo:
    """A file or folder in a sandbox."""

    name: str
    """Its name in its folder."""
    kind: FileKind
    """What it is."""
    size: int
    """In bytes."""
    modified_at: datetime
    """When it was changed."""

    @classmethod
    def from_json(cls, json: dict[str, Any]) -> FileInfo:
        """One, as the core tells it."""
        return cls(
            name=json["name"],
            kind=json["kind"],
            size=json["size"],
            modified_at=from_text(json["modifiedAt"]),
        )


@dataclass(frozen=True)
class VerifiedLog:
    """One log of a checked folder. Numbers are 0 where there are none."""

    log: LogName
    """Which one."""
    segments: int
    """Files read."""
    bytes: int
    """Bytes read."""
    entries: int
    """How many entries it holds."""
    first_sequence: int
    """The number of the first."""
    last_sequence: int
    """The number of the last."""
    truncated: bool
    """Whether its beginning is gone."""
    gaps: Sequence[RecordedGap]
    """Recorded gaps, the first 1,000."""
    torn_bytes: int
    """Bytes after the last whole line, which count for nothing."""

    @classmethod
    def from_json(cls, json: dict[str, Any]) -> VerifiedLog:
        """One, as the core tells it."""
        return cls(
            log=json["log"],
            segments=json["segments"],
            bytes=json["bytes"],
            entries=json["entries"],
            first_sequence=json["firstSequence"],
            last_sequence=json["lastSequence"],
            truncated=json["truncated"],
            gaps=tuple(RecordedGap.from_json(one) for one in json["gaps"]),
            torn_bytes=json["tornBytes"],
        )


@dataclass(frozen=True)
class LogDamage:
    """Damage, named by the entries that it touches."""

    log: LogName
    """The log that it is in."""
    segment: int
    """The number of the file it was found in."""
    kind: DamageKind
    """What is wrong."""
    from_: int | None
    """The first number that may be wrong or gone; None where no entry is touched."""
    to: int | None
    """The last one."""
    message: str
    """What was found."""

    @classmethod
    def from_json(cls, json: dict[str, Any]) -> LogDamage:
        """One, as the core tells it."""
        return cls(
            log=json["log"],
            segment=json["segment"],
            kind=json["kind"],
            from_=json["from"],
            to=json["to"],
            message=json["message"],
        )


@dataclass(frozen=True)
class VerifiedSessions:
    """Exec sessions whose length and SHA-256 were compared with their exit record."""

    checked: int
    """Held as a whole, and compared."""
    not_held: int
    """Not held as a whole, and not compared."""

    @classmethod
    def from_json(cls, json: dict[str, Any]) -> VerifiedSessions:
        """One, as the core tells it."""
        return cls(
            checked=json["checked"],
            not_held=json["notHeld"],
        )


@dataclass(frozen=True)
class VerifyReport:
    """What a check of a log folder found."""

    whole: bool
    """All that is held is as it was written. A beginning that is gone, and recorded gaps, do not matter."""
    log_id: str
    """Names the folder, in hexadecimal digits."""
    writer: SandboxStatus
    """Whether it has a writer, or how the last one ended."""
    logs: Sequence[VerifiedLog]
    """`exec`, `runtime`, `kernel`."""
    sessions: VerifiedSessions
    """Exec sessions that were compared with their exit record."""
    damage: Sequence[LogDamage]
    """The first 1,000."""
    damage_left_out: int
    """How many more there are."""

    @classmethod
    def from_json(cls, json: dict[str, Any]) -> VerifyReport:
        """One, as the core tells it."""
        return cls(
            whole=json["whole"],
            log_id=json["logId"],
            writer=json["writer"],
            logs=tuple(VerifiedLog.from_json(one) for one in json["logs"]),
            sessions=VerifiedSessions.from_json(json["sessions"]),
            damage=tuple(LogDamage.from_json(one) for one in json["damage"]),
            damage_left_out=json["damageLeftOut"],
        )

