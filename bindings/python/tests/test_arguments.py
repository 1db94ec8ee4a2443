"""Every wrong option is named, and nothing is quietly left out."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sandboxes import plain, plain_async

import silt


def test_since_with_from_cursor_is_refused_before_any_io() -> None:
    sandbox = plain()
    handle = silt.Sandbox.get(sandbox.name)
    sandbox.remove(force=True)
    with pytest.raises(silt.InvalidArgument):
        handle.log_stream(since="5m", from_cursor="abc")
    with pytest.raises(silt.InvalidArgument):
        handle.logs(since="5m", from_cursor="abc")
    with pytest.raises(silt.SandboxNotFound) as gone:
        handle.log_stream()
    assert (gone.value.sandbox, gone.value.code) == (handle.name, "SandboxNotFound")

    async def main() -> None:
        removed = await plain_async()
        await removed.remove(force=True)
        with pytest.raises(silt.InvalidArgument):
            await removed.log_stream(since="5m", from_cursor="abc")
        with pytest.raises(silt.SandboxNotFound):
            await removed.log_stream()

    asyncio.run(main())


WRONG: dict[str, list[Any]] = {
    "since": [1_700_000_000, "yesterday", "2026-05-01T10:00:00", datetime(2026, 5, 1), {}],
    "until": [5, 5.5, "5", re.compile("5m"), timedelta(minutes=5)],
    "sources": ["everything", [], ["stdin"], 3, [1], {"stdin"}],
    "sessions": [[], [0], [-1], [1.5], [2**53], "x", [print]],
    "level": ["LOUD", 3],
    "grep": ["(", 4, re.compile("x"), b"x"],
    "tail": [-1, 1.5, float("nan"), float("inf"), "10", 2**53, True],
    "follow": ["yes", 1],
    "onGap": ["ignore", True],
    "fromCursor": [7, b"abc"],
    "tial": [10],
}
SPELLED = {"onGap": "on_gap", "fromCursor": "from_cursor"}


@pytest.mark.parametrize("option", WRONG)
def test_wrong_values(option: str) -> None:
    with plain() as sandbox:
        for value in WRONG[option]:
            wrong: dict[str, Any] = {SPELLED.get(option, option): value}
            with pytest.raises(silt.InvalidArgument) as refused:
                sandbox.log_stream(**wrong)
            assert option in refused.value.option, value
            assert not refused.value.retryable


def test_options_of_a_sandbox_are_checked_with_their_path() -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"logs": {"max_bytes": 1_000_000, "segment_bytes": 600_000}}, "logs.segmentBytes"),
        ({"logs": {"max_byte": 1}}, "logs.max_byte"),
        ({"mounts": [{"source": "/tmp"}]}, "mounts[0].target"),
        ({"limits": {"processes": 0}}, "limits.processes"),
        ({"max_lifetime": "soon"}, "maxLifetime"),
        ({"max_lifetime": float("inf")}, "maxLifetime"),
        ({"env": {"A": 1}}, "env"),
        ({"name": "a/b"}, "name"),
        ({"name": "\ud800"}, ""),
    ]
    for options, option in wrong:
        with pytest.raises(silt.InvalidArgument) as refused:
            plain(**options)
        assert option in refused.value.option, options


def test_times_and_durations_in_every_form() -> None:
    with plain(max_lifetime=timedelta(hours=1), idle_timeout=3600.5) as sandbox:
        sandbox.shell("echo now", timeout="5m")
        minute = timedelta(minutes=1)
        here = timezone(timedelta(hours=2))
        forms: list[datetime | str] = [datetime.now(here) - minute, "2020-01-01T00:00:00+02:00", "1h"]
        for since in forms:
            assert [entry.line for entry in sandbox.logs(since=since)] == ["now"]
            assert sandbox.logs(until=since) == []
        assert sandbox.logs(since=datetime.now(timezone.utc) + minute) == []
        assert sandbox.logs(since=None, tail=None)[0].line == "now"


def test_a_secret_is_shown_nowhere() -> None:
    secret = "hunter2-hunter2"
    with plain(env={"TOKEN": secret}) as sandbox:
        session = sandbox.spawn("cat", env={"TOKEN": secret})
        shown = repr([sandbox, session, sandbox.inspect(), sandbox.files, vars(sandbox), vars(session)])
        assert secret not in shown
        with pytest.raises(silt.InvalidArgument) as refused:
            sandbox.exec("true", env={"TOKEN": secret.encode()})  # type: ignore[dict-item]
        assert secret not in str(refused.value) + repr(refused.value.fields)
        session.kill()
