"""Signals whose handlers raise, at any moment of reading: what was taken is not lost with them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
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


RESUMING = """
import asyncio, signal, sys
import silt

class Interrupt(Exception): pass

armed = False
def interrupt(_, frame):
    global armed
    if not armed:
        return
    if "/silt/" in frame.f_code.co_filename:
        armed = False
        raise Interrupt
    # Here, it would be this program that loses what it was handed.
    signal.setitimer(signal.ITIMER_REAL, 0.00003)
signal.signal(signal.SIGALRM, interrupt)

_, name, way, count = sys.argv
how, _, kind = way.rpartition(" ")
made = {"for": iter, "batches": lambda stream: stream.batches(), "bytes": lambda stream: stream.bytes()}[kind]
loop = asyncio.new_event_loop()

def read_on():
    stream = silt.Sandbox.get(name).log_stream(from_cursor=position)
    def reading():
        for item in made(stream):
            taken.append(item)
    return stream, reading, stream.close

def read_on_async():
    async def opened():
        return await (await silt.AsyncSandbox.get(name)).log_stream(from_cursor=position)
    stream = loop.run_until_complete(opened())
    async def reading():
        async for item in made(stream):
            taken.append(item)
    return stream, lambda: loop.run_until_complete(reading()), lambda: loop.run_until_complete(stream.close())

interrupts = 0
# An event loop keeps an exception of a callback to itself: one reading may meet few.
for _ in range(100):
    taken, counted, position, over = [], 0, None, False
    while not over:
        stream, reading, close = (read_on_async if how else read_on)()
        if interrupts < 150:
            armed = True
            signal.setitimer(signal.ITIMER_REAL, 0.0002 + 0.0001 * (interrupts % 40))
        try:
            reading()
            armed = False
            over = True
        except Interrupt:
            interrupts += 1
        signal.setitimer(signal.ITIMER_REAL, 0)
        armed = False
        position = stream.position
        close()
        assert stream.position == position
        counted += stream.end.logs["exec"].entries
    if kind == "bytes":
        lines = b"".join(taken).split()
    else:
        entries = taken if kind == "for" else [entry for batch in taken for entry in batch]
        lines = b"".join(entry.data for entry in entries).split()
        assert counted == len(entries)
    assert [int(line) for line in lines] == list(range(1, int(count) + 1))
    if interrupts > 10:
        break
print(interrupts)
"""


@pytest.mark.parametrize("way", ["for", "batches", "bytes", "async batches", "async bytes"])
def test_after_an_interrupt_position_and_totals_are_of_what_was_handed_over(way: str) -> None:
    with plain() as sandbox:
        sandbox.exec("seq", [str(LINES)])
        reading = [sys.executable, "-c", RESUMING, sandbox.name, way, str(LINES)]
        interrupts = int(subprocess.run(reading, check=True, capture_output=True, timeout=200).stdout)
    assert interrupts > 10
