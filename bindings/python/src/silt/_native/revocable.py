"""A call that leaves nothing behind when it is given up."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from .._generated.methods import Method
from ..errors.silt_error import SiltError
from .channel import Channel, Reply


class Revocable(ABC):
    """A call that is made in a block. What it did is taken back when that ends with an exception.

    Whether or not it was answered by then, and whether or not anybody waits for the taking back.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._notice = channel.notice()
        self._reply = Reply()
        self._answer: Reply | None = None
        self._given_up = False
        self._revoked = False

    @abstractmethod
    def revoke(self, result: Any) -> tuple[Method, Mapping[str, Any]]:
        """The call that takes back what was answered with `result`."""

    async def call(self, method: Method, params: Mapping[str, Any]) -> Any:
        """What the method answers."""
        self._channel.start(method, params, None, self._answered, self._reply)
        while self._answer is None:
            await self._notice
        return self._answer.result()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            return
        self._given_up = True
        if self._answer is not None:
            self._revoke(self._answer)
        # A program that ends now must not be faster. Giving this up as well changes nothing.
        while self._reply.is_due and not self._revoked and not isinstance(error, GeneratorExit):
            await self._notice

    def _answered(self, answer: Reply) -> None:
        self._answer = answer
        if self._given_up:
            # It may be done by now: only the answer tells what.
            self._revoke(answer)
        self._notice.set()

    def _revoke(self, answer: Reply) -> None:
        try:
            self._channel.start(*self.revoke(answer.result()), None, self._sent)
        except SiltError:
            # Nothing was done, or nothing is left of it.
            self._revoked = True

    def _sent(self, _: Reply) -> None:
        self._revoked = True
        self._notice.set()
