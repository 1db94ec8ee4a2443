"""All ways of reading one stream hand over from one place: each goes on where the last one stopped."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sandboxes import plain

import silt

LINES = 5000


@pytest.fixture(scope="module")
def sandbox() -> Iterator[silt.Sandbox]:
    with plain() as made:
        # So that a line is its own sequence number.
        made.exec("sh", ["-c", f"i=1; while [ $i -le {LINES} ]; do echo $i; i=$((i+1)); done"])
        yield made


def numbers(taken: Any) -> list[int]:
    """Of the entries in what a way gave."""
    if isinstance(taken, bytes):
        return [int(line) for line in taken.split()]
    return [int(entry.line) for entry in (taken if isinstance(taken, list) else [taken])]


def steps(stream: silt.LogStream[silt.LogEntry]) -> list[Callable[[], Any]]:
    """One step of each way. The iterators are kept from step to step, and begun anew."""
    kept = [iter(stream), stream.batches(), stream.bytes()]
    return [
        *(lambda iterator=iterator: next(iterator, None) for iterator in kept),
        lambda: next(iter(stream), None),
        stream.recv,
        stream.try_recv,
    ]


@pytest.mark.parametrize("seed", range(12))
def test_mixed_ways_hand_over_each_entry_once(sandbox: silt.Sandbox, seed: int) -> None:
    chosen = random.Random(seed)
    seen: list[int] = []
    with sandbox.log_stream() as stream:
        ways = steps(stream)
        single = [*ways[:1], *ways[3:]]
        while True:
            # Those that take one at a time come often, so that the others begin within a batch.
            way = chosen.choice(single if chosen.random() < 0.998 else ways[1:3])
            taken = way()
            if taken is None:
                break
            seen += numbers(taken)
            if chosen.random() < 0.01:
                following = sandbox.log_stream(from_cursor=stream.position).recv()
                assert following is None or int(following.line) == seen[-1] + 1
    assert seen == list(range(1, LINES + 1))


@pytest.mark.parametrize("seed", range(12))
def test_mixed_ways_of_asyncio_hand_over_each_entry_once(sandbox: silt.Sandbox, seed: int) -> None:
    async def main() -> None:
        chosen = random.Random(seed)
        seen: list[int] = []
        handle = await silt.AsyncSandbox.get(sandbox.name)
        async with await handle.log_stream() as stream:
            kept = [aiter_of(stream), aiter_of(stream.batches()), aiter_of(stream.bytes())]
            while True:
                choice = chosen.choice([0, 3, 4] if chosen.random() < 0.998 else [1, 2])
                if choice < 3:
                    taken = await kept[choice]()
                else:
                    taken = await stream.recv() if choice == 3 else stream.try_recv()
                if taken is None:
                    break
                seen += numbers(taken)
                if chosen.random() < 0.01:
                    resumed = await handle.log_stream(from_cursor=stream.position)
                    following = await resumed.recv()
                    assert following is None or int(following.line) == seen[-1] + 1
        assert seen == list(range(1, LINES + 1))

    asyncio.run(main())


def aiter_of(iterable: Any) -> Callable[[], Any]:
    iterator = iterable.__aiter__()

    async def following() -> Any:
        try:
            return await iterator.__anext__()
        except StopAsyncIteration:
            return None

    return following


def test_a_format_that_is_refused_takes_nothing(sandbox: silt.Sandbox) -> None:
    with sandbox.log_stream() as stream:
        before = stream.position
        with pytest.raises(silt.InvalidArgument):
            next(stream.bytes("xml"))  # type: ignore[arg-type]
        assert stream.position == before
        assert [int(entry.line) for entry in stream] == list(range(1, LINES + 1))

    async def main() -> None:
        handle = await silt.AsyncSandbox.get(sandbox.name)
        async with await handle.log_stream() as stream:
            with pytest.raises(silt.InvalidArgument):
                await stream.bytes("xml").__aiter__().__anext__()  # type: ignore[arg-type]
            assert [int(entry.line) async for entry in stream] == list(range(1, LINES + 1))

    asyncio.run(main())
