"""Starting a command, and leaving nothing running when that is given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .._generated.methods import Method
from .._generated.records import SpawnedSession
from .._native.channel import Channel
from .._native.revocable import Revocable
from .._native.wire import options_to_wire
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


class Spawning(Revocable):
    """A command that is started in a block, and killed when that ends with an exception."""

    def __init__(self, channel: Channel, place: Place) -> None:
        super().__init__(channel)
        self._place = place

    async def __aenter__(self) -> Spawning:
        return self

    async def start(
        self, program: str, args: Sequence[str], stdin: bool, options: Mapping[str, Any]
    ) -> Started:
        """Starts a program."""
        wire = options_to_wire("CommandOptions", options)
        given = list(args) if isinstance(args, (list, tuple)) else args
        params = {**self._place, "program": program, "args": given, "stdin": stdin, "options": wire}
        return self._started(await self.call("spawn", params))

    def revoke(self, result: Any) -> tuple[Method, Mapping[str, Any]]:
        """The kill."""
        return "signal", {**self._started(result).params, "signal": "SIGKILL"}

    def _started(self, result: Any) -> Started:
        session = SpawnedSession.from_json(result)
        return Started(self._place, session.session_id, session.cursor)
