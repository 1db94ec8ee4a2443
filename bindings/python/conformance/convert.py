"""Between the spelling of the cases and that of Python."""

from __future__ import annotations

import base64
import dataclasses
import re
import traceback
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import silt
from silt._generated.options import SHAPES


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def camel(name: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda letter: letter[1].upper(), name.removesuffix("_"))


def options_from_json(shape: str, options: Mapping[str, Any] | None) -> dict[str, Any]:
    """Options as they stand in a case, in Python's names and units."""
    known = SHAPES[shape]
    return {snake(name): _option(known.get(snake(name)), value) for name, value in (options or {}).items()}


def _option(option: Any, value: Any) -> Any:
    if option is None:
        return value
    if option.shape is not None and isinstance(value, list):
        return [_option(option, one) for one in value]
    if option.shape is not None and isinstance(value, dict):
        return options_from_json(option.shape, value)
    if option.type == "time" and isinstance(value, dict) and isinstance(value.get("time"), str):
        return _time(value["time"])
    if option.type == "duration" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return value / 1000
    return value


def _time(text: str) -> datetime:
    whole, zone = re.fullmatch(r"(.*?)(Z|[+-]\d\d:\d\d)", text).groups()  # type: ignore[union-attr]
    moment, _, fraction = whole.partition(".")
    offset = timezone.utc
    if zone != "Z":
        shift = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:]))
        offset = timezone(-shift if zone[0] == "-" else shift)
    micros = timedelta(microseconds=int(fraction[:6].ljust(6, "0")) if fraction else 0)
    return datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=offset) + micros


def to_json(value: Any) -> Any:
    """What a client answered, under the names of the contract."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {camel(name): to_json(member) for name, member in vars(value).items()}
    if isinstance(value, Mapping):
        return {name: to_json(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value


def item_to_json(item: silt.LogEntry | silt.LogGap) -> dict[str, Any]:
    if isinstance(item, silt.LogGap):
        return item.to_json()
    return {
        "type": item.type,
        "log": item.log,
        "source": item.source,
        "sessionId": item.session_id,
        "sequence": item.sequence,
        "timestampNanos": str(item.timestamp_ns),
        "level": item.level,
        "part": item.part,
        "data": to_base64(item.data),
        "text": item.text(),
        "line": item.line,
        "cursor": item.cursor,
        "json": item.to_json(),
    }


def to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def error_to_json(error: Exception) -> dict[str, Any]:
    if not isinstance(error, silt.SiltError):
        text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        return {"code": "Agent", "message": text, "retryable": False, "fields": {}}
    # From the attributes, as a program reads them.
    fields = {name: getattr(error, name) for name in error.fields}
    return {
        "code": error.code,
        "message": str(error),
        "retryable": error.retryable,
        "fields": {camel(name): to_json(value) for name, value in fields.items() if value is not None},
    }
