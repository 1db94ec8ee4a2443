"""What `try_recv()` gives when there is nothing now."""

from __future__ import annotations

from enum import Enum


class Pending(Enum):
    """Its one member, `silt.PENDING`, says that the next entry is yet to come."""

    PENDING = "pending"

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "silt.PENDING"
