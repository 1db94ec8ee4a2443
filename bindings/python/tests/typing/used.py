"""What a program gets, by its types."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import assert_type

import silt


def blocking(sandbox: silt.Sandbox, since: datetime) -> None:
    assert_type(sandbox.log_stream(follow=True, since=since), silt.LogStream[silt.LogEntry])
    both = sandbox.log_stream(on_gap="report")
    assert_type(both, silt.LogStream[silt.LogEntry | silt.LogGap])
    for item in both:
        if item.type == "gap":
            assert_type(item, silt.LogGap)
        else:
            assert_type(item.data, bytes)
    assert_type(sandbox.logs(sources=["stdout"])[0], silt.LogEntry)
    assert_type(sandbox.spawn("cat", pty={"columns": 90}), silt.ExecSession)


async def asynchronous(sandbox: silt.AsyncSandbox) -> None:
    stream = await sandbox.log_stream(on_gap="report")
    assert_type(await stream.recv(), silt.LogEntry | silt.LogGap | None)
    async for entry in await sandbox.log_stream():
        assert_type(entry, silt.LogEntry)


def wrong(sandbox: silt.Sandbox, error: silt.MissedRotation) -> None:
    sandbox.log_stream(tail="10")  # type: ignore[call-overload]
    sandbox.logs(tial=10)  # type: ignore[call-arg]
    sandbox.log_stream(sources=["stdin"])  # type: ignore[list-item]
    assert_type(error.gaps, tuple[silt.GapRange, ...])
