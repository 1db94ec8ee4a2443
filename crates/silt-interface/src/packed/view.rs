//! Reading a packed batch.

use super::layout::{
    self, GAP_BYTES, ITEM_BYTES, MAGIC, POSITION_STRIDE, SEGMENT_BYTES, UNKNOWN, header, meta,
};
use crate::options::MAX_INTEGER;
use crate::{EntryFields, ErrorData};
use silt_log::{Cursor, Gap, GapReason, Level, Log, LogPosition, Part, Position, Source};

/// A packed batch, its sizes checked. Items beyond the end read as absent, so
/// that no block of bytes, however made, can reach beyond itself.
#[derive(Clone, Copy, Debug)]
pub struct Packed<'a> {
    bytes: &'a [u8],
    items: usize,
    gaps_offset: usize,
    data: &'a [u8],
}

impl<'a> Packed<'a> {
    /// Checks the header and the sizes of all parts.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` when `bytes` is no packed batch.
    pub fn parse(bytes: &'a [u8]) -> Result<Packed<'a>, ErrorData> {
        Packed::check(bytes)
            .ok_or_else(|| ErrorData::argument("batch", "these bytes are no packed batch"))
    }

    fn check(bytes: &'a [u8]) -> Option<Packed<'a>> {
        let field = |offset| read_u32(bytes, offset).map(|value| value as usize);
        if read_u32(bytes, header::MAGIC)? != MAGIC || bytes.len() < header::SIZE {
            return None;
        }
        let items = field(header::ITEMS)?;
        items.checked_mul(ITEM_BYTES)?;
        let gaps_offset = layout::segments_offset(items) + field(header::SEGMENTS)? * SEGMENT_BYTES;
        let data_offset = field(header::DATA_OFFSET)?;
        if gaps_offset + field(header::GAPS)? * GAP_BYTES != data_offset {
            return None;
        }
        let data = bytes.get(data_offset..)?;
        (data.len() == field(header::DATA_LENGTH)?).then_some(Packed {
            bytes,
            items,
            gaps_offset,
            data,
        })
    }

    /// How many entries and gaps there are.
    pub fn items(&self) -> usize {
        self.items
    }

    /// The bytes of the entry at `index`; none when that is a gap or not there.
    pub fn data(&self, index: usize) -> Option<&'a [u8]> {
        if self.meta(index)? >> meta::GAP & 1 == 1 {
            return None;
        }
        let offset = self.u32(4, index)? as usize;
        self.data.get(offset..)?.get(..self.u32(5, index)? as usize)
    }

    /// Whether the bytes of all items before `index`, and of the batches before this
    /// one, end within a line. Shown as text, a gap is a whole line.
    pub fn is_mid_line(&self, index: usize) -> bool {
        for before in (0..index.min(self.items)).rev() {
            match self.data(before) {
                Some([]) => {}
                Some([.., last]) => return *last != b'\n',
                None => return false,
            }
        }
        read_u32(self.bytes, header::MID_LINE) == Some(1)
    }

    /// The entry at `index`; none when that is a gap or not there.
    pub fn entry(&self, index: usize) -> Option<EntryFields<'a>> {
        let bits = self.meta(index)?;
        let data = self.data(index)?;
        let level = match bits >> meta::LEVEL & 7 {
            0 => silt_log::level_of(data),
            level => *Level::ALL.get(level as usize - 1)?,
        };
        Some(EntryFields {
            time_ns: self.u64(0, index)? as i64,
            log: log_of(bits >> meta::LOG)?,
            source: Source::ALL[(bits >> meta::SOURCE & 3) as usize],
            session: self.u64(2, index)?,
            sequence: self.u64(1, index)?,
            level,
            part: [Part::Whole, Part::First, Part::Middle, Part::Last]
                [(bits >> meta::PART & 3) as usize],
            data,
        })
    }

    /// The sequence number of item `index`; of a gap, its last one.
    pub fn sequence(&self, index: usize) -> Option<u64> {
        self.u64(1, index)
    }

    /// The gap at `index`; none when that is an entry or not there.
    pub fn gap(&self, index: usize) -> Option<Gap> {
        if self.meta(index)? >> meta::GAP & 1 == 0 {
            return None;
        }
        let at = self.gaps_offset + self.u32(4, index)? as usize * GAP_BYTES;
        let lost = read_u64(self.bytes, at + 16)?;
        Some(Gap {
            log: log_of(read_u32(self.bytes, at + 24)?)?,
            from: read_u64(self.bytes, at)?,
            to: read_u64(self.bytes, at + 8)?,
            lost: (lost != UNKNOWN).then_some(lost),
            reason: match read_u32(self.bytes, at + 28)? {
                0 => GapReason::Rotated,
                1 => GapReason::Crash,
                2 => GapReason::DiskFull,
                3 => GapReason::Damage,
                _ => return None,
            },
        })
    }

    /// The cursor just after item `index`.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` when there is no such item.
    pub fn cursor_at(&self, index: usize) -> Result<String, ErrorData> {
        let position = index.checked_add(1).and_then(|count| self.handed(count));
        self.encode(position.ok_or_else(|| self.no_item(index))?)
    }

    /// The position of a reader who was handed the items before `index`.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` when `index` is beyond the number of items.
    pub fn position_before(&self, index: usize) -> Result<String, ErrorData> {
        let position = self.before(index).ok_or_else(|| self.no_item(index))?;
        self.encode(position)
    }

    /// Numbers are contiguous: what lies before an item in its log was handed
    /// over, or skipped by a filter.
    fn before(&self, index: usize) -> Option<Position> {
        let mut position = self.handed(index)?;
        let end = self.position(header::END)?;
        let logs = read_u32(self.bytes, header::LOGS)?;
        for (log, slot) in position.iter_mut().enumerate() {
            let ahead = (logs & 1 << log != 0)
                .then(|| (index..self.items).find(|&next| self.log(next) == Some(log)))
                .flatten();
            let Some(next) = ahead else {
                *slot = end[log];
                continue;
            };
            let skipped = match self.gap(next) {
                Some(gap) => gap.from,
                None => self.u64(1, next)?,
            }
            .saturating_sub(1);
            if let LogPosition::After { sequence, .. } = slot {
                *sequence = (*sequence).max(skipped);
            }
        }
        Some(position)
    }

    /// Where a reader stands after the first `count` items.
    fn handed(&self, count: usize) -> Option<Position> {
        if count > self.items {
            return None;
        }
        let mut position = self.position(header::START)?;
        let mut missing = read_u32(self.bytes, header::LOGS)?;
        for index in (0..count).rev() {
            if missing == 0 {
                break;
            }
            let log = self.log(index)?;
            if missing & 1 << log != 0 {
                missing &= !(1 << log);
                *position.get_mut(log)? = self.after(index)?;
            }
        }
        Some(position)
    }

    fn after(&self, index: usize) -> Option<LogPosition> {
        let (segment, tag) = self.segment(index)?;
        Some(LogPosition::After {
            sequence: match self.gap(index) {
                Some(gap) => gap.to,
                None => self.u64(1, index)?,
            },
            segment,
            offset: self.u64(3, index)?,
            tag,
        })
    }

    fn segment(&self, index: usize) -> Option<(u64, u32)> {
        let at = layout::segments_offset(self.items)
            + (self.meta(index)? >> meta::SEGMENT) as usize * SEGMENT_BYTES;
        Some((read_u64(self.bytes, at)?, read_u32(self.bytes, at + 8)?))
    }

    fn position(&self, offset: usize) -> Option<Position> {
        let mut position = Position::default();
        for (log, held) in position.iter_mut().enumerate() {
            let at = offset + log * POSITION_STRIDE;
            if let Some(sequence) = read_u64(self.bytes, at)?.checked_sub(1) {
                *held = LogPosition::After {
                    sequence,
                    segment: read_u64(self.bytes, at + 8)?,
                    offset: read_u64(self.bytes, at + 16)?,
                    tag: read_u32(self.bytes, at + 24)?,
                };
            }
        }
        Some(position)
    }

    fn encode(&self, position: Position) -> Result<String, ErrorData> {
        let held = |log: &LogPosition| match *log {
            LogPosition::Unread => true,
            LogPosition::After {
                sequence,
                segment,
                offset,
                ..
            } => sequence.max(segment).max(offset) <= MAX_INTEGER,
        };
        if !position.iter().all(held) {
            return Err(ErrorData::argument(
                "batch",
                "these bytes are no packed batch: they hold a number beyond 2^53 - 1",
            ));
        }
        let mut log_id = [0; 16];
        log_id.copy_from_slice(&self.bytes[header::LOG_ID..][..16]);
        Ok(Cursor { log_id, position }.encode())
    }

    /// The number of the log of item `index`.
    pub fn log(&self, index: usize) -> Option<usize> {
        Some((self.meta(index)? >> meta::LOG & 3) as usize)
    }

    fn meta(&self, index: usize) -> Option<u32> {
        self.u32(6, index)
    }

    fn u64(&self, column: usize, index: usize) -> Option<u64> {
        (index < self.items).then(|| {
            read_u64(
                self.bytes,
                layout::column_offset(column, self.items) + index * 8,
            )
        })?
    }

    fn u32(&self, column: usize, index: usize) -> Option<u32> {
        (index < self.items).then(|| {
            read_u32(
                self.bytes,
                layout::column_offset(column, self.items) + index * 4,
            )
        })?
    }

    fn no_item(&self, index: usize) -> ErrorData {
        ErrorData::argument(
            "index",
            format!("the batch has {} items, none at {index}", self.items),
        )
    }
}

fn log_of(bits: u32) -> Option<Log> {
    Log::ALL.get((bits & 3) as usize).copied()
}

fn read_u32(bytes: &[u8], offset: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(offset..)?.first_chunk()?))
}

fn read_u64(bytes: &[u8], offset: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(offset..)?.first_chunk()?))
}
