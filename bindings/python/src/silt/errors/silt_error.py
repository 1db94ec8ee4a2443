"""The base of all errors of Silt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .._generated.errors import ErrorCode


class SiltError(Exception):
    """The base of all errors of Silt. Tell them apart by class or by `code`, never by the message."""

    code: ErrorCode
    """The name of its kind, the same in every language: `"InvalidCursor"`, …"""

    retryable: bool
    """Whether the same call can succeed later without a change."""

    fields: Mapping[str, Any]
    """What its kind has beyond that, in Python's spelling; each is an attribute, too."""

    def __init__(
        self, code: ErrorCode, message: str, retryable: bool = False, fields: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.retryable = retryable
        self.fields = dict(fields or {})
        for name, value in self.fields.items():
            setattr(self, name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.code, str(self), self.retryable, self.fields)
