//! What a reader hands over at once.

use crate::control::LogId;
use crate::cursor::{Cursor, LogPosition, Position};
use crate::mutation::mutation;
use crate::{Gap, Level, Log, Part, Source};

/// An entry's share of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Capture time, nanoseconds since 1970. 0 for a gap.
    pub time_ns: i64,
    /// Of a gap: its last number.
    pub sequence: u64,
    /// Exec session; 0 where there is none.
    pub session: u64,
    /// Where the data lie in [`Batch::data`].
    pub data_offset: u32,
    pub data_len: u32,
    /// Offset in its segment just after its line.
    pub end_offset: u64,
    /// Index in [`Batch::segments`].
    pub segment: u16,
    pub log: Log,
    pub source: Source,
    pub part: Part,
    /// Known only where it is stored; else [`level_of`](crate::level_of) the data.
    pub level: Option<Level>,
    /// Whether the bytes are stored as text.
    pub utf8: bool,
    /// Index in [`Batch::gaps`], if this is no entry but a gap.
    pub gap: Option<u16>,
}

/// A segment that items of a batch come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentRef {
    pub log: Log,
    pub segment: u64,
    pub tag: u32,
}

/// Entries and gaps in the order of delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    pub log_id: LogId,
    /// Where the reader stood before the first item.
    pub start: Position,
    /// Where it stands after the last item, and after what filters skipped since.
    pub end: Position,
    pub segments: Vec<SegmentRef>,
    pub items: Vec<Item>,
    pub gaps: Vec<Gap>,
    /// The bytes of all entries.
    pub data: Vec<u8>,
}

impl Batch {
    pub(crate) fn new(log_id: LogId, start: Position) -> Batch {
        Batch {
            log_id,
            start,
            end: start,
            segments: Vec::new(),
            items: Vec::new(),
            gaps: Vec::new(),
            data: Vec::new(),
        }
    }

    /// The bytes of an item; empty for a gap.
    pub fn data(&self, item: &Item) -> &[u8] {
        let start = item.data_offset as usize;
        &self.data[start..start + item.data_len as usize]
    }

    /// The cursor just after item `index`.
    pub fn cursor_at(&self, index: usize) -> Cursor {
        if mutation!("cursor-ahead-of-delivery") {
            return self.cursor(self.end);
        }
        let mut position = self.start;
        for log in Log::ALL {
            if let Some(item) = self.items[..=index].iter().rev().find(|i| i.log == log) {
                position[log as usize] = self.after(item);
            }
        }
        self.cursor(position)
    }

    /// The cursor of a reader that was handed the first `count` items: it also
    /// stands after what filters skipped before the next one.
    pub fn position_before(&self, count: usize) -> Cursor {
        let (handed, ahead) = self.items.split_at(count);
        let mut position = self.start;
        for log in Log::ALL {
            let slot = &mut position[log as usize];
            if let Some(item) = handed.iter().rev().find(|item| item.log == log) {
                *slot = self.after(item);
            }
            match ahead.iter().find(|item| item.log == log) {
                None => *slot = self.end[log as usize],
                Some(next) => {
                    let skipped = match next.gap {
                        Some(gap) => self.gaps[usize::from(gap)].from - 1,
                        None => next.sequence - 1,
                    };
                    if let LogPosition::After { sequence, .. } = slot {
                        *sequence = (*sequence).max(skipped);
                    }
                }
            }
        }
        self.cursor(position)
    }

    fn after(&self, item: &Item) -> LogPosition {
        let segment = self.segments[usize::from(item.segment)];
        LogPosition::After {
            sequence: item.sequence,
            segment: segment.segment,
            offset: item.end_offset,
            tag: segment.tag,
        }
    }

    fn cursor(&self, position: Position) -> Cursor {
        Cursor {
            log_id: self.log_id,
            position,
        }
    }
}
