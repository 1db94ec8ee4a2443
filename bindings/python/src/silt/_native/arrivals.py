"""Events that were taken out of a queue, until each was handed on."""

from __future__ import annotations

from ctypes import byref, c_size_t
from typing import TYPE_CHECKING

from ..errors.from_data import error_from_json
from . import structures
from .structures import SiltEvent

if TYPE_CHECKING:
    from .._generated.functions import Functions

_AT_ONCE = 64


class Arrivals:
    """Stands before the first event that was not handed on.

    The handler of a signal may raise between any two steps: an event then is handed on again, never left out.
    """

    def __init__(self) -> None:
        self._events = (SiltEvent * _AT_ONCE)()
        self._size = c_size_t()
        self._at = 0

    @property
    def first(self) -> SiltEvent | None:
        """The next one to be handed on."""
        return self._events[self._at] if self._at < self._size.value else None

    def take(self, functions: Functions, queue: int) -> None:
        """Takes those that are there, once all before were handed on."""
        # First, since what is counted but not there any more must not be handed on.
        self._size.value = 0
        self._at = 0
        status = functions.silt_queue_next_many(queue, 0, self._events, _AT_ONCE, byref(self._size))
        if status == structures.ERROR:
            raise error_from_json(self._events[0].json.take(functions))

    def drop_first(self, functions: Functions) -> None:
        """Gives back what came with the first, and goes on to the next."""
        event = self._events[self._at]
        event.json.free(functions)
        event.payload.free(functions)
        self._at += 1
