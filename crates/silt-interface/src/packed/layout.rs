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
    pub const RESERVED: usize = 28;
    pub const LOG_ID: usize = 32;
    /// Where the reader stood before the first item.
    pub const START: usize = 48;
    /// Where it stood after the last item and what filters skipped behind it.
    pub const END: usize = 144;
    /// Where the columns begin.
    pub const SIZE: usize = 240;
}

/// A position takes, by log, `u64` sequence + 1 (0: unread), `u64` segment,
/// `u64` offset, `u32` tag, `u32` zero.
pub const POSITION_STRIDE: usize = 32;

/// The columns, one after the other, each of one value an item:
/// name and bytes of a value.
pub const COLUMNS: [(&str, usize); 7] = [
    ("times", 8),
    ("sequences", 8),
    ("sessions", 8),
    ("endOffsets", 8),
    ("dataOffsets", 4),
    ("dataLengths", 4),
    ("meta", 4),
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

/// A segment: `u64` number, `u32` tag, `u32` log.
pub const SEGMENT_BYTES: usize = 16;

/// A gap: `u64` from, `u64` to, `u64` lost ([`UNKNOWN`]: not known), `u32` log,
/// `u32` reason.
pub const GAP_BYTES: usize = 32;

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
