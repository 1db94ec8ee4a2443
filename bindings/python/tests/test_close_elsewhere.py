"""A stream that another thread closes while one reads: position and totals are of what was handed over."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import Any

import pytest
from sandboxes import in_thread, plain

import silt

LINES = 60_000
RUNS = 40

Stream = silt.LogStream[silt.LogEntry]


def received(stream: Stream) -> Iterator[Any]:
    while (entry := stream.recv()) is not None:
        yield entry


def tried(stream: Stream) -> Iterator[Any]:
    while (entry := stream.try_recv()) is not None:
        if isinstance(entry, silt.LogEntry):
            yield entry


WAYS: dict[str, Callable[[Stream], Iterator[Any]]] = {
    "for": iter,
    "recv": received,
    "try_recv": tried,
    "batches": lambda stream: stream.batches(),
    "bytes": lambda stream: stream.bytes("ndjson"),
}


class Counted:
    """Reads in one way, and counts the entries that it was handed."""

    def __init__(self, stream: Stream, way: str, announced: int) -> None:
        self._taken = WAYS[way](stream)
        self._announced = announced
        self.reached = Event()

    def read(self) -> int:
        count = 0
        for taken in self._taken:
            if isinstance(taken, bytes):
                count += taken.count(b"\n")
            else:
                count += len(taken) if isinstance(taken, list) else 1
            if count > self._announced:
                self.reached.set()
        return count


@pytest.fixture(scope="module")
def written() -> Iterator[tuple[silt.Sandbox, int]]:
    with plain() as made:
        # A line may come in parts.
        yield made, made.exec("seq", [str(LINES)]).totals[0].entries


@pytest.fixture
def threads_take_turns_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.00001)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("threads_take_turns_often")
@pytest.mark.parametrize("way", WAYS)
def test_a_resume_from_its_position_neither_repeats_nor_skips(
    written: tuple[silt.Sandbox, int], way: str
) -> None:
    sandbox, entries = written
    for run in range(RUNS):
        stream = sandbox.log_stream(follow=True)
        counted = Counted(stream, way, run * 300)
        reading = in_thread(counted.read)
        assert counted.reached.wait(60)
        stream.close()
        last = reading()
        assert stream.end is not None
        assert (stream.end.reason, stream.end.logs["exec"].entries) == ("closed", last)
        with sandbox.log_stream(from_cursor=stream.position) as resumed:
            following = resumed.recv()
        assert last + 1 == (entries + 1 if following is None else following.sequence)


@pytest.mark.parametrize("way", ["for", "recv", "try_recv"])
def test_nothing_is_handed_over_after_it(written: tuple[silt.Sandbox, int], way: str) -> None:
    sandbox, _ = written
    stream = sandbox.log_stream()
    reading = WAYS[way](stream)
    first = next(reading)
    closing = Thread(target=stream.close)
    closing.start()
    closing.join()
    assert list(reading) == []
    assert stream.recv() is None
    assert stream.end is not None
    assert stream.end.logs["exec"].last_sequence == first.sequence == 1
    following = sandbox.log_stream(from_cursor=stream.position).recv()
    assert following is not None
    assert following.sequence == 2


@pytest.mark.parametrize("way", ["for", "recv", "batches", "bytes"])
def test_it_ends_the_waiting_of_every_way(way: str) -> None:
    with plain() as sandbox:
        stream = sandbox.log_stream(follow=True)
        seen: list[Any] = []

        def read() -> bool:
            seen.extend(WAYS[way](stream))
            return True

        reading = in_thread(read)
        stream.close()
        assert reading()
        assert seen == []
