"""Handlers of signals call Silt while their thread waits for it: both get their answers."""

from __future__ import annotations

import subprocess
import sys

import pytest
from interrupting import Interrupting
from sandboxes import in_thread, plain

import silt

PROGRAM = """
import os, signal, sys, threading, time
import silt

def waits():
    frame = sys._current_frames()[threading.main_thread().ident]
    return (os.path.basename(frame.f_code.co_filename), frame.f_code.co_name) == ("blocking.py", "wait")

def interrupt(number):
    def send():
        while not waits():
            time.sleep(0.001)
        os.kill(os.getpid(), number)
    threading.Thread(target=send).start()

sandbox = silt.Sandbox.get(sys.argv[1]).connect()
"""

ASKED = {
    "an exec": """
signal.signal(signal.SIGUSR1, lambda *_: sandbox.stop())
begun = lambda _: interrupt(signal.SIGUSR1)
print(sandbox.shell("echo begun; exec sleep 1000", on_stdout=begun).signal)
""",
    "a wait": """
session = sandbox.spawn("sleep", ["1000"])
def handler(*_):
    session.kill("SIGTERM")
    assert session.wait().signal == "SIGTERM"
signal.signal(signal.SIGUSR1, handler)
interrupt(signal.SIGUSR1)
print(session.wait().signal)
""",
    "the stream of a session": """
session = sandbox.spawn("sleep", ["1000"])
signal.signal(signal.SIGUSR1, lambda *_: session.kill("SIGTERM"))
interrupt(signal.SIGUSR1)
assert list(session.log_stream(follow=True)) == []
print(session.wait().signal)
""",
    "another handler": """
outer, inner = sandbox.spawn("sleep", ["1000"]), sandbox.spawn("sleep", ["1000"])
def first(*_):
    interrupt(signal.SIGUSR2)
    assert inner.wait().signal == "SIGTERM"
    outer.kill("SIGTERM")
signal.signal(signal.SIGUSR1, first)
signal.signal(signal.SIGUSR2, lambda *_: inner.kill("SIGTERM"))
interrupt(signal.SIGUSR1)
print(outer.wait().signal)
""",
}


@pytest.mark.parametrize("waiting", ASKED)
def test_a_handler_asks_while_its_thread_waits_in(waiting: str) -> None:
    with plain() as sandbox:
        program = [sys.executable, "-c", PROGRAM + ASKED[waiting], sandbox.name]
        done = subprocess.run(program, capture_output=True, timeout=60, text=True)
        assert (done.stdout, done.stderr) == ("SIGTERM\n", "")


def test_a_handler_asks_at_any_step_of_an_exec() -> None:
    with plain() as sandbox:
        names: list[str] = []

        def ask() -> None:
            names.append(sandbox.inspect().name)

        def all_steps() -> int:
            step = 0
            while True:
                with Interrupting(step, "blocking.py", "channel.py", "arrivals.py", handler=ask) as handled:
                    assert sandbox.exec("echo", ["one"]).stdout == "one\n"
                if not handled.interrupted:
                    return step
                step += 1

        steps = in_thread(all_steps)()
        assert steps > 100
        assert names == [sandbox.name] * steps


def test_a_callback_asks_while_its_thread_runs_a_command() -> None:
    with plain() as sandbox:
        heard: list[silt.ExecResult] = []
        result = sandbox.shell(
            "echo one; read line; echo two",
            input="go\n",
            on_stdout=lambda data: heard.append(sandbox.exec("cat", input=data)),
        )
        assert result.stdout == "one\ntwo\n"
        assert "".join(one.stdout for one in heard) == "one\ntwo\n"
