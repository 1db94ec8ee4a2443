"""Signals whose handlers raise while a command is run: whenever that is, the command is killed."""

from __future__ import annotations

import subprocess
import sys
from functools import partial

from interrupting import Interrupting
from sandboxes import in_thread, plain, running, until

import silt

# Keeps whoever waits for it busy.
COMMAND = "while echo line; do sleep 0.001; done"


def is_idle(sandbox: silt.Sandbox) -> bool:
    # In a thread of its own: what is left to do here, a program that ends now would not do.
    return bool(in_thread(partial(running, sandbox))() == 0)


def test_an_interrupt_at_any_step_of_an_exec_leaves_nothing_running() -> None:
    with plain() as sandbox:
        files = ("blocking.py", "channel.py", "exec.py", "spawning.py")
        for step in range(600):
            with Interrupting(step, *files) as interrupting:
                sandbox.shell(COMMAND)
            # As long as it is handled, its traceback has all that was going on then.
            assert interrupting.error is not None
            until(partial(is_idle, sandbox), f"interrupted at step {step}, the command still runs")
        sessions = sandbox.inspect().sessions
        assert len(sessions) > 100
        assert {session.signal for session in sessions} == {"SIGKILL"}


AT_RANDOM = """
import random, signal, sys, warnings
import silt

# What Python says of a coroutine that was made just before, and of which nothing has run.
warnings.filterwarnings("ignore", "coroutine .* was never awaited")

class Interrupt(Exception): pass

def interrupt(_, frame):
    while frame is not None:
        if frame.f_code.co_name == "__del__":
            # Nobody gets what is raised there.
            signal.setitimer(signal.ITIMER_REAL, 0.001)
            return
        frame = frame.f_back
    raise Interrupt
signal.signal(signal.SIGALRM, interrupt)

_, name, command = sys.argv
sandbox = silt.Sandbox.get(name).connect()
for run in range(100):
    try:
        signal.setitimer(signal.ITIMER_REAL, random.uniform(0.0005, 0.02))
        sandbox.shell(command)
    except Interrupt:
        pass
# A program that ends at once was not faster than the kill.
print("done")
"""


def test_interrupts_at_any_time_leave_nothing_running() -> None:
    with plain() as sandbox:
        program = [sys.executable, "-c", AT_RANDOM, sandbox.name, COMMAND]
        done = subprocess.run(program, capture_output=True, timeout=200)
        assert (done.stdout, done.stderr) == (b"done\n", b"")
        until(partial(is_idle, sandbox), "a command still runs")
