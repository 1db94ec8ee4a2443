"""Signals whose handlers raise, at any moment of reading: what was taken is not lost with them."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys

import pytest
from interrupting import Interrupting
from sandboxes import numbered_lines, plain

import silt

LINES = 200_000

# Its call, its lines and its return.
STEPS_OF_A_MAKING = 4

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


HANDLER = """
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
"""

RESUMING = """
from silt.log import async_stream

_, name, way, then, count = sys.argv
how, _, kind = way.rpartition(" ")
made = {
    "for": lambda stream: stream,
    "recv": lambda stream: received(stream) if how else iter(stream.recv, None),
    "batches": lambda stream: stream.batches(),
    "bytes": lambda stream: stream.bytes(),
}[kind]
loop = asyncio.new_event_loop()
# Most entries are taken without a look at the clock and at who waits. Here, that comes before each one.
async_stream._STRIDE = 0

class received:
    def __init__(self, stream):
        self.stream = stream
    def __aiter__(self):
        return self
    async def __anext__(self):
        item = await self.stream.recv()
        if item is None:
            raise StopAsyncIteration
        return item

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
    taken, counted, position, stream, over = [], 0, None, None, False
    while not over:
        if stream is None:
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
        if then == "read on" and not over:
            continue
        position = stream.position
        close()
        assert stream.position == position
        counted += stream.end.logs["exec"].entries
        stream = None
    if kind == "bytes":
        lines = b"".join(taken).split()
    else:
        entries = taken if kind in ("for", "recv") else [entry for batch in taken for entry in batch]
        lines = b"".join(entry.data for entry in entries).split()
        assert counted == len(entries)
    assert [int(line) for line in lines] == list(range(1, int(count) + 1))
    if interrupts > 10:
        break
print(interrupts)
"""


WAYS = ["for", "recv", "batches", "bytes"]


@pytest.mark.parametrize("then", ["resumed", "read on"])
@pytest.mark.parametrize("way", [*WAYS, *(f"async {way}" for way in WAYS)])
def test_after_an_interrupt_position_and_totals_are_of_what_was_handed_over(way: str, then: str) -> None:
    with plain() as sandbox:
        sandbox.exec("seq", [str(LINES)])
        reading = [sys.executable, "-c", HANDLER + RESUMING, sandbox.name, way, then, str(LINES)]
        interrupts = int(subprocess.run(reading, check=True, capture_output=True, timeout=200).stdout)
    assert interrupts > 10


OVERLAPPING = """
async def read(stream):
    global armed, interrupts
    while True:
        try:
            entry = await stream.recv()
        except Interrupt:
            interrupts += 1
            armed = interrupts < 200
            signal.setitimer(signal.ITIMER_REAL, 0.0001 + 0.00001 * (interrupts % 40))
            continue
        if entry is None:
            return
        entries.append(entry)

async def main():
    global armed
    async with await (await silt.AsyncSandbox.get(sys.argv[1])).log_stream() as stream:
        entries.clear()
        armed = True
        signal.setitimer(signal.ITIMER_REAL, 0.0002)
        await asyncio.gather(*(read(stream) for _ in range(5)))
        armed = False
    sequences = [entry.sequence for entry in entries]
    assert sequences == list(range(1, len(sequences) + 1))
    assert stream.end.logs["exec"].entries == len(sequences)

entries, interrupts = [], 0
for _ in range(100):
    asyncio.run(main())
    if interrupts > 10:
        break
print(interrupts)
"""


def test_an_interrupt_of_one_of_the_calls_that_overlap_leaves_no_other_waiting() -> None:
    with plain() as sandbox:
        sandbox.exec("seq", [str(LINES // 10)])
        reading = [sys.executable, "-c", HANDLER + OVERLAPPING, sandbox.name]
        interrupts = int(subprocess.run(reading, check=True, capture_output=True, timeout=200).stdout)
    assert interrupts > 10


@pytest.mark.parametrize("way", ["for", "recv", "try_recv"])
@pytest.mark.parametrize("before", [0, 1, 70])
def test_an_entry_whose_making_was_interrupted_is_the_next_of_the_same_stream(way: str, before: int) -> None:
    async def main() -> None:
        handle = await silt.AsyncSandbox.get(sandbox.name)
        for step in range(STEPS_OF_A_MAKING):
            async with await handle.log_stream() as stream:
                taken = [await stream.__anext__() for _ in range(before)]
                with Interrupting(step, "entry.py") as interrupting:
                    if way == "for":
                        await stream.__anext__()
                    elif way == "recv":
                        await stream.recv()
                    else:
                        stream.try_recv()
                assert interrupting.error is not None
                async for entry in stream:
                    taken.append(entry)
                    if len(taken) < before + 3:
                        following = await (await handle.log_stream(from_cursor=stream.position)).recv()
                        assert following is not None
                        assert following.sequence == entry.sequence + 1
            assert [entry.sequence for entry in taken] == list(range(1, 201))

    with plain() as sandbox:
        sandbox.shell(numbered_lines(1, 200))
        asyncio.run(main())
