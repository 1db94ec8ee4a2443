"""Interrupts at a chosen point: what the handler of a signal does at one of chance."""

from __future__ import annotations

import sys
from collections.abc import Callable
from inspect import CO_COROUTINE, CO_GENERATOR
from pathlib import PurePath
from types import FrameType, TracebackType
from typing import Any


class Interrupt(Exception):
    """What a handler raises."""


def raises() -> None:
    raise Interrupt


class Interrupting:
    """Has a handler called at one step of some files, counted from the beginning of the block.

    `Interrupt` ends the block.

    A step is a line, or the beginning or end of a function. Those at the edges of a `with` are steps too,
    where no signal is ever looked at: files with locks are none for this.
    """

    def __init__(self, step: int, *files: str, handler: Callable[[], None] = raises) -> None:
        self.interrupted = False
        self.error: BaseException | None = None
        self._handler = handler
        self._left = step
        self._files = files

    def __enter__(self) -> Interrupting:
        sys.settrace(self._enter)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        sys.settrace(None)
        self.error = error
        return isinstance(error, Interrupt)

    def _enter(self, frame: FrameType, event: str, argument: Any) -> Any:
        if self.interrupted or PurePath(frame.f_code.co_filename).name not in self._files:
            return None
        # What is raised while something is forgotten, nobody gets.
        outer: FrameType | None = frame
        while outer is not None:
            if outer.f_code.co_name == "__del__":
                return None
            outer = outer.f_back
        return self._step(frame, event, argument)

    def _step(self, frame: FrameType, event: str, argument: Any) -> Any:
        # A coroutine is left and entered where it waits, too: an error there would pass by its handlers.
        waits = event != "line" and frame.f_code.co_flags & (CO_COROUTINE | CO_GENERATOR)
        if event != "exception" and not waits and not self.interrupted:
            if self._left == 0:
                self.interrupted = True
                self._handler()
            self._left -= 1
        return self._step
