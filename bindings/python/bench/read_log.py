"""Reads a whole log and says on one line, in JSON, how fast and what it was given.

python read_log.py silt|microsandbox for|async SANDBOX COUNT
"""

from __future__ import annotations

import asyncio
import json
import sys
from time import perf_counter

from clients import handle_of
from lines import Tally


def for_each(sandbox: str, tally: Tally) -> float:
    """`for`; how many seconds it took."""
    import silt

    handle = silt.Sandbox.get(sandbox)
    began = perf_counter()
    for entry in handle.log_stream():
        tally.add(entry.data)
    return perf_counter() - began


async def async_for_each(peer: str, sandbox: str, tally: Tally) -> float:
    """`async for`; how many seconds it took."""
    handle = await handle_of(peer, sandbox)
    began = perf_counter()
    async for entry in await handle.log_stream():
        tally.add(entry.data)
    return perf_counter() - began


def main(peer: str, way: str, sandbox: str, count: str) -> None:
    tally = Tally()
    blocking = way == "for"
    seconds = for_each(sandbox, tally) if blocking else asyncio.run(async_for_each(peer, sandbox, tally))
    print(json.dumps({"seconds": seconds, **tally.finish(int(count))}))


if __name__ == "__main__":
    main(*sys.argv[1:])
