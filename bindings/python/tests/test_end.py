"""Why streams end."""

from __future__ import annotations

import os
import shutil
import signal
from datetime import datetime, timedelta, timezone
from pathlib import Path

from sandboxes import in_thread, plain, until

import silt


def reason(stream: silt.LogStream[silt.LogEntry]) -> str:
    list(stream)
    assert stream.end is not None
    return stream.end.reason


def test_drained_stopped_until_closed() -> None:
    with plain() as sandbox:
        sandbox.shell("echo one")
        assert reason(sandbox.log_stream()) == "drained"
        followed = sandbox.log_stream(follow=True)
        stopping = in_thread(lambda: reason(followed))
        soon = datetime.now(timezone.utc) + timedelta(seconds=0.3)
        assert reason(sandbox.log_stream(follow=True, until=soon)) == "until"
        closed = sandbox.log_stream(follow=True)
        closed.close()
        assert reason(closed) == "closed"
    assert stopping() == "stopped"


def test_crashed() -> None:
    sandbox = plain()
    sandbox.shell("echo one")
    stream = sandbox.log_stream(follow=True)
    pid = sandbox.inspect().supervisor_pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert reason(stream) == "crashed"
    until(lambda: silt.Sandbox.get(sandbox.name).status == "crashed", "it is not seen to have crashed")


def test_removed() -> None:
    sandbox = plain()
    sandbox.shell("echo one")
    stream = sandbox.log_stream(follow=True)
    assert stream.recv() is not None
    ended = in_thread(lambda: reason(stream))
    sandbox.remove(force=True)
    assert ended() in ("removed", "stopped")


def test_a_copy_can_be_read_and_has_no_writer(tmp_path: Path) -> None:
    with plain() as sandbox:
        sandbox.shell("echo one")
    logs = Path(os.environ["SILT_HOME"], "sandboxes", sandbox.name, "logs")
    shutil.copytree(logs, tmp_path / "copy", symlinks=True)
    copy = silt.LogDirectory.open(tmp_path / "copy")
    assert reason(copy.log_stream(follow=True)) == "stopped"
