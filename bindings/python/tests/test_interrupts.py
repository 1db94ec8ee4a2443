"""Signals whose handlers raise, at any moment of reading: what was taken is not lost with them."""

from __future__ import annotations

import json
import subprocess
import sys

from sandboxes import plain

LINES = 200_000

PROGRAM = """
import json, signal, sys
import silt

class Interrupt(Exception): pass

armed = False
def interrupt(*_):
    global armed
    if armed:
        armed = False
        raise Interrupt
signal.signal(signal.SIGALRM, interrupt)
signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)

with silt.Sandbox.get(sys.argv[1]).log_stream() as stream:
    seen = {"entries": 0, "missing": 0, "repeated": 0, "interrupts": 0}
    last = 0
    while True:
        try:
            armed = True
            entry = stream.recv()
            armed = False
        except Interrupt:
            seen["interrupts"] += 1
            continue
        if entry is None:
            break
        seen["entries"] += 1
        if entry.sequence <= last:
            seen["repeated"] += 1
        seen["missing"] += entry.sequence - last - 1
        last = entry.sequence
    signal.setitimer(signal.ITIMER_REAL, 0)
    seen["last"] = last
print(json.dumps(seen))
"""


def test_an_interrupt_costs_no_more_than_the_entry_that_was_being_handed_over() -> None:
    with plain() as sandbox:
        # A line may come in parts.
        entries = sandbox.exec("seq", [str(LINES)]).totals[0].entries
        reading = [sys.executable, "-c", PROGRAM, sandbox.name]
        seen = json.loads(subprocess.run(reading, check=True, capture_output=True, timeout=200).stdout)
    assert seen["interrupts"] > 10
    assert seen["repeated"] == 0
    assert seen["missing"] <= seen["interrupts"]
    assert seen["entries"] + seen["missing"] == seen["last"]
    assert entries - seen["last"] <= 1
