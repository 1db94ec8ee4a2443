# Generated from crates/silt-interface by `npm run generate`. Do not edit.
"""Where what lies in a packed batch. Little endian."""

from __future__ import annotations

from struct import Struct
from typing import Final

MAGIC: Final = 827608147

# Byte offsets in the header, and sizes in bytes.
HEADER_DATA_LENGTH: Final = 20
HEADER_DATA_OFFSET: Final = 16
HEADER_END: Final = 144
HEADER_GAP_BYTES: Final = 32
HEADER_GAPS: Final = 8
HEADER_ITEM_BYTES: Final = 44
HEADER_ITEMS: Final = 4
HEADER_LOG_ID: Final = 32
HEADER_LOGS: Final = 24
HEADER_MAGIC: Final = 0
HEADER_POSITION_BYTES: Final = 32
HEADER_SEGMENT_BYTES: Final = 16
HEADER_SEGMENTS: Final = 12
HEADER_SIZE: Final = 240
HEADER_START: Final = 48

# Bit offsets in the column of meta, and what to mask then.
META_GAP: Final = 6
META_GAP_MASK: Final = 1
META_LEVEL: Final = 8
META_LEVEL_MASK: Final = 7
META_LOG: Final = 0
META_LOG_MASK: Final = 3
META_PART: Final = 4
META_PART_MASK: Final = 3
META_SEGMENT: Final = 16
META_SEGMENT_MASK: Final = 65535
META_SOURCE: Final = 2
META_SOURCE_MASK: Final = 3
META_UTF8: Final = 7
META_UTF8_MASK: Final = 1

# A gap: from, to, lost, log, reason.
GAP: Final = Struct("<QQQII")

class Columns:
    """The columns of a batch, each of one number an item."""

    __slots__ = (
        "times",
        "sequences",
        "sessions",
        "end_offsets",
        "data_offsets",
        "data_lengths",
        "meta",
    )
    times: memoryview[int]
    sequences: memoryview[int]
    sessions: memoryview[int]
    end_offsets: memoryview[int]
    data_offsets: memoryview[int]
    data_lengths: memoryview[int]
    meta: memoryview[int]

    def __init__(self, raw: memoryview, items: int) -> None:
        columns = raw[HEADER_SIZE : HEADER_SIZE + HEADER_ITEM_BYTES * items]
        self.times = columns[0 * items : 8 * items].cast("q")
        self.sequences = columns[8 * items : 16 * items].cast("Q")
        self.sessions = columns[16 * items : 24 * items].cast("Q")
        self.end_offsets = columns[24 * items : 32 * items].cast("Q")
        self.data_offsets = columns[32 * items : 36 * items].cast("I")
        self.data_lengths = columns[36 * items : 40 * items].cast("I")
        self.meta = columns[40 * items : 44 * items].cast("I")
