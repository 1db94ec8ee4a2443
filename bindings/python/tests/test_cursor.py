"""Cursors: resuming, and why they are refused."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from sandboxes import plain

import silt


def refused(readable: silt.Sandbox | silt.LogDirectory, cursor: str) -> str:
    with pytest.raises(silt.InvalidCursor) as error:
        readable.log_stream(from_cursor=cursor)
    assert error.value.code == "InvalidCursor"
    return error.value.reason


def test_every_entry_resumes_just_after_itself() -> None:
    with plain(logs={"max_bytes": 1 << 20, "segment_bytes": 4 << 10}) as sandbox:
        sandbox.exec("seq", ["300"])
        for entry in sandbox.logs():
            following = sandbox.log_stream(from_cursor=entry.cursor).recv()
            assert (following.sequence if following else 301) == entry.sequence + 1


def test_reasons(tmp_path: Path) -> None:
    with plain() as sandbox:
        sandbox.shell("echo one")
        logs = Path(os.environ["SILT_HOME"], "sandboxes", sandbox.name, "logs")
        shutil.copytree(logs, tmp_path / "earlier", symlinks=True)
        sandbox.shell("echo two")
        cursor = sandbox.logs()[1].cursor
        assert refused(sandbox, "not one") == "malformed"
        changed = cursor[:-1] + ("A" if cursor[-1] != "A" else "g")
        assert refused(sandbox, changed) in ("checksum", "malformed")
        flipped = cursor[:10] + ("A" if cursor[10] != "A" else "B") + cursor[11:]
        assert refused(sandbox, flipped) == "checksum"
        with plain() as other:
            other.shell("echo one; echo two")
            assert refused(other, cursor) == "other-log"
        earlier = silt.LogDirectory.open(tmp_path / "earlier")
        assert refused(earlier, cursor) == "past-end"
        assert refused(sandbox, "") == "malformed"
