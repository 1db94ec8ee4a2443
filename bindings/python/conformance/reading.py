"""The ways in which this client hands entries over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from convert import error_to_json, item_to_json, to_base64

import silt

Blocking = silt.LogStream[Any]
Async = silt.AsyncLogStream[Any]
Next = Callable[[], Any]
"""What the way gives next; None at the end. Of asyncio's: something to await."""


def _iterate(make: Callable[[Blocking], Iterator[Any]]) -> Callable[[Blocking], Next]:
    def of(stream: Blocking) -> Next:
        iterator = make(stream)
        return lambda: next(iterator, None)

    return of


def _iterate_async(make: Callable[[Async], Any]) -> Callable[[Async], Next]:
    def of(stream: Async) -> Next:
        iterator = make(stream).__aiter__()

        async def following() -> Any:
            try:
                return await iterator.__anext__()
            except StopAsyncIteration:
                return None

        return following

    return of


_BLOCKING: dict[str, Callable[[Blocking], Next]] = {
    "for": _iterate(iter),
    "recv": lambda stream: stream.recv,
    "batches": _iterate(lambda stream: stream.batches()),
    "bytes ndjson": _iterate(lambda stream: stream.bytes("ndjson")),
    "bytes sse": _iterate(lambda stream: stream.bytes("sse")),
    "bytes text": _iterate(lambda stream: stream.bytes("text")),
}
_ASYNC: dict[str, Callable[[Async], Next]] = {
    "async for": _iterate_async(lambda stream: stream),
    "async recv": lambda stream: stream.recv,
    "async batches": _iterate_async(lambda stream: stream.batches()),
}

WAYS = (*_BLOCKING, *_ASYNC)


def is_async(way: str) -> bool:
    return way in _ASYNC


class Reading:
    """An open stream, and how far the way has brought it."""

    def __init__(self, stream: Any, way: str) -> None:
        self.stream = stream
        self.way = way
        self.next = (_ASYNC if is_async(way) else _BLOCKING)[way](stream)

    def read(self, count: int | None) -> dict[str, Any]:
        taken = _Taken(self.way)
        try:
            while taken.wants(count):
                taken.add(self.next())
        except Exception as error:
            taken.error = error_to_json(error)
        return taken.answer(self.stream)

    async def read_async(self, count: int | None) -> dict[str, Any]:
        taken = _Taken(self.way)
        following: Callable[[], Awaitable[Any]] = self.next
        try:
            while taken.wants(count):
                taken.add(await following())
        except Exception as error:
            taken.error = error_to_json(error)
        return taken.answer(self.stream)


class _Taken:
    """What was handed over, in the form of the way, and how often a separator stands in it."""

    def __init__(self, way: str) -> None:
        self.bytes = way.startswith("bytes")
        self.separator = b"\n\n" if way == "bytes sse" else b"\n"
        self.items: list[Any] = []
        self.pieces = b""
        self.count = 0
        self.ended = False
        self.error: dict[str, Any] | None = None

    def wants(self, count: int | None) -> bool:
        return not self.ended and (count is None or self.count < count)

    def add(self, value: Any) -> None:
        if value is None:
            self.ended = True
        elif isinstance(value, bytes):
            self.pieces += value
            self.count += value.count(self.separator)
        else:
            items = value if isinstance(value, list) else [value]
            self.items += [item_to_json(item) for item in items]
            self.count += len(items)

    def answer(self, stream: Blocking | Async) -> dict[str, Any]:
        taken = {"bytes": to_base64(self.pieces)} if self.bytes else {"items": self.items}
        return {
            **taken,
            "ended": self.ended,
            "end": end_to_json(stream) if self.ended else None,
            "error": self.error,
            "position": stream.position,
        }


def end_to_json(stream: Blocking | Async) -> dict[str, Any] | None:
    return stream.end.to_json() if stream.end is not None else None
