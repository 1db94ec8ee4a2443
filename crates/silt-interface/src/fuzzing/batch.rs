//! A batch as the engine makes it.

use arbitrary::{Result, Unstructured};
use silt_log::{Batch, Gap, GapReason, Item, Level, Log, LogPosition, Part, SegmentRef, Source};

pub(super) fn batch(choices: &mut Unstructured<'_>) -> Result<Batch> {
    let after = |sequence, offset| LogPosition::After {
        sequence,
        segment: 1,
        offset,
        tag: 7,
    };
    let mut next = [1; 3];
    let mut start = [LogPosition::Unread; 3];
    for log in Log::ALL {
        if choices.arbitrary()? {
            let sequence = choices.int_in_range(0..=1 << 40)?;
            start[log as usize] = after(sequence, 100);
            next[log as usize] = sequence + 1;
        }
    }
    let mut batch = Batch {
        log_id: choices.arbitrary()?,
        start,
        end: start,
        segments: Vec::new(),
        items: Vec::new(),
        gaps: Vec::new(),
        data: Vec::new(),
    };
    for log in Log::ALL {
        batch.segments.push(SegmentRef {
            log,
            segment: 1,
            tag: 7,
        });
    }
    for _ in 0..choices.int_in_range(0..=8)? {
        let log = *choices.choose(&Log::ALL)?;
        let next = &mut next[log as usize];
        // Filters may have skipped some.
        *next += choices.int_in_range(0..=3)?;
        let item = item(log, next, &mut batch, choices)?;
        batch.end[log as usize] = after(item.sequence, item.end_offset);
        batch.items.push(item);
    }
    Ok(batch)
}

fn item(
    log: Log,
    next: &mut u64,
    batch: &mut Batch,
    choices: &mut Unstructured<'_>,
) -> Result<Item> {
    let mut item = Item {
        time_ns: 0,
        sequence: *next,
        session: 0,
        data_offset: batch.data.len() as u32,
        data_len: 0,
        end_offset: 200 + *next,
        segment: log as u16,
        log,
        source: Source::Stdout,
        part: Part::Whole,
        level: None,
        utf8: false,
        gap: None,
    };
    if choices.int_in_range(0..=3)? == 3 {
        let to = *next + choices.int_in_range(0..=9)?;
        item.gap = Some(batch.gaps.len() as u16);
        item.sequence = to;
        batch.gaps.push(Gap {
            log,
            from: *next,
            to,
            lost: choices.arbitrary::<bool>()?.then_some(to - *next + 1),
            reason: *choices.choose(&[GapReason::Rotated, GapReason::Crash, GapReason::Damage])?,
        });
    } else {
        let length = choices.int_in_range(0..=20)?.min(choices.len());
        let data = choices.bytes(length)?;
        item.time_ns = choices.arbitrary()?;
        item.session = choices.int_in_range(0..=1 << 50)?;
        item.source = *choices.choose(&Source::ALL)?;
        item.part = *choices.choose(&[Part::Whole, Part::First, Part::Middle, Part::Last])?;
        item.level = match choices.arbitrary()? {
            true => Some(*choices.choose(&Level::ALL)?),
            false => None,
        };
        item.utf8 = std::str::from_utf8(data).is_ok();
        item.data_len = data.len() as u32;
        batch.data.extend_from_slice(data);
    }
    *next = item.sequence + 1;
    Ok(item)
}
