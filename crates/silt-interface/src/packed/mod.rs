//! A batch of entries as one block of bytes: what crosses a language boundary.
//!
//! Little endian, columnar, with every column aligned to its values: a host
//! reads a field of an entry by one index into an array over the block, and
//! makes an entry only when someone looks at it. The block carries all that
//! cursors, levels and JSON are made from, so that those are pure functions
//! over it, long after the stream is closed.
//!
//! In order: a header of fixed size, the columns, the segments that the items
//! lie in, the gaps, the bytes of all entries. [`layout`] has the numbers.

pub mod layout;
mod pack;
mod view;

pub use pack::pack;
pub use view::Packed;

use crate::ErrorData;

/// The cursor just after item `index`.
///
/// # Errors
///
/// `InvalidArgument` when `packed` is no packed batch or has no such item.
pub fn cursor_at(packed: &[u8], index: usize) -> Result<String, ErrorData> {
    Packed::parse(packed)?.cursor_at(index)
}

/// The position of a reader who was handed the items before `index`: after
/// them, and after what filters skipped before `index`.
///
/// # Errors
///
/// As of [`cursor_at`]; `index` may be the number of items.
pub fn position_before(packed: &[u8], index: usize) -> Result<String, ErrorData> {
    Packed::parse(packed)?.position_before(index)
}

/// The level of every item as a number from 0 (`DEBUG`) to 4; 0 for gaps.
///
/// # Errors
///
/// As of [`cursor_at`].
pub fn levels(packed: &[u8]) -> Result<Vec<u8>, ErrorData> {
    let packed = Packed::parse(packed)?;
    Ok((0..packed.items())
        .map(|index| packed.entry(index).map_or(0, |entry| entry.level as u8))
        .collect())
}

/// The item at `index` as JSON, an entry or a gap; of an entry the cursor is left
/// out unless it is asked for.
///
/// # Errors
///
/// As of [`cursor_at`].
pub fn item_json(packed: &[u8], index: usize, with_cursor: bool) -> Result<Vec<u8>, ErrorData> {
    let packed = Packed::parse(packed)?;
    let cursor = packed.cursor_at(index)?;
    let mut out = Vec::new();
    if let Some(entry) = packed.entry(index) {
        crate::write_entry(&entry, with_cursor.then_some(cursor.as_str()), &mut out);
    } else if let Some(gap) = packed.gap(index) {
        crate::write_gap(&gap, &cursor, &mut out);
    } else {
        return Err(ErrorData::argument(
            "batch",
            format!("these bytes are no packed batch: item {index} reaches beyond them"),
        ));
    }
    Ok(out)
}
