"""Signals whose handlers raise while answers are handed on: whoever waits for one gets it."""

from __future__ import annotations

import asyncio
import select
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from interrupting import Interrupt, Interrupting
from sandboxes import in_thread, plain, plain_async, resident, running, until

import silt
from silt._native.blocking import BlockingChannel
from silt._native.channel import Reply

EVENTS = ("blocking.py", "channel.py", "arrivals.py", "structures.py")


def is_readable(descriptor: int) -> bool:
    return bool(select.select([descriptor], [], [], 0)[0])


def wait_for(channel: BlockingChannel, replies: list[Reply]) -> list[str]:
    while not all(reply.done for reply in replies):
        channel.wait()
    return [reply.result()["name"] for reply in replies]


def test_an_interrupt_at_any_step_of_the_handing_on_costs_no_answer() -> None:
    with plain() as sandbox:
        step = 0
        while True:
            channel = BlockingChannel()
            replies = [channel.start("get", sandbox._place) for _ in range(3)]
            until(partial(is_readable, channel.fd), "no answer came")
            with Interrupting(step, *EVENTS) as interrupting:
                channel.wait()
            if not interrupting.interrupted:
                break
            names = in_thread(partial(wait_for, channel, replies))
            assert names() == [sandbox.name] * 3
            step += 1
        assert step > 50


@pytest.mark.parametrize("when", ["it is asked for", "it is told"])
def test_an_interrupt_at_any_step_costs_the_stream_of_a_session_no_end(when: str) -> None:
    with plain() as sandbox:
        session = sandbox.spawn("true")
        session.wait()
        step = 0
        while True:
            stream = session.log_stream(follow=True)
            if when == "it is told":
                assert stream._channel is not None
                stream._announcement.make(stream._channel, stream._reader)
                until(partial(is_readable, stream._channel.fd), "no answer came")
            with Interrupting(step, *EVENTS, "announcement.py", "session.py") as interrupting:
                assert stream.try_recv() is silt.PENDING
            assert in_thread(partial(list[silt.LogEntry], stream))() == []
            if not interrupting.interrupted:
                break
            step += 1
        assert step > 15


@pytest.fixture
def raise_at_first(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[bytes]]:
    """Interrupts when the next answer is handed on, and only then; returns what was interrupted."""
    interrupted: list[bytes] = []
    answer = Reply.answer

    def raising(reply: Reply, kind: int, json: bytes, payload: bytes) -> None:
        if not interrupted:
            interrupted.append(json)
            raise Interrupt
        answer(reply, kind, json, payload)

    def arm() -> list[bytes]:
        monkeypatch.setattr(Reply, "answer", raising)
        return interrupted

    return arm


def test_the_stream_of_a_session_learns_its_end(raise_at_first: Callable[[], list[bytes]]) -> None:
    with plain() as sandbox:
        session = sandbox.spawn("cat")
        stream = session.log_stream(follow=True)
        session.write("one\n")
        assert stream.recv() is not None
        session.end()
        interrupted = raise_at_first()
        with pytest.raises(Interrupt):
            stream.recv()
        assert interrupted
        assert in_thread(lambda: list(stream))() == []


def test_a_spawn_kills_the_command_whose_start_it_was_told(
    raise_at_first: Callable[[], list[bytes]],
) -> None:
    with plain() as sandbox:
        raise_at_first()

        def spawn() -> bool:
            with pytest.raises(Interrupt):
                sandbox.spawn("sleep", ["1000"])
            return True

        assert in_thread(spawn)()
        until(lambda: running(sandbox) == 0, "the command still runs")
        assert sandbox.inspect().sessions[0].signal == "SIGKILL"


def test_an_event_loop_comes_again_for_what_was_interrupted(
    raise_at_first: Callable[[], list[bytes]],
) -> None:
    seen: list[Any] = []

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: seen.append(context["exception"]))
        async with await plain_async() as sandbox:
            raise_at_first()
            info = await asyncio.wait_for(sandbox.inspect(), 60)
            assert info.name == sandbox.name
            session = await sandbox.spawn("cat")
            stream = await session.log_stream(follow=True)
            await session.write("one\n")
            assert await stream.recv() is not None
            await session.end()
            assert await asyncio.wait_for(stream.recv(), 60) is None

    asyncio.run(main())
    assert [type(error) for error in seen] == [Interrupt]


def test_a_channel_that_was_interrupted_and_is_forgotten_gives_its_memory_back() -> None:
    with plain() as sandbox:
        sandbox.files.write("large", b"x" * (4 << 20))
        read = {**sandbox._place, "path": "large"}
        before = resident()
        for _ in range(40):
            channel = BlockingChannel()
            channel.start("readFile", read, None, interrupt)
            with pytest.raises(Interrupt):
                channel.wait()
        assert resident() - before < 64 << 20


def interrupt(_: Reply) -> None:
    raise Interrupt


AT_RANDOM = """
import random, signal, sys
import silt

class Interrupt(Exception): pass

armed = False
def interrupt(*_):
    global armed
    if armed:
        armed = False
        raise Interrupt
signal.signal(signal.SIGALRM, interrupt)

sandbox = silt.Sandbox.get(sys.argv[1]).connect()
for run in range(100):
    session = sandbox.spawn("echo", ["one"])
    stream = session.log_stream(follow=True)
    left = 20
    while True:
        signal.setitimer(signal.ITIMER_REAL, random.uniform(0.00005, 0.001) if left else 0)
        try:
            armed = True
            entry = stream.recv()
            armed = False
        except Interrupt:
            left -= 1
            continue
        if entry is None:
            break
    signal.setitimer(signal.ITIMER_REAL, random.uniform(0.0002, 0.003))
    try:
        armed = True
        sandbox.spawn("true")
        armed = False
    except Interrupt:
        pass
signal.setitimer(signal.ITIMER_REAL, 0)
print("done")
"""


def test_interrupts_at_any_time_leave_nobody_waiting() -> None:
    with plain() as sandbox:
        program = [sys.executable, "-c", AT_RANDOM, sandbox.name]
        done = subprocess.run(program, stdout=subprocess.PIPE, timeout=200)
        assert done.stdout == b"done\n"
