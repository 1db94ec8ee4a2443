"""Commands: how they end, what they wrote, their input, signals and terminals."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from functools import partial

import pytest
from sandboxes import in_thread, plain, plain_async, running, until

import silt

# Its child holds its output beyond its own end.
LEAVES_A_CHILD = "(read line < go; echo late) & echo early"


async def shell_async(name: str, line: str, data: bytes) -> silt.ExecResult:
    connected = await (await silt.AsyncSandbox.get(name)).connect()
    return await connected.shell(line, input=data)


def test_results() -> None:
    with plain() as sandbox:
        heard: list[bytes] = []
        result = sandbox.shell("echo out; echo err >&2; exit 3", on_stdout=heard.append)
        assert (result.exit_code, result.signal, result.stdout, result.stderr) == (3, None, "out\n", "err\n")
        assert (result.timed_out, result.detached, result.truncated) == (False, False, False)
        assert b"".join(heard) == b"out\n"
        assert result.started_at <= result.ended_at
        totals = {total.source: total for total in result.totals}
        assert totals["stdout"].sha256 == hashlib.sha256(b"out\n").hexdigest()
        assert sandbox.exec("no-such-program").exit_code == 127
        with pytest.raises(silt.InvalidArgument) as refused:
            sandbox.exec("true", cwd="nowhere")
        assert refused.value.option == "cwd"
        late = sandbox.exec("sleep", ["1000"], timeout=0.2)
        assert (late.timed_out, late.signal, late.exit_code) == (True, "SIGTERM", None)
        assert sandbox.exec("printenv", ["A"], env={"A": "b"}).stdout == "b\n"


def test_input_and_output_larger_than_any_pipe() -> None:
    with plain() as sandbox:
        data = os.urandom(5 << 20)
        result = sandbox.exec("cat", input=data)
        assert result.stdout_bytes == data
        # A program may end before it has read all of its input.
        assert sandbox.exec("true", input=data).exit_code == 0


def test_input_that_a_child_holds_and_does_not_read_is_not_waited_for() -> None:
    held = "exec 3<&0; (read line < go) <&3 & echo begun"
    data = bytes(1 << 20)

    with plain() as sandbox:
        sandbox.exec("mkfifo", ["go"])
        blocking = in_thread(partial(sandbox.shell, held, input=data))
        in_asyncio = in_thread(lambda: asyncio.run(shell_async(sandbox.name, held, data)))
        for result in (blocking(), in_asyncio()):
            assert (result.exit_code, result.detached, result.stdout) == (0, True, "begun\n")


def test_what_is_left_of_the_input_is_given_to_a_child_that_reads_it_after_the_end() -> None:
    # It reads once the `exec` is over, and to the end of its input.
    line = "exec 3<&0; (read line < go; wc -c <&3) & exit 0"
    data = bytes(3 << 20)

    with plain() as sandbox:
        sandbox.exec("mkfifo", ["go"])
        for blocking in (True, False):
            result = (
                sandbox.shell(line, input=data)
                if blocking
                else asyncio.run(shell_async(sandbox.name, line, data))
            )
            assert result.detached
            sandbox.shell("echo > go")
            session = sandbox.inspect().sessions[-2]
            until(lambda: running(sandbox) == 0, "the child waits for the end of its input")
            with sandbox.log_stream(sessions=[session.session_id]) as stream:
                assert [entry.line for entry in stream] == [str(len(data))]
    until(lambda: threading.active_count() == 1, "a thread is left")


def test_sessions_take_input_signals_and_sizes() -> None:
    with plain() as sandbox:
        session = sandbox.spawn("cat")
        assert session.write("hello\n")
        assert session.write(b"again")
        session.end()
        with session.log_stream(follow=True) as stream:
            assert [entry.line for entry in stream] == ["hello", "again"]
            assert stream.end is not None
            assert stream.end.reason == "drained"
        assert session.wait().exit_code == 0
        killed = sandbox.spawn("sleep", ["1000"])
        killed.kill(signal.SIGKILL)
        assert killed.wait().signal == "SIGKILL"
        terminal = sandbox.spawn("sh", ["-c", "read go; stty size"], pty={"columns": 90, "rows": 30})
        terminal.resize(100, 40)
        terminal.write("go\n")
        terminal.wait()
        lines = [entry.line for entry in terminal.log_stream(sources=["output"])]
        assert lines[-1] == "40 100"
        with pytest.raises(silt.InvalidArgument):
            session.log_stream(sessions=[1])


def test_a_session_s_stream_waits_for_its_end_and_not_for_others() -> None:
    with plain() as sandbox:
        other = sandbox.spawn("sleep", ["1000"])
        session = sandbox.spawn("sh", ["-c", "read go; echo done"])
        stream = session.log_stream(follow=True)
        lines = in_thread(lambda: [entry.line for entry in stream])
        session.write("go\n")
        assert lines() == ["done"]
        other.kill()


def test_a_session_s_stream_goes_on_while_a_child_writes_that_it_left_and_then_ends() -> None:
    with plain() as sandbox:
        sandbox.exec("mkfifo", ["go"])
        session = sandbox.spawn("sh", ["-c", LEAVES_A_CHILD])
        stream = session.log_stream(follow=True)
        lines = in_thread(lambda: [entry.line for entry in stream])
        assert session.wait().detached
        sandbox.exec("sh", ["-c", "echo > go"])
        assert lines() == ["early", "late"]


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


def test_expose_and_files() -> None:
    with plain() as sandbox:
        sandbox.files.write("site/index.html", "<h1>hello</h1>")
        assert [file.name for file in sandbox.files.list("site")] == ["index.html"]
        assert sandbox.files.read_text("site/index.html") == "<h1>hello</h1>"
        port = free_port()
        server = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
        session = sandbox.spawn(server[0], server[1:], cwd="site")
        url = sandbox.expose(port)
        with urllib.request.urlopen(f"{url}/index.html", timeout=60) as answer:
            assert answer.read() == b"<h1>hello</h1>"
        session.kill()
        sandbox.files.remove("site")
        with pytest.raises(silt.SiltError) as gone:
            sandbox.files.read("site/index.html")
        assert gone.value.code == "NotFound"
        with pytest.raises(silt.InvalidArgument):
            sandbox.files.write("x", 3)  # type: ignore[arg-type]


def test_a_life() -> None:
    sandbox = plain(name="life")
    with pytest.raises(silt.SandboxExists):
        plain(name="life")
    assert "life" in [handle.name for handle in silt.Sandbox.list()]
    handle = silt.Sandbox.get("life")
    assert handle.status == "running"
    assert handle.connect().exec("echo", ["connected"]).stdout == "connected\n"
    sandbox.stop()
    with pytest.raises(silt.SandboxNotRunning):
        sandbox.exec("true")
    with pytest.raises(silt.SandboxNotRunning):
        handle.connect()
    again = handle.start(env={"A": "b"})
    assert again.exec("printenv", ["A"]).stdout == "b\n"
    assert [entry.line for entry in again.logs()] == ["connected", "b"]
    again.kill()
    handle.remove()
    with pytest.raises(silt.SandboxNotFound):
        silt.Sandbox.get("life")


def test_a_spawn_that_is_cancelled_at_once_leaves_nothing_running() -> None:
    with plain() as sandbox:

        async def main() -> None:
            connected = await (await silt.AsyncSandbox.get(sandbox.name)).connect()
            task = asyncio.ensure_future(connected.spawn("sleep", ["1000"]))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        asyncio.run(main())
        until(lambda: running(sandbox) == 0, "the command still runs")
        assert sandbox.inspect().sessions[0].signal == "SIGKILL"


@pytest.mark.parametrize("call", ["exec", "spawn"])
def test_one_that_is_cancelled_again_leaves_nothing_running(call: str) -> None:
    with plain() as sandbox:

        async def main() -> None:
            handle = await silt.AsyncSandbox.get(sandbox.name)
            connected = await handle.connect()
            # More than one, since it is chance whether the start was answered between the two.
            for _ in range(10):
                task = asyncio.ensure_future(getattr(connected, call)("sleep", ["1000"]))
                for _ in range(2):
                    await asyncio.sleep(0)
                    task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            while len(sessions := (await handle.inspect()).sessions) < 10 or any(
                session.ended_at is None for session in sessions
            ):
                await asyncio.sleep(0.01)
            assert {session.signal for session in sessions} == {"SIGKILL"}

        in_thread(lambda: asyncio.run(main()) or True)()


def test_a_cancelled_exec_kills_its_command() -> None:
    with plain() as sandbox:

        async def main() -> None:
            connected = await (await silt.AsyncSandbox.get(sandbox.name)).connect()
            task = asyncio.ensure_future(connected.shell("echo begun; exec sleep 1000"))
            stream = await connected.log_stream(follow=True)
            assert await stream.recv() is not None
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        asyncio.run(main())
        until(lambda: running(sandbox) == 0, "the command still runs")
        assert sandbox.inspect().sessions[0].signal == "SIGKILL"


def started(sandbox: silt.Sandbox, count: int) -> bool:
    return len(sandbox.inspect().sessions) == count


def test_ctrl_c_ends_every_kind_of_waiting() -> None:
    waits = {
        "sandbox.log_stream(follow=True).recv()": 0,
        "sandbox.exec('sleep', ['1000'])": 1,
        "sandbox.spawn('sleep', ['1000']).wait()": 1,
        "list(sandbox.spawn('sleep', ['1000']).log_stream(follow=True))": 1,
    }
    with plain() as sandbox:
        for wait, sessions in waits.items():
            program = (
                "import silt, sys\n"
                f"sandbox = silt.Sandbox.get({sandbox.name!r}).connect()\n"
                f"try:\n print('waits', flush=True)\n {wait}\n"
                "except KeyboardInterrupt: print('interrupted')"
            )
            before = len(sandbox.inspect().sessions)
            process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
            assert process.stdout is not None
            assert process.stdout.readline() == b"waits\n"
            count = before + sessions
            until(partial(started, sandbox, count), wait)
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=60)
            assert output == b"interrupted\n", wait
        sandbox.kill()


def test_threads_share_a_sandbox() -> None:
    with plain() as sandbox:
        results = [in_thread(partial(sandbox.exec, "echo", [str(i)])) for i in range(8)]
        assert [result().stdout for result in results] == [f"{i}\n" for i in range(8)]
        assert threading.active_count() == 1


def test_async_commands() -> None:
    async def main() -> None:
        async with await plain_async() as sandbox:
            results = await asyncio.gather(*(sandbox.exec("echo", [str(i)]) for i in range(8)))
            assert [result.stdout for result in results] == [f"{i}\n" for i in range(8)]
            session = await sandbox.spawn("cat", pty=True)
            writes = [session.write(f"{i}\n") for i in range(3)]
            assert await asyncio.gather(*writes) == [True, True, True]
            await session.kill("SIGKILL")
            assert (await session.wait()).signal == "SIGKILL"
            await sandbox.files.write("a", b"b")
            assert await sandbox.files.read("a") == b"b"
            assert (await sandbox.inspect()).status == "running"
            assert sandbox.name in [handle.name for handle in await silt.AsyncSandbox.list()]
        handle = await silt.AsyncSandbox.get(sandbox.name)
        async with await handle.start() as again:
            assert (await again.shell("echo x")).exit_code == 0
        await handle.remove()

    asyncio.run(main())
