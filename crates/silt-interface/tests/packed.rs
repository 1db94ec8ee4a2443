//! A packed batch answers what the engine's own batch answers.

use silt_interface::packed::{Packed, item_json, layout, pack};
use silt_interface::{Format, cursor_at, end_frame, frames, levels, position_before};
use silt_log::{Batch, Gap, GapReason, Item, Level, Log, LogPosition, Part, SegmentRef, Source};

fn after(sequence: u64, segment: u64, offset: u64, tag: u32) -> LogPosition {
    LogPosition::After {
        sequence,
        segment,
        offset,
        tag,
    }
}

/// Two logs that take turns, a filter that skipped some, a gap, bytes that are
/// no text, parts.
fn example() -> Batch {
    let mut batch = Batch {
        log_id: [7; 16],
        start: [
            after(10, 1, 500, 0xa),
            LogPosition::Unread,
            LogPosition::Unread,
        ],
        end: [
            after(40, 2, 900, 0xb),
            after(6, 1, 300, 0xc),
            LogPosition::Unread,
        ],
        segments: vec![
            SegmentRef {
                log: Log::Exec,
                segment: 1,
                tag: 0xa,
            },
            SegmentRef {
                log: Log::Runtime,
                segment: 1,
                tag: 0xc,
            },
            SegmentRef {
                log: Log::Exec,
                segment: 2,
                tag: 0xb,
            },
        ],
        items: Vec::new(),
        gaps: vec![Gap {
            log: Log::Exec,
            from: 15,
            to: 20,
            lost: None,
            reason: GapReason::Crash,
        }],
        data: Vec::new(),
    };
    let mut add = |log, sequence, segment, data: &[u8], part, level| {
        batch.items.push(Item {
            time_ns: 1_777_629_600_000_000_000 + sequence as i64,
            sequence,
            session: u64::from(log == Log::Exec),
            data_offset: batch.data.len() as u32,
            data_len: data.len() as u32,
            end_offset: 600 + sequence,
            segment,
            log,
            source: if log == Log::Exec {
                Source::Stdout
            } else {
                Source::System
            },
            part,
            level,
            utf8: std::str::from_utf8(data).is_ok(),
            gap: None,
        });
        batch.data.extend_from_slice(data);
    };
    add(Log::Exec, 12, 0, b"one\n", Part::Whole, None);
    add(Log::Runtime, 3, 1, b"started\n", Part::Whole, None);
    add(Log::Exec, 14, 0, b"\xff\n", Part::Whole, None);
    add(Log::Exec, 20, 2, b"", Part::Whole, None);
    add(
        Log::Exec,
        21,
        2,
        b"ERROR and",
        Part::First,
        Some(Level::Error),
    );
    add(Log::Exec, 22, 2, b" more\n", Part::Last, Some(Level::Error));
    add(Log::Runtime, 5, 1, b"ended\n", Part::Whole, None);
    batch.items[3].gap = Some(0);
    batch
}

#[test]
fn cursors_and_positions_are_those_of_the_engine() {
    let batch = example();
    let packed = pack(&batch, false).unwrap();
    for index in 0..batch.items.len() {
        let cursor = batch.cursor_at(index).encode();
        assert_eq!(cursor_at(&packed, index).unwrap(), cursor, "{index}");
    }
    for count in 0..=batch.items.len() {
        let position = batch.position_before(count).encode();
        assert_eq!(
            position_before(&packed, count).unwrap(),
            position,
            "{count}"
        );
    }
    assert!(cursor_at(&packed, batch.items.len()).is_err());
    assert!(position_before(&packed, batch.items.len() + 1).is_err());
}

#[test]
fn entries_and_gaps_come_back() {
    let batch = example();
    let packed = pack(&batch, false).unwrap();
    let view = Packed::parse(&packed).unwrap();
    assert_eq!(view.items(), batch.items.len());
    for (index, item) in batch.items.iter().enumerate() {
        if let Some(gap) = item.gap {
            assert_eq!(view.gap(index), Some(batch.gaps[usize::from(gap)]));
            assert!(view.entry(index).is_none());
            continue;
        }
        let entry = view.entry(index).unwrap();
        assert_eq!(entry.data, batch.data(item));
        assert_eq!(entry.time_ns, item.time_ns);
        assert_eq!((entry.log, entry.source), (item.log, item.source));
        assert_eq!(
            (entry.session, entry.sequence),
            (item.session, item.sequence)
        );
        assert_eq!(entry.part, item.part);
    }
    assert_eq!(levels(&packed).unwrap(), [1, 1, 1, 0, 3, 3, 1]);
}

#[test]
fn columns_lie_where_the_layout_says() {
    let packed = pack(&example(), false).unwrap();
    let word = |at: usize| u32::from_le_bytes(packed[at..at + 4].try_into().unwrap());
    assert_eq!(word(0).to_le_bytes(), *b"SLT1");
    assert_eq!(word(4), 7);
    let sequences = silt_interface::packed::layout::column_offset(1, 7);
    assert_eq!(sequences % 8, 0);
    assert_eq!(word(sequences), 12);
    assert_eq!(&packed[word(16) as usize..][..4], b"one\n");
}

#[test]
fn a_number_that_not_every_language_holds_is_refused() {
    let mut batch = example();
    batch.items[0].sequence = 1 << 53;
    assert_eq!(pack(&batch, false).unwrap_err().code, "Corruption");
}

#[test]
fn frames_are_text_lines_of_json_or_events() {
    let packed = pack(&example(), false).unwrap();
    let text = frames(&packed, 0, Format::Text).unwrap();
    assert_eq!(
        text,
        b"one\nstarted\n\xff\n--- exec 15 to 20 are missing (crash) ---\nERROR and more\nended\n"
    );
    let lines = String::from_utf8(frames(&packed, 2, Format::Ndjson).unwrap()).unwrap();
    let lines: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[0]["encoding"], "base64");
    assert_eq!(lines[1]["type"], "gap");
    assert_eq!(lines[1]["lost"], serde_json::Value::Null);
    assert_eq!(lines[1]["resumeCursor"], cursor_at(&packed, 3).unwrap());
    assert_eq!(lines[2]["part"], "first");

    let events = String::from_utf8(frames(&packed, 3, Format::Sse).unwrap()).unwrap();
    let cursor = cursor_at(&packed, 3).unwrap();
    assert!(events.starts_with(&format!("event: gap\nid: {cursor}\ndata: {{")));
    assert_eq!(events.matches("\n\n").count(), 4);
    assert_eq!(end_frame("{}", Format::Ndjson), "");
}

#[test]
fn as_text_a_gap_has_a_line_of_its_own() {
    let text = |batch: &Batch, mid_line, from| {
        let packed = pack(batch, mid_line).unwrap();
        frames(&packed, from, Format::Text).unwrap()
    };
    let gap = b"--- exec 15 to 20 are missing (crash) ---\nERROR and more\nended\n";
    let mut batch = example();
    assert_eq!(text(&batch, true, 3), gap);
    // What stands before the gap loses the end of its line.
    batch.items[2].data_len -= 1;
    let after_a_part = [b"\n", &gap[..]].concat();
    let whole = [b"one\nstarted\n\xff", &after_a_part[..]].concat();
    assert_eq!(text(&batch, false, 0), whole);
    assert_eq!(text(&batch, false, 3), after_a_part);
    // It came with the batch before.
    batch.items.drain(..3);
    assert_eq!(text(&batch, true, 0), after_a_part);
    assert_eq!(text(&batch, false, 0), gap);
}

#[test]
fn an_item_that_reaches_beyond_its_block_is_refused() {
    let mut packed = pack(&example(), false).unwrap();
    assert!(item_json(&packed, 0, false).is_ok());
    let lengths = layout::column_offset(5, example().items.len());
    packed[lengths..][..4].copy_from_slice(&u32::MAX.to_le_bytes());
    let error = item_json(&packed, 0, false).unwrap_err();
    assert_eq!(error.code, "InvalidArgument");
}

#[test]
fn a_block_whose_numbers_no_cursor_holds_gives_no_cursor() {
    let mut packed = pack(&example(), false).unwrap();
    let sequences = layout::column_offset(1, example().items.len());
    packed[sequences..][..8].copy_from_slice(&u64::MAX.to_le_bytes());
    let error = cursor_at(&packed, 0).unwrap_err();
    assert_eq!(error.code, "InvalidArgument");
    assert!(cursor_at(&packed, usize::MAX).is_err());
    assert!(position_before(&packed, usize::MAX).is_err());
}
