use super::batch::batch;
use crate::packed::layout::{self, GAP_BYTES, MAGIC, SEGMENT_BYTES, header};
use crate::packed::{self, Packed, pack};
use crate::{Format, frames};
use arbitrary::Unstructured;
use silt_log::{Batch, Cursor};

/// A packed batch: bytes as they are, bytes under a header that fits them, and
/// a batch as the engine makes it, which reads the same packed.
pub fn packed(bytes: &[u8]) {
    look(bytes);
    look(&fitting(bytes));
    let mut choices = Unstructured::new(bytes);
    if let Ok(batch) = batch(&mut choices) {
        same(&batch);
    }
}

/// The first three bytes say how many items, segments and gaps there are.
fn fitting(bytes: &[u8]) -> Vec<u8> {
    let count = |at: usize| usize::from(bytes.get(at).copied().unwrap_or(0) % 6);
    let (items, segments, gaps) = (count(0), count(1), count(2));
    let data = layout::segments_offset(items) + segments * SEGMENT_BYTES + gaps * GAP_BYTES;
    let mut whole = bytes.get(3..).unwrap_or_default().to_vec();
    whole.resize(whole.len().max(data), 0);
    let length = whole.len() - data;
    for (offset, value) in [
        (header::MAGIC, MAGIC as usize),
        (header::ITEMS, items),
        (header::GAPS, gaps),
        (header::SEGMENTS, segments),
        (header::DATA_OFFSET, data),
        (header::DATA_LENGTH, length),
    ] {
        whole[offset..][..4].copy_from_slice(&(value as u32).to_le_bytes());
    }
    whole
}

fn look(bytes: &[u8]) {
    let parsed = Packed::parse(bytes);
    assert_eq!(parsed.is_ok(), packed::levels(bytes).is_ok());
    let Ok(view) = parsed else {
        assert!(packed::cursor_at(bytes, 0).is_err());
        return;
    };
    let items = view.items();
    assert!(items * layout::ITEM_BYTES <= bytes.len());
    assert!(packed::cursor_at(bytes, usize::MAX).is_err());
    assert!(packed::position_before(bytes, usize::MAX).is_err());
    for index in 0..items + 2 {
        if let Ok(cursor) = packed::cursor_at(bytes, index) {
            assert!(index < items);
            Cursor::decode(&cursor).expect("what is given as a cursor is one");
        }
        if let Ok(cursor) = packed::position_before(bytes, index) {
            assert!(index <= items);
            Cursor::decode(&cursor).expect("what is given as a cursor is one");
        }
        for with_cursor in [false, true] {
            if let Ok(json) = packed::item_json(bytes, index, with_cursor) {
                serde_json::from_slice::<serde_json::Value>(&json).expect("it is JSON");
            }
        }
        assert!(index < items || view.sequence(index).is_none());
        assert!(view.data(index).is_none() || view.gap(index).is_none());
    }
    for format in Format::NAMES {
        let format = Format::parse(format).expect("a name");
        for from in [0, items, items + 1] {
            let Ok(bytes) = frames(bytes, from, format) else {
                continue;
            };
            if format == Format::Ndjson {
                for line in bytes
                    .split(|byte| *byte == b'\n')
                    .filter(|line| !line.is_empty())
                {
                    serde_json::from_slice::<serde_json::Value>(line).expect("it is JSON");
                }
            }
        }
    }
}

fn same(batch: &Batch) {
    let bytes = pack(batch, false).expect("its numbers are small");
    look(&bytes);
    let view = Packed::parse(&bytes).expect("it was packed");
    assert_eq!(view.items(), batch.items.len());
    for (index, item) in batch.items.iter().enumerate() {
        assert_eq!(
            view.cursor_at(index).ok(),
            Some(batch.cursor_at(index).encode())
        );
        assert_eq!(view.sequence(index), Some(item.sequence));
        match item.gap {
            Some(gap) => assert_eq!(view.gap(index), Some(batch.gaps[usize::from(gap)])),
            None => {
                let entry = view.entry(index).expect("an entry");
                assert_eq!(entry.data, batch.data(item));
                let of = (
                    entry.log,
                    entry.source,
                    entry.session,
                    entry.part,
                    entry.time_ns,
                );
                let expected = (item.log, item.source, item.session, item.part, item.time_ns);
                assert_eq!(of, expected);
                let level = item
                    .level
                    .unwrap_or_else(|| silt_log::level_of(batch.data(item)));
                assert_eq!(entry.level, level);
            }
        }
    }
    for count in 0..=batch.items.len() {
        let expected = batch.position_before(count).encode();
        assert_eq!(view.position_before(count).ok(), Some(expected));
    }
}
