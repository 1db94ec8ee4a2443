"""A queue of the library: on it calls are answered, and streams say that they can be taken from."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Mapping
from ctypes import byref, c_uint64
from functools import partial
from itertools import count
from typing import Any, Protocol

from .._generated.methods import Method
from ..errors.from_data import error_from_json
from . import structures
from .arrivals import Arrivals
from .library import is_forked, library
from .structures import SiltBuffer, SiltEvent
from .wire import encode

Told = Callable[[int, bytes, bytes], None]
"""Gets the kind of an event, and what came with it. An interrupt may have it told the same one again."""


class Notice(Protocol):
    """Is set by events, and awaited by the one who has to do something then."""

    def set(self) -> None:
        """Lets go on who waits, or who next does."""

    def __await__(self) -> Generator[Any, None, None]: ...


class Reply:
    """The answer to a call, once it is there."""

    __slots__ = ("_error", "_json", "done", "payload", "status")

    def __init__(self) -> None:
        self.status: list[int] = []
        """What the library said to the call, as soon as it was made."""
        self.done = False
        self.payload = b""
        self._json = b""
        self._error = False

    @property
    def is_due(self) -> bool:
        """Whether the call was made, so that an answer comes."""
        return self.status == [structures.OK]

    def answer(self, kind: int, json: bytes, payload: bytes) -> None:
        """Takes the event that answers."""
        self.payload = payload
        self._json = json
        self._error = kind == structures.EVENT_ERROR
        self.done = True

    def result(self) -> Any:
        """What the method answers; raises the error that it answers with."""
        if self._error:
            raise error_from_json(self._json)
        return json.loads(self._json) if self._json else None


class Channel(ABC):
    """A queue, and who is told of its events."""

    # One that an interrupt kept from being made is forgotten as well.
    _queue = c_uint64()

    def __init__(self) -> None:
        self._arrived = Arrivals()
        # Its number, written by the library itself: no interrupt comes between.
        self._queue = c_uint64()
        functions, error = library(), SiltBuffer()
        if functions.silt_queue_open(byref(self._queue), byref(error)) != structures.OK:
            raise error_from_json(error.take(functions))
        self.fd = functions.silt_queue_fd(self.queue)
        self._tokens = count(1)
        self._told: dict[int, Told] = {}

    @property
    def queue(self) -> int:
        """Its number; 0 once it is closed."""
        return self._queue.value

    @abstractmethod
    def notice(self) -> Notice:
        """A notice that can be awaited where this channel is used."""

    @abstractmethod
    async def turn(self) -> None:
        """To be awaited in a loop that does much: others get their turn."""

    def subscribe(self, told: Told) -> int:
        """A token of which `told` gets the events."""
        token = next(self._tokens)
        self._told[token] = told
        return token

    def forget(self, token: int) -> None:
        """Events of a token are dropped from now on."""
        self._told.pop(token, None)

    def start(
        self,
        method: Method,
        params: Mapping[str, Any],
        payload: bytes | None = None,
        then: Callable[[Reply], None] | None = None,
        reply: Reply | None = None,
    ) -> Reply:
        """Calls a method; `then` gets the reply once it is there.

        Who gives the reply knows of it whether the call was made, also after an interrupt.
        """
        functions = library()
        reply = reply or Reply()

        def told(kind: int, json: bytes, payload: bytes) -> None:
            reply.answer(kind, json, payload)
            if then is not None:
                then(reply)

        name, text, error = method.encode(), encode(params), SiltBuffer()
        size = 0 if payload is None else len(payload)
        token = self.subscribe(told)
        given = (self.queue, token, name, len(name), text, len(text), payload, size)
        # One step: no signal is looked at between the call and the keeping of what it returns.
        reply.status.extend(map(partial(functions.silt_call, *given), (byref(error),)))
        if not reply.is_due:
            self.forget(token)
            raise error_from_json(error.take(functions))
        return reply

    async def call(self, method: Method, params: Mapping[str, Any], payload: bytes | None = None) -> Reply:
        """Calls a method and waits for its answer, which may be an error."""
        notice = self.notice()
        reply = self.start(method, params, payload, lambda _: notice.set())
        while not reply.done:
            await notice
        return reply

    def pump(self) -> None:
        """Hands on the events that are there; those of an interrupted time before, if some are left."""
        functions, arrived = library(), self._arrived
        if arrived.first is None:
            arrived.take(functions, self.queue)
        while (event := arrived.first) is not None:
            self._tell(event)
            arrived.drop_first(functions)

    def _tell(self, event: SiltEvent) -> None:
        told = self._told.get(event.token)
        if told is None:
            return
        told(event.kind, event.json.copy(), event.payload.copy())
        # A call is answered once, and what was told must not hold the channel.
        if event.kind in (structures.EVENT_REPLY, structures.EVENT_ERROR):
            self.forget(event.token)

    def close(self) -> None:
        """Gives its descriptor back."""
        queue, self._queue = self._queue.value, c_uint64()
        if queue and not is_forked():
            functions = library()
            functions.silt_queue_close(queue)
            while self._arrived.first is not None:
                self._arrived.drop_first(functions)

    def __del__(self) -> None:
        self.close()
