"""A packed batch of entries, as the core made it."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import byref
from functools import cached_property
from struct import unpack_from
from typing import Any

from .._generated import layout
from .._native import structures
from .._native.library import library
from .._native.structures import SiltBuffer
from ..errors.from_data import error_from_json


class Batch(layout.Columns):
    """Its numbers are read by column, out of one block of bytes. Its entries keep it alive."""

    raw: bytes
    items: int
    """How many entries and gaps it has."""
    gaps: int
    """How many of them are gaps."""
    data: int
    """Where the bytes of its entries begin."""

    def __init__(self, raw: bytes) -> None:
        magic, self.items, self.gaps, _, self.data = unpack_from("<5I", raw)
        if magic != layout.MAGIC:
            raise ValueError("this is no batch of entries")
        self.raw = raw
        super().__init__(memoryview(raw), self.items)

    def is_gap(self, index: int) -> bool:
        """Whether an item is a gap and no entry."""
        return bool(self.meta[index] >> layout.META_GAP & layout.META_GAP_MASK)

    def gap(self, index: int) -> tuple[int, ...]:
        """The members of the gap that item `index` is."""
        at = self.data - (self.gaps - self.data_offsets[index]) * layout.HEADER_GAP_BYTES
        return layout.GAP.unpack_from(self.raw, at)

    @cached_property
    def levels(self) -> bytes:
        """A byte an item; found for all at once, when one is first asked for."""
        functions = library()
        return self._made(lambda out: functions.silt_batch_levels(self.raw, len(self.raw), out))

    def cursor(self, index: int) -> str:
        """The cursor just after an item."""
        functions = library()
        return self._made(
            lambda out: functions.silt_batch_cursor(self.raw, len(self.raw), index, out)
        ).decode()

    def position_before(self, index: int) -> str:
        """The position of a reader who was handed the items before `index`."""
        functions = library()
        return self._made(
            lambda out: functions.silt_batch_position(self.raw, len(self.raw), index, out)
        ).decode()

    def frames(self, index: int, format: str) -> bytes:
        """The items from `index` on as bytes in a format."""
        functions = library()
        name = str(format).encode()
        return self._made(
            lambda out: functions.silt_batch_frames(self.raw, len(self.raw), index, name, len(name), out)
        )

    @staticmethod
    def _made(make: Callable[[Any], int]) -> bytes:
        out = SiltBuffer()
        status = make(byref(out))
        made = out.take(library())
        if status == structures.ERROR:
            raise error_from_json(made)
        return made
