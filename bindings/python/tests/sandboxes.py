"""Sandboxes whose runtime starts fast everywhere: what it isolates is not what is tested here."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import silt

root = Path(__file__).parents[3]


def plain(**options: Any) -> silt.Sandbox:
    return silt.Sandbox.create(runtime="process", **options)


async def plain_async(**options: Any) -> silt.AsyncSandbox:
    return await silt.AsyncSandbox.create(runtime="process", **options)


def numbered_lines(first: int, count: int) -> str:
    """A line of shell that prints lines, each by a write of its own, so that none comes in parts."""
    return f'i={first}; while [ $i -lt {first + count} ]; do echo "line $i"; i=$((i+1)); done'


def until(holds: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Waits for a condition."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.01)


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def threads() -> int:
    return len(os.listdir("/proc/self/task"))


def resident() -> int:
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def running(sandbox: silt.Sandbox) -> int:
    return sum(session.ended_at is None for session in sandbox.inspect().sessions)


def in_thread(function: Callable[[], Any]) -> Callable[[], Any]:
    """Starts a function in a thread; what is returned waits for its result."""
    result: list[Any] = []
    thread = threading.Thread(target=lambda: result.append(function()), daemon=True)
    thread.start()

    def wait() -> Any:
        thread.join(60)
        assert result, "the thread has not ended"
        return result[0]

    return wait
