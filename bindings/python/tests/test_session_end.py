"""The stream of a session ends with it, however it is read and whoever dies."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
from pathlib import Path

import pytest
from sandboxes import in_thread, plain, plain_async, until

import silt


@pytest.mark.parametrize("first", ["recv", "try_recv"])
def test_polling_meets_the_end(first: str) -> None:
    with plain() as sandbox:
        session = sandbox.spawn("cat")
        stream = session.log_stream(follow=True)
        session.write("one\ntwo\n")
        lines = []
        if first == "recv":
            entry = stream.recv()
            assert entry is not None
            lines.append(entry.line)
        session.end()
        polled: list[object] = [silt.PENDING]

        def over() -> bool:
            polled[0] = entry = stream.try_recv()
            if isinstance(entry, silt.LogEntry):
                lines.append(entry.line)
            return entry is None

        until(over, "it never ends")
        assert lines == ["one", "two"]


def test_polling_meets_the_end_in_asyncio() -> None:
    async def polled(stream: silt.AsyncLogStream[silt.LogEntry]) -> list[str]:
        lines = []
        while (entry := stream.try_recv()) is not None:
            if isinstance(entry, silt.LogEntry):
                lines.append(entry.line)
            await asyncio.sleep(0.001)
        return lines

    async def main() -> list[str]:
        async with await plain_async() as sandbox:
            session = await sandbox.spawn("sh", ["-c", "echo one; echo two"])
            stream = await session.log_stream(follow=True)
            return await asyncio.wait_for(polled(stream), 60)

    assert asyncio.run(main()) == ["one", "two"]


def test_the_session_died_and_another_supervisor_is_there_before_the_stream_is_read_on() -> None:
    sandbox = plain()
    session = sandbox.spawn("sh", ["-c", "seq 1 5; sleep 86432"])
    stream = session.log_stream(follow=True)
    lines: list[str] = []

    def all_there() -> bool:
        # Finding nothing more, it asks the supervisor that is going to die.
        if isinstance(entry := stream.try_recv(), silt.LogEntry):
            lines.append(entry.line)
        return entry is silt.PENDING and len(lines) == 5

    until(all_there, "not all lines came")
    pid = sandbox.inspect().supervisor_pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: silt.Sandbox.get(sandbox.name).status == "crashed", "it is not seen to have crashed")
    with silt.Sandbox.get(sandbox.name).start():
        rest = in_thread(lambda: [entry.line for entry in stream])
        assert rest() == []
    assert lines == ["1", "2", "3", "4", "5"]


def test_a_session_is_followed_in_one_event_loop_after_another() -> None:
    async def begin() -> tuple[silt.AsyncSandbox, silt.AsyncExecSession]:
        sandbox = await plain_async()
        session = await sandbox.spawn("cat")
        stream = await session.log_stream(follow=True)
        # It has asked for the end, and its loop goes before that comes.
        assert stream.try_recv() is silt.PENDING
        await stream.close()
        return sandbox, session

    async def go_on(sandbox: silt.AsyncSandbox, session: silt.AsyncExecSession) -> list[str]:
        await session.write("one\n")
        await session.end()
        stream = await session.log_stream(follow=True)
        lines = [entry.line async for entry in stream]
        await sandbox.stop()
        return lines

    sandbox, session = asyncio.run(begin())
    assert in_thread(lambda: asyncio.run(go_on(sandbox, session)))() == ["one"]


def test_the_digest_of_a_session_is_the_account_of_its_program(tmp_path: Path) -> None:
    account = tmp_path / "account"
    with plain() as sandbox:
        script = f"seq 1 1000 | tee {account}"
        session = sandbox.spawn("sh", ["-c", script])
        stream = session.log_stream(follow=True, digest=True)
        list(stream)
        assert stream.end is not None
        (delivered,) = stream.end.sessions or ()
        written = account.read_bytes()
        assert (delivered.session_id, delivered.complete) == (session.session_id, True)
        (out,) = delivered.sources
        assert (out.source, out.bytes, out.entries) == ("stdout", len(written), 1000)
        assert out.sha256 == hashlib.sha256(written).hexdigest()
        without = session.log_stream(follow=True)
        list(without)
        assert without.end is not None
        assert without.end.sessions is None


def test_a_digest_of_nothing_is_empty_and_not_absent(tmp_path: Path) -> None:
    with plain() as sandbox:
        asked, unasked = sandbox.log_stream(digest=True), sandbox.log_stream()
        (with_digest,), (without,) = asked.bytes("sse"), unasked.bytes("sse")
        assert asked.end is not None and unasked.end is not None
        assert (asked.end.sessions, unasked.end.sessions) == ((), None)
        assert b'"sessions":[]' in with_digest
        assert b"sessions" not in without
