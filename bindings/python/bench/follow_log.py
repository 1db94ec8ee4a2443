"""Follows a log whose lines are the monotonic time of their writing, in nanoseconds.

python follow_log.py silt|microsandbox for|async SANDBOX COUNT

Prints "following" once it follows, and then how many milliseconds each line took to get here, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from time import monotonic_ns

from clients import handle_of


def for_each(sandbox: str, count: int) -> list[float]:
    """`for`; the delay of each entry."""
    import silt

    delays = []
    with silt.Sandbox.get(sandbox).log_stream(follow=True) as stream:
        print(json.dumps("following"), flush=True)
        for entry in stream:
            delays.append((monotonic_ns() - int(entry.data)) / 1e6)
            if len(delays) == count:
                break
    return delays


async def async_for_each(peer: str, sandbox: str, count: int) -> list[float]:
    """`async for`; the delay of each entry."""
    delays = []
    stream = await (await handle_of(peer, sandbox)).log_stream(follow=True)
    print(json.dumps("following"), flush=True)
    async for entry in stream:
        delays.append((monotonic_ns() - int(entry.data)) / 1e6)
        if len(delays) == count:
            break
    return delays


def main(peer: str, way: str, sandbox: str, count: str) -> None:
    if way == "for":
        delays = for_each(sandbox, int(count))
    else:
        delays = asyncio.run(async_for_each(peer, sandbox, int(count)))
    print(json.dumps({"delays": delays, "lost": int(count) - len(delays), "repeated": 0}))


if __name__ == "__main__":
    main(*sys.argv[1:])
