//! An entry in the buffer of its reader.

use super::lines::{LineRef, Lines};
use crate::line::{self, RawData, RawEntry};
use crate::{Level, Part, Source};

/// An entry that was found and not yet taken; its data still lie in the buffer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EntryRef {
    pub(crate) time_ns: i64,
    pub(crate) source: Source,
    pub(crate) session: u64,
    pub(crate) sequence: u64,
    pub(crate) part: Part,
    pub(crate) level: Option<Level>,
    pub(crate) utf8: bool,
    pub(super) line: LineRef,
    /// Where the escaped data lie; `None` for a line that takes the general path.
    pub(super) data: Option<(usize, usize)>,
}

impl EntryRef {
    #[inline]
    pub(super) fn of(raw: &RawEntry<'_>, line: LineRef) -> EntryRef {
        let data = match &raw.data {
            RawData::Escaped(data) => {
                // The data are the end of the line but for `"}`.
                let to = line.to - 2;
                Some((to - data.len(), to))
            }
            RawData::Decoded(_) => None,
        };
        EntryRef {
            time_ns: raw.time_ns,
            source: raw.source,
            session: raw.session,
            sequence: raw.sequence,
            part: raw.part,
            level: raw.level,
            utf8: raw.utf8,
            line,
            data,
        }
    }

    /// Offset in its segment just after its line.
    pub(crate) fn end_offset(&self) -> u64 {
        self.line.end_offset
    }

    /// Appends its data; `false` when they can not be decoded.
    #[inline]
    pub(super) fn decode(&self, lines: &Lines, out: &mut Vec<u8>) -> bool {
        match self.data {
            Some((from, to)) => RawData::Escaped(lines.bytes(from, to)).decode_into(self.utf8, out),
            None => line::parse_general(lines.bytes(self.line.from, self.line.to))
                .is_some_and(|raw| raw.data.decode_into(raw.utf8, out)),
        }
    }
}
