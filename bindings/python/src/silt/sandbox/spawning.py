"""Starting a command, and leaving nothing running when that is given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, NamedTuple

from .._generated.records import SpawnedSession
from .._native.channel import Channel, Reply
from .._native.wire import options_to_wire
from ..errors.silt_error import SiltError
from .place import Place


class Started(NamedTuple):
    """A session that was started."""

    place: Place
    session_id: int
    cursor: str
    """Stands just before its first entry."""

    @property
    def params(self) -> dict[str, Any]:
        """The parameters of every call that concerns it."""
        return {**self.place, "sessionId": self.session_id}


class Spawning:
    """A command that is started in a block. It is killed when that ends with an exception.

    Whether or not its start was answered by then, and whether or not anybody waits for the kill.
    """

    def __init__(self, channel: Channel, place: Place) -> None:
        self._channel = channel
        self._place = place
        self._notice = channel.notice()
        self._reply = Reply()
        self._answer: Reply | None = None
        self._given_up = False
        self._killed = False

    async def start(
        self, program: str, args: Sequence[str], stdin: bool, options: Mapping[str, Any]
    ) -> Started:
        """Starts a program."""
        wire = options_to_wire("CommandOptions", options)
        given = list(args) if isinstance(args, (list, tuple)) else args
        params = {**self._place, "program": program, "args": given, "stdin": stdin, "options": wire}
        self._channel.start("spawn", params, None, self._answered, self._reply)
        while self._answer is None:
            await self._notice
        return self._started(self._answer)

    async def __aenter__(self) -> Spawning:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            return
        self._given_up = True
        if self._answer is not None:
            self._kill(self._answer)
        # A program that ends now must not be faster than the kill. Giving this up as well changes nothing.
        while self._reply.is_due and not self._killed and not isinstance(error, GeneratorExit):
            await self._notice

    def _started(self, answer: Reply) -> Started:
        session = SpawnedSession.from_json(answer.result())
        return Started(self._place, session.session_id, session.cursor)

    def _answered(self, answer: Reply) -> None:
        self._answer = answer
        if self._given_up:
            # It may run by now: only the answer tells which one it is.
            self._kill(answer)
        self._notice.set()

    def _kill(self, answer: Reply) -> None:
        try:
            params = {**self._started(answer).params, "signal": "SIGKILL"}
            self._channel.start("signal", params, None, self._sent)
        except SiltError:
            # Nothing was started, or nothing is left of it.
            self._killed = True

    def _sent(self, _: Reply) -> None:
        self._killed = True
        self._notice.set()
