//! Where what lies in a packed batch.

/// The first four bytes: `SLT1`.
pub const MAGIC: u32 = u32::from_le_bytes(*b"SLT1");

/// Fields of the header, as byte offsets. All are `u32` but for the log id
/// (16 bytes) and the positions (96 bytes each).
pub mod header {
    pub const MAGIC: usize = 0;
    /// How many items: entries and gaps.
    pub const ITEMS: usize = 4;
    pub const GAPS: usize = 8;
    pub const SEGMENTS: usize = 12;
    /// Where the block of bytes begins.
    pub const DATA_OFFSET: usize = 16;
    pub const DATA_LENGTH: usize = 20;
    /// Bit `1 << log` is set when an item of that log is in the batch.
    pub const LOGS: usize = 24;
    /// 1 when the bytes of the batches before this one end within a line.
    pub const MID_LINE: usize = 28;
    pub const LOG_ID: usize = 32;
    /// Where the reader stood before the first item.
    pub const START: usize = 48;
    /// Where it stood after the last item and what filters skipped behind it.
    pub const END: usize = 144;
    /// Where the columns begin.
    pub const SIZE: usize = 240;
}

/// A position takes this much by log: [`POSITION`].
pub const POSITION_STRIDE: usize = 32;

/// Name, byte offset and type of what a position says of one log.
pub const POSITION: [(&str, usize, &str); 4] = [
    // 0: the log is unread.
    ("sequencePlusOne", 0, "u64"),
    ("segment", 8, "u64"),
    ("offset", 16, "u64"),
    ("tag", 24, "u32"),
];

/// The columns, one after the other, each of one value an item:
/// name, bytes and type of a value.
pub const COLUMNS: [(&str, usize, &str); 7] = [
    // Nanoseconds since 1970.
    ("times", 8, "i64"),
    ("sequences", 8, "u64"),
    // 0: none.
    ("sessions", 8, "u64"),
    ("endOffsets", 8, "u64"),
    ("dataOffsets", 4, "u32"),
    ("dataLengths", 4, "u32"),
    ("meta", 4, "u32"),
];

/// Bytes of all columns for one item.
pub const ITEM_BYTES: usize = 44;

/// Bits of the column `meta`.
pub mod meta {
    /// Two bits: [`silt_log::Log`].
    pub const LOG: u32 = 0;
    /// Two bits: [`silt_log::Source`].
    pub const SOURCE: u32 = 2;
    /// Two bits: [`silt_log::Part`].
    pub const PART: u32 = 4;
    /// Set for a gap, whose index is in the column `dataOffsets`.
    pub const GAP: u32 = 6;
    /// Set when the bytes are valid UTF-8.
    pub const UTF8: u32 = 7;
    /// Three bits: level + 1; 0 where it is still to be found from the text.
    pub const LEVEL: u32 = 8;
    /// Sixteen bits: index in the segments.
    pub const SEGMENT: u32 = 16;
}

/// A segment takes this much: [`SEGMENT`].
pub const SEGMENT_BYTES: usize = 16;

/// Name, byte offset and type of the fields of a segment.
pub const SEGMENT: [(&str, usize, &str); 3] =
    [("number", 0, "u64"), ("tag", 8, "u32"), ("log", 12, "u32")];

/// A gap takes this much: [`GAP`].
pub const GAP_BYTES: usize = 32;

/// Name, byte offset and type of the fields of a gap; `lost` is [`UNKNOWN`] where it
/// is not known.
pub const GAP: [(&str, usize, &str); 5] = [
    ("from", 0, "u64"),
    ("to", 8, "u64"),
    ("lost", 16, "u64"),
    ("log", 24, "u32"),
    ("reason", 28, "u32"),
];

/// Stands for "not known" in `lost`.
pub const UNKNOWN: u64 = u64::MAX;

/// Where the segments begin, for a number of items: the columns, and zeros up
/// to a multiple of eight.
pub const fn segments_offset(items: usize) -> usize {
    header::SIZE + (items * ITEM_BYTES).next_multiple_of(8)
}

/// Where column `index` begins, for a number of items.
pub const fn column_offset(index: usize, items: usize) -> usize {
    let mut offset = header::SIZE;
    let mut at = 0;
    while at < index {
        offset += COLUMNS[at].1 * items;
        at += 1;
    }
    offset
}
