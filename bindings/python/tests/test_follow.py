"""Following over rotation, from processes of their own: everything once, or exactly what is gone."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sandboxes import numbered_lines, plain

import silt

LINES = 100_000
KINDS = ["blocking", "async"]


class Follower:
    def __init__(self, name: str, kind: str, options: dict[str, Any]) -> None:
        program = Path(__file__).parent / "programs/follow.py"
        self.process = subprocess.Popen(
            [sys.executable, str(program), name, kind, json.dumps(options)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self.process.stderr is not None
        assert self.process.stderr.readline() == b"following\n"

    def seen(self) -> dict[str, Any]:
        output, errors = self.process.communicate(timeout=100)
        assert self.process.returncode == 0, errors.decode()
        found: dict[str, Any] = json.loads(output)
        return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_line_once_in_order_over_rotation(kind: str) -> None:
    with plain(logs={"segment_bytes": 262_144}) as sandbox:
        follower = Follower(sandbox.name, kind, {})
        result = sandbox.shell(numbered_lines(0, LINES))
        assert result.totals[0].entries == LINES
    assert follower.seen() == {
        "entries": LINES,
        "lost": 0,
        "repeated": 0,
        "wrong": 0,
        "missed": 0,
        "reason": "stopped",
    }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("on_gap", ["error", "report"])
def test_a_stopped_follower_misses_an_exact_range_and_goes_on(kind: str, on_gap: str) -> None:
    with plain(logs={"max_bytes": 1 << 20, "segment_bytes": 128 << 10}) as sandbox:
        sandbox.shell("echo 'line 0'")
        follower = Follower(sandbox.name, kind, {"on_gap": on_gap, "resume": on_gap == "error"})
        follower.process.send_signal(signal.SIGSTOP)
        assert sandbox.shell(numbered_lines(1, LINES - 1)).exit_code == 0
        follower.process.send_signal(signal.SIGCONT)
    seen = follower.seen()
    assert (seen["repeated"], seen["wrong"], seen["reason"]) == (0, 0, "stopped")
    assert seen["lost"] > 0
    assert seen["entries"] + seen["lost"] == LINES
    assert (seen["missed"] > 0) == (on_gap == "error")


def test_a_cursor_whose_rest_is_gone() -> None:
    with plain(logs={"max_bytes": 64 << 10, "segment_bytes": 8 << 10}) as sandbox:
        sandbox.shell("echo first")
        cursor = sandbox.logs()[0].cursor
        sandbox.exec("seq", ["20000"])
        whole = sandbox.logs()
        assert whole.truncated
        oldest = whole[0].sequence
        with pytest.raises(silt.MissedRotation) as missed:
            sandbox.logs(from_cursor=cursor)
        gap = silt.GapRange("exec", 2, oldest - 1, oldest - 2, "rotated")
        assert missed.value.gaps == (gap,)
        assert not missed.value.retryable
        rest = sandbox.logs(from_cursor=missed.value.resume_cursor)
        assert [entry.sequence for entry in rest] == [entry.sequence for entry in whole]
        stream = sandbox.log_stream(from_cursor=cursor)
        for _ in range(2):
            with pytest.raises(silt.MissedRotation):
                stream.recv()
        assert stream.end is None
        reported = sandbox.log_stream(from_cursor=cursor, on_gap="report")
        first, second = reported.recv(), reported.recv()
        assert isinstance(first, silt.LogGap)
        assert (first.from_, first.to, first.lost, first.reason) == (2, oldest - 1, oldest - 2, "rotated")
        assert isinstance(second, silt.LogEntry)
        assert second.sequence == oldest
        after = sandbox.log_stream(from_cursor=first.resume_cursor).recv()
        assert after is not None
        assert after.sequence == oldest
