//! The engine's batch, packed.

use super::layout::{
    self, GAP_BYTES, MAGIC, POSITION_STRIDE, SEGMENT_BYTES, UNKNOWN, header, meta,
};
use crate::ErrorData;
use crate::options::MAX_INTEGER;
use silt_log::{Batch, LogPosition, Position};

/// Packs a batch. `mid_line` says whether the bytes of the batches before it end
/// within a line.
///
/// # Errors
///
/// `Corruption` for a sequence number of 2^53 or more, which not every language
/// can hold.
pub fn pack(batch: &Batch, mid_line: bool) -> Result<Vec<u8>, ErrorData> {
    let items = batch.items.len();
    let segments = layout::segments_offset(items);
    let gaps = segments + batch.segments.len() * SEGMENT_BYTES;
    let data = gaps + batch.gaps.len() * GAP_BYTES;
    // One byte of room behind: the C library puts a zero there without moving it all.
    let len = data + batch.data.len();
    let mut out = vec![0; len + 1];
    out.truncate(len);

    let mut logs = 0;
    for item in &batch.items {
        if item.sequence > MAX_INTEGER || item.session > MAX_INTEGER {
            return Err(beyond_every_language(item.sequence.max(item.session)));
        }
        logs |= 1u32 << item.log as u32;
    }
    for (offset, value) in [
        (header::MAGIC, MAGIC),
        (header::ITEMS, items as u32),
        (header::GAPS, batch.gaps.len() as u32),
        (header::SEGMENTS, batch.segments.len() as u32),
        (header::DATA_OFFSET, data as u32),
        (header::DATA_LENGTH, batch.data.len() as u32),
        (header::LOGS, logs),
        (header::MID_LINE, u32::from(mid_line)),
    ] {
        out[offset..][..4].copy_from_slice(&value.to_le_bytes());
    }
    out[header::LOG_ID..][..16].copy_from_slice(&batch.log_id);
    write_position(&batch.start, &mut out[header::START..]);
    write_position(&batch.end, &mut out[header::END..]);

    let mut columns = &mut out[header::SIZE..];
    write_column(
        &mut columns,
        items,
        batch.items.iter().map(|item| item.time_ns.to_le_bytes()),
    );
    write_column(
        &mut columns,
        items,
        batch.items.iter().map(|item| item.sequence.to_le_bytes()),
    );
    write_column(
        &mut columns,
        items,
        batch.items.iter().map(|item| item.session.to_le_bytes()),
    );
    write_column(
        &mut columns,
        items,
        batch.items.iter().map(|item| item.end_offset.to_le_bytes()),
    );
    write_column(
        &mut columns,
        items,
        batch
            .items
            .iter()
            .map(|item| item.gap.map_or(item.data_offset, u32::from).to_le_bytes()),
    );
    write_column(
        &mut columns,
        items,
        batch.items.iter().map(|item| item.data_len.to_le_bytes()),
    );
    write_column(
        &mut columns,
        items,
        batch.items.iter().map(|item| {
            let level = item.level.map_or(0, |level| level as u32 + 1);
            let bits = (item.log as u32) << meta::LOG
                | (item.source as u32) << meta::SOURCE
                | (item.part as u32) << meta::PART
                | u32::from(item.gap.is_some()) << meta::GAP
                | u32::from(item.utf8) << meta::UTF8
                | level << meta::LEVEL
                | u32::from(item.segment) << meta::SEGMENT;
            bits.to_le_bytes()
        }),
    );

    for (segment, to) in batch
        .segments
        .iter()
        .zip(out[segments..gaps].chunks_exact_mut(SEGMENT_BYTES))
    {
        to[..8].copy_from_slice(&segment.segment.to_le_bytes());
        to[8..12].copy_from_slice(&segment.tag.to_le_bytes());
        to[12..].copy_from_slice(&(segment.log as u32).to_le_bytes());
    }
    for (gap, to) in batch
        .gaps
        .iter()
        .zip(out[gaps..data].chunks_exact_mut(GAP_BYTES))
    {
        if gap.to > MAX_INTEGER {
            return Err(beyond_every_language(gap.to));
        }
        to[..8].copy_from_slice(&gap.from.to_le_bytes());
        to[8..16].copy_from_slice(&gap.to.to_le_bytes());
        to[16..24].copy_from_slice(&gap.lost.unwrap_or(UNKNOWN).to_le_bytes());
        to[24..28].copy_from_slice(&(gap.log as u32).to_le_bytes());
        to[28..].copy_from_slice(&(gap.reason as u32).to_le_bytes());
    }
    out[data..].copy_from_slice(&batch.data);
    Ok(out)
}

fn write_column<const N: usize>(
    columns: &mut &mut [u8],
    items: usize,
    values: impl Iterator<Item = [u8; N]>,
) {
    let (column, rest) = std::mem::take(columns).split_at_mut(items * N);
    for (to, value) in column.chunks_exact_mut(N).zip(values) {
        to.copy_from_slice(&value);
    }
    *columns = rest;
}

fn write_position(position: &Position, out: &mut [u8]) {
    for (log, to) in position.iter().zip(out.chunks_exact_mut(POSITION_STRIDE)) {
        if let LogPosition::After {
            sequence,
            segment,
            offset,
            tag,
        } = *log
        {
            to[..8].copy_from_slice(&(sequence + 1).to_le_bytes());
            to[8..16].copy_from_slice(&segment.to_le_bytes());
            to[16..24].copy_from_slice(&offset.to_le_bytes());
            to[24..28].copy_from_slice(&tag.to_le_bytes());
        }
    }
}

fn beyond_every_language(number: u64) -> ErrorData {
    ErrorData::new(
        crate::ErrorCode::Corruption,
        format!(
            "the log holds the number {number}, and 2^53 - 1 is the largest that every language can hold"
        ),
    )
}
