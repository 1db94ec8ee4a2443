"""Errors, from what the core says of them."""

from __future__ import annotations

import json
import re
from typing import Any

from .._generated.errors import CLASSES, FIELDS, InvalidArgument
from .._generated.records import GapRange, VerifyReport
from .silt_error import SiltError


def error_from_json(text: bytes) -> SiltError:
    """The error that JSON of the core describes."""
    data = json.loads(text)
    return error_from_data(data)


def error_from_data(data: dict[str, Any]) -> SiltError:
    """The error that data of the core describes."""
    code = data["code"]
    types = FIELDS.get(code, {})
    given = data.get("fields") or {}
    fields = {_snake(name): _field(types.get(name, ""), value) for name, value in given.items()}
    # What may be absent is None then.
    for name in types:
        fields.setdefault(_snake(name), None)
    return CLASSES.get(code, SiltError)(code, data["message"], bool(data.get("retryable")), fields)


def invalid_argument(option: str, message: str) -> InvalidArgument:
    """What the core can not check: an option that never leaves Python."""
    return InvalidArgument("InvalidArgument", f"{option}: {message}", False, {"option": option})


def _field(kind: str, value: Any) -> Any:
    if kind == "gaps":
        return tuple(GapRange.from_json(gap) for gap in value)
    if kind == "verifyReport" and value is not None:
        return VerifyReport.from_json(value)
    return value


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
