"""Streams for asyncio: the same entries, cancellation that loses nothing, turns for others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter

import pytest
from sandboxes import numbered_lines, plain, plain_async

import silt

LINES = 3000


def test_every_way_hands_over_the_same_in_order() -> None:
    async def main() -> None:
        async with await plain_async() as sandbox:
            await sandbox.shell(numbered_lines(0, LINES))
            stream = await sandbox.log_stream()
            expected = [entry.to_json() async for entry in stream]
            assert [entry["data"] for entry in expected] == [f"line {i}\n" for i in range(LINES)]
            assert stream.end is not None
            assert stream.end.reason == "drained"
            received = []
            stream = await sandbox.log_stream()
            while (entry := await stream.recv()) is not None:
                received.append(entry.to_json())
            assert received == expected
            batches = [batch async for batch in (await sandbox.log_stream()).batches()]
            assert all(batches)
            assert [entry.to_json() for batch in batches for entry in batch] == expected
            data = [piece async for piece in (await sandbox.log_stream()).bytes()]
            assert b"".join(data).decode() == "".join(entry["data"] for entry in expected)
            events = [piece async for piece in (await sandbox.log_stream()).bytes("sse")]
            assert b"event: end" in events[-1]
            assert [entry.to_json() for entry in await sandbox.logs()] == expected
            assert (await sandbox.verify()).logs[0].entries == LINES

    asyncio.run(main())


def test_a_cancelled_task_takes_no_entry_with_it() -> None:
    async def main() -> None:
        async with await plain_async() as sandbox:
            session = await sandbox.spawn("cat")
            stream = await sandbox.log_stream(follow=True)
            seen = []
            for number in range(50):
                waiting = asyncio.ensure_future(stream.recv())
                # At moments of all kinds: before it waits, while it waits, as the entry comes.
                for _ in range(number % 5):
                    await asyncio.sleep(0)
                await session.write(f"line {number}\n")
                for _ in range(number % 7):
                    await asyncio.sleep(0)
                waiting.cancel()
                try:
                    entry = await waiting
                except asyncio.CancelledError:
                    continue
                assert entry is not None
                seen.append(entry.line)
            await session.end()
            await session.wait()
            await sandbox.stop()
            async for entry in stream:
                seen.append(entry.line)
            assert seen == [f"line {number}" for number in range(50)]

    asyncio.run(main())


def test_an_iterator_survives_a_step_that_timed_out() -> None:
    async def main() -> None:
        async with await plain_async() as sandbox:
            stream = await sandbox.log_stream(follow=True)
            for step in (stream, stream.batches(), stream.bytes()):
                iterator = step.__aiter__()
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(iterator.__anext__(), 0.05)
                await sandbox.shell("echo came")
                assert await iterator.__anext__()

    asyncio.run(main())


def test_calls_that_overlap_are_answered_in_order() -> None:
    async def main() -> None:
        async with await plain_async() as sandbox:
            stream = await sandbox.log_stream(follow=True)
            waiting = [asyncio.ensure_future(stream.recv()) for _ in range(10)]
            await asyncio.sleep(0)
            await sandbox.exec("seq", ["20"])
            waiting += [asyncio.ensure_future(stream.recv()) for _ in range(10)]
            entries = await asyncio.gather(*waiting)
            assert [entry and entry.line for entry in entries] == [str(i) for i in range(1, 21)]

    asyncio.run(main())


def test_a_call_that_is_cancelled_in_line_leaves_the_order_of_the_others() -> None:
    async def main() -> None:
        async with await plain_async() as sandbox:
            stream = await sandbox.log_stream(follow=True)
            for cancelled in ([0], [1], [0, 1], [4, 0], [2, 3]):
                waiting = [asyncio.ensure_future(stream.recv()) for _ in range(5)]
                await asyncio.sleep(0)
                for number in cancelled:
                    waiting[number].cancel()
                    await asyncio.sleep(0)
                rest = [call for number, call in enumerate(waiting) if number not in cancelled]
                await sandbox.shell(numbered_lines(0, len(rest)))
                entries = await asyncio.wait_for(asyncio.gather(*rest), 60)
                assert [entry and entry.line for entry in entries] == [f"line {i}" for i in range(len(rest))]

    asyncio.run(main())


def test_the_event_loop_gets_its_turn_while_a_log_is_read_at_full_speed() -> None:
    with plain() as sandbox:
        # A line may come in parts.
        entries = sandbox.exec("seq", ["200000"]).totals[0].entries

        async def main() -> None:
            directory = await silt.AsyncSandbox.get(sandbox.name)
            turns = 0
            reading = True

            async def others() -> None:
                nonlocal turns
                while reading:
                    turns += 1
                    await asyncio.sleep(0)

            task = asyncio.ensure_future(others())
            count = 0
            stream = await directory.log_stream()
            turns = 0
            async for _ in stream:
                count += 1
            of_iteration = turns
            stream = await directory.log_stream()
            turns = 0
            async for batch in stream.batches():
                count += len(batch)
            of_batches, turns = turns, 0
            await directory.logs()
            of_snapshot = turns
            reading = False
            await task
            assert count == 2 * entries
            # How many depends on the machine; without a turn there is none.
            assert min(of_iteration, of_batches, of_snapshot) > 0

        asyncio.run(main())


async def _snapshot(log: silt.AsyncSandbox) -> None:
    await log.logs()


async def _opened(log: silt.AsyncSandbox) -> None:
    await (await log.log_stream()).close()


async def _read(log: silt.AsyncSandbox) -> None:
    async for _ in await log.log_stream():
        pass


async def _received(log: silt.AsyncSandbox) -> None:
    async with await log.log_stream(follow=True) as stream:
        await stream.recv()


async def ends_by_timer(work: Callable[[], Awaitable[None]]) -> bool:
    """Does it again and again until a timer ends that; whether it did, in time."""
    is_over = asyncio.Event()
    timer = asyncio.get_running_loop().call_later(0.05, is_over.set)
    began = perf_counter()
    while not is_over.is_set() and perf_counter() - began < 5:
        await work()
    timer.cancel()
    return is_over.is_set()


@pytest.mark.parametrize(
    ("work", "lines"),
    [(_snapshot, 0), (_snapshot, 2), (_opened, 2), (_read, 0), (_read, 2), (_received, 2)],
)
def test_others_are_not_held_up_where_the_same_is_done_again_and_again(
    work: Callable[[silt.AsyncSandbox], Awaitable[None]], lines: int
) -> None:
    async def main() -> None:
        async with await plain_async() as sandbox:
            session = await sandbox.spawn("seq", [str(lines)])
            await session.wait()
            assert await ends_by_timer(lambda: work(sandbox))

    asyncio.run(main())


def test_others_are_not_held_up_where_a_session_is_read_again_and_again() -> None:
    async def main() -> None:
        async with await plain_async() as sandbox:
            session = await sandbox.spawn("echo", ["one"])
            await session.wait()

            async def received() -> None:
                async with await session.log_stream() as stream:
                    assert await stream.recv() is not None

            assert await ends_by_timer(received)

    asyncio.run(main())


def test_a_close_ends_the_waiting_of_all() -> None:
    async def main() -> None:
        async with await plain_async() as sandbox:
            stream = await sandbox.log_stream(follow=True)
            waiting = [asyncio.ensure_future(stream.recv()) for _ in range(3)]
            await asyncio.sleep(0)
            await stream.close()
            assert await asyncio.gather(*waiting) == [None, None, None]
            assert stream.end is not None
            assert stream.end.reason == "closed"

    asyncio.run(main())


def test_without_asyncio_and_in_another_loop_it_says_so() -> None:
    with plain() as sandbox:

        async def handle() -> silt.AsyncSandboxHandle:
            return await silt.AsyncSandbox.get(sandbox.name)

        found = asyncio.run(handle())
        # As under trio or curio: a coroutine runs, and asyncio does not.
        with pytest.raises(RuntimeError, match="running asyncio event loop"):
            found.log_stream().send(None)

        async def opened() -> silt.AsyncLogStream[silt.LogEntry]:
            return await found.log_stream(follow=True)

        stream = asyncio.run(opened())
        with pytest.raises(RuntimeError, match="event loop in which it was opened"):
            asyncio.run(stream.recv())


def test_entries_that_come_while_one_waits_in_a_session() -> None:
    async def main() -> None:
        async with await plain_async() as sandbox:
            other = await sandbox.spawn("sleep", ["1000"])
            session = await sandbox.spawn("sh", ["-c", "read go; for i in 1 2 3; do echo $i; done"])
            stream = await session.log_stream(follow=True)
            reading = asyncio.ensure_future(stream.recv())
            await asyncio.sleep(0)
            await session.write("go\n")
            first = await reading
            assert first is not None
            rest = [entry.line async for entry in stream]
            assert [first.line, *rest] == ["1", "2", "3"]
            await other.kill()

    asyncio.run(main())


def test_a_session_s_stream_goes_on_while_a_child_writes_that_it_left_and_then_ends() -> None:
    async def main() -> None:
        async with await plain_async() as sandbox:
            await sandbox.exec("mkfifo", ["go"])
            session = await sandbox.spawn("sh", ["-c", "(read line < go; echo late) & echo early"])
            stream = await session.log_stream(follow=True)
            first = await stream.recv()
            assert first is not None
            rest = asyncio.ensure_future(stream.recv())
            assert (await session.wait()).detached
            await sandbox.exec("sh", ["-c", "echo > go"])
            last = await rest
            assert last is not None
            assert [first.line, last.line, await stream.recv()] == ["early", "late", None]

    asyncio.run(main())
