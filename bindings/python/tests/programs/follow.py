"""Follows a sandbox's log to its end and says what it saw, as JSON, on standard output.

python follow.py NAME [async] [resume] OPTIONS
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import silt

name, kind, text = sys.argv[1:4]
options: dict[str, Any] = {"follow": True, **json.loads(text)}
resume = options.pop("resume", False)
seen: dict[str, Any] = {"entries": 0, "lost": 0, "repeated": 0, "wrong": 0, "missed": 0, "reason": None}
following = 1


def take(entry: silt.LogEntry | silt.LogGap) -> None:
    global following
    if isinstance(entry, silt.LogGap):
        seen["lost"] += entry.lost
        following = entry.to + 1
        return
    if entry.sequence < following:
        seen["repeated"] += 1
    else:
        seen["wrong"] += entry.sequence - following
    if entry.line != f"line {entry.sequence - 1}":
        seen["wrong"] += 1
    following = entry.sequence + 1
    seen["entries"] += 1


def missed(error: silt.MissedRotation) -> str:
    global following
    if not resume:
        raise error
    seen["missed"] += 1
    for gap in error.gaps:
        seen["lost"] += gap.lost
        if gap.from_ != following:
            seen["wrong"] += 1
        following = gap.to + 1
    return error.resume_cursor


def say() -> None:
    print("following", file=sys.stderr, flush=True)


def follow() -> None:
    handle = silt.Sandbox.get(name)
    cursor = None
    while True:
        with handle.log_stream(**options, from_cursor=cursor) as stream:
            say()
            try:
                for entry in stream:
                    take(entry)
            except silt.MissedRotation as error:
                cursor = missed(error)
                continue
            seen["reason"] = stream.end and stream.end.reason
            return


async def follow_async() -> None:
    handle = await silt.AsyncSandbox.get(name)
    cursor = None
    while True:
        async with await handle.log_stream(**options, from_cursor=cursor) as stream:
            say()
            try:
                async for entry in stream:
                    take(entry)
            except silt.MissedRotation as error:
                cursor = missed(error)
                continue
            seen["reason"] = stream.end and stream.end.reason
            return


if kind == "async":
    asyncio.run(follow_async())
else:
    follow()
print(json.dumps(seen))
