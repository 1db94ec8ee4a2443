"""Options and parameters as JSON for the core, which checks them.

Nothing is lost on the way that the core would have refused: what JSON would drop or change
arrives as what no option takes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from os import PathLike, fspath
from re import Pattern
from typing import Any

from .._generated.options import SHAPES, Option
from ..errors.from_data import invalid_argument

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_UNKNOWN = Option("", "", None)


def encode(params: Mapping[str, Any]) -> bytes:
    """Parameters of a call, with options made by `options_to_wire`."""
    try:
        return json.dumps(params, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        raise invalid_argument("options", "text has characters that are none (surrogates)") from None


def options_to_wire(shape: str, options: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """Options by the names and in the units of the core. What is `None` is as if it was left out."""
    known = SHAPES[shape]
    wire = {}
    for name, value in options.items():
        if value is None:
            continue
        option = known.get(name, _UNKNOWN)
        # A name that there is not goes as it is, so that the core refuses it by its name.
        wire[option.name or str(name)] = _option(option, value, f"{path}{name}")
    return wire


def _option(option: Option, value: Any, path: str) -> Any:
    if option.type == "environment" and isinstance(value, Mapping):
        return {str(name): _plain(text) for name, text in value.items()}
    if option.shape is not None:
        if isinstance(value, Mapping):
            return options_to_wire(option.shape, value, f"{path}.")
        if option.type == "objects" and isinstance(value, (list, tuple)):
            return [_option(option, one, f"{path}[{index}]") for index, one in enumerate(value)]
    if option.type == "duration":
        return _duration(value)
    if option.type == "time" and isinstance(value, datetime):
        return _time(value, path)
    if option.type == "text" and isinstance(value, PathLike):
        return _plain(fspath(value))
    return _plain(value)


def _duration(value: Any) -> Any:
    """Seconds as the core's milliseconds."""
    if isinstance(value, timedelta):
        value = value.total_seconds()
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return _plain(value)
    # Not every decimal fraction is one of two: 2.3 s are 2300 ms.
    ms = round(value * 1000, 6)
    return int(ms) if ms == ms // 1 and abs(ms) != float("inf") else _plain(ms)


def _time(value: datetime, path: str) -> dict[str, str]:
    if value.utcoffset() is None:
        raise invalid_argument(
            path, "a datetime without a zone is not a point in time; give it one, such as timezone.utc"
        )
    since = value - _EPOCH
    return {"ns": str((since.days * 86_400 + since.seconds) * 10**9 + since.microseconds * 1000)}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else str(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, Pattern):
        return {"regexp": str(value.pattern)}
    # No text, which might be taken for one; its type only, since what it shows might be a secret.
    return {"python": type(value).__name__}
