"""What streams take is given back, and many cost little."""

from __future__ import annotations

import asyncio
import gc
import resource

from sandboxes import descriptors, plain, plain_async, resident, threads, until

import silt

COUNT = 2000


def are_back(before: tuple[int, int]) -> None:
    gc.collect()
    until(lambda: descriptors() <= before[0], "descriptors are not back")
    until(lambda: threads() <= before[1], "threads are not back")


def open_and_leave(sandbox: silt.Sandbox, count: int) -> None:
    for number in range(count):
        stream = sandbox.log_stream(follow=number % 2 == 0)
        if number % 5 == 0:
            for _ in stream:
                break
        elif number % 5 == 1:
            assert stream.recv() is not None
            stream.close()
            stream.close()
        elif number % 5 == 2:
            with stream:
                next(stream.batches())
        elif number % 5 == 3:
            while stream.try_recv():
                pass
        # The others are forgotten without a read.


def test_streams_that_were_opened_and_left_are_gone() -> None:
    with plain() as sandbox:
        sandbox.exec("seq", ["10"])
        open_and_leave(sandbox, 100)
        gc.collect()
        before, memory = (descriptors(), threads()), resident()
        open_and_leave(sandbox, COUNT)
        are_back(before)
        assert resident() - memory < 32 << 20


def test_async_streams_that_were_opened_and_left_are_gone() -> None:
    async def open_and_leave_async(sandbox: silt.AsyncSandbox, count: int) -> None:
        for number in range(count):
            stream = await sandbox.log_stream(follow=number % 2 == 0)
            if number % 5 == 0:
                async for _ in stream:
                    break
            elif number % 5 == 1:
                assert await stream.recv() is not None
                await stream.close()
                await stream.close()
            elif number % 5 == 2:
                async with stream:
                    await stream.batches().__anext__()
            elif number % 5 == 3 and number % 2 == 0:
                for _ in range(10):
                    await stream.recv()
                task = asyncio.ensure_future(stream.recv())
                await asyncio.sleep(0)
                task.cancel()
            # The others are forgotten without a read.

    async def main() -> None:
        async with await plain_async() as sandbox:
            await sandbox.exec("seq", ["10"])
            await open_and_leave_async(sandbox, 100)
            gc.collect()
            before, memory = (descriptors(), threads()), resident()
            await open_and_leave_async(sandbox, COUNT)
            await asyncio.sleep(0)
            are_back(before)
            assert resident() - memory < 32 << 20

    asyncio.run(main())


def test_an_opening_that_is_cancelled_leaves_nothing_open_while_its_error_is_kept() -> None:
    async def opened(sandbox: silt.AsyncSandbox) -> None:
        await (await sandbox.log_stream(follow=True)).close()

    async def main() -> None:
        async with await plain_async() as sandbox:
            await sandbox.exec("seq", ["10"])
            await (await sandbox.log_stream(follow=True)).close()
            before = (descriptors(), threads())
            errors: list[BaseException] = []
            while len(errors) < 10:
                opening = asyncio.ensure_future(opened(sandbox))
                await asyncio.sleep(0)
                # It gives the event loop its turn only where that is due.
                opening.cancel()
                try:
                    await opening
                except asyncio.CancelledError as error:
                    errors.append(error)
            are_back(before)

    asyncio.run(main())


def test_event_loops_that_are_gone_leave_no_descriptor() -> None:
    with plain() as sandbox:

        async def use() -> None:
            handle = await silt.AsyncSandbox.get(sandbox.name)
            assert (await handle.log_stream(follow=True)).try_recv() is silt.PENDING

        asyncio.run(use())
        before = (descriptors(), threads())
        for _ in range(20):
            asyncio.run(use())
        are_back(before)


def waits(stream: silt.AsyncLogStream[silt.LogEntry]) -> bool:
    """Whether a task has found that there is nothing to take, and waits to be told."""
    return stream._notice._waiter is not None


def test_a_thousand_followers_at_once_without_a_thread_each() -> None:
    # Each keeps the files that it reads open.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    async def main() -> None:
        async with await plain_async() as sandbox:
            before = (descriptors(), threads())

            streams: list[silt.AsyncLogStream[silt.LogEntry]] = []

            async def follow() -> list[str]:
                async with await sandbox.log_stream(follow=True) as stream:
                    streams.append(stream)
                    return [entry.line async for entry in stream]

            tasks = [asyncio.ensure_future(follow()) for _ in range(1000)]
            while len(streams) < 1000 or not all(map(waits, streams)):
                assert not any(task.done() for task in tasks)
                await asyncio.sleep(0.001)
            assert threads() <= before[1] + 2
            await sandbox.exec("seq", ["5"])
            while not all(map(waits, streams)):
                await asyncio.sleep(0.001)
            assert threads() <= before[1] + 2
            await sandbox.stop()
            lines = [str(i) for i in range(1, 6)]
            assert all(seen == lines for seen in await asyncio.gather(*tasks))
        are_back(before)

    asyncio.run(main())
