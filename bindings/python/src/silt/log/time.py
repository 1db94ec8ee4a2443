"""Times of entries and of what the core tells."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def from_ns(ns: int) -> datetime:
    """Nanoseconds since 1970 as a datetime in UTC, to the microsecond."""
    return _EPOCH + timedelta(microseconds=ns // 1000)


def rfc3339(ns: int) -> str:
    """Nanoseconds since 1970 as RFC 3339 in UTC, always with nine fractional digits."""
    seconds, fraction = divmod(ns, 10**9)
    whole = _EPOCH + timedelta(seconds=seconds)
    return f"{whole:%Y-%m-%dT%H:%M:%S}.{fraction:09d}Z"


def from_text(text: str) -> datetime:
    """RFC 3339 in UTC, as the core writes it, to the microsecond."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    parsed = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    return parsed + timedelta(microseconds=int(fraction[:6].ljust(6, "0")) if fraction else 0)
