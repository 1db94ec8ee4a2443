//! Putting what was read into a batch, as far as filters want it.

use super::batch::{Batch, Item, SegmentRef};
use super::entry_ref::EntryRef;
use super::log_reader::LogReader;
use super::stream::Stream;
use crate::cursor::LogPosition;
use crate::{Error, Gap, Log};

impl Stream {
    #[inline]
    pub(super) fn take_entry(
        &mut self,
        index: usize,
        entry: &EntryRef,
        batch: &mut Batch,
    ) -> Result<(), Error> {
        if self
            .filter
            .may_want(entry.source, entry.session, entry.time_ns)
        {
            let reader = &mut self.readers[index];
            let start = batch.data.len();
            if !reader.decode(entry, &mut batch.data) {
                if !reader.read_again() {
                    reader.damaged();
                }
                return Ok(());
            }
            if self.filter.wants_any_data()
                || self.filter.wants_data(
                    entry.session,
                    entry.source,
                    entry.part,
                    entry.level,
                    &batch.data[start..],
                )
            {
                self.add_entry(index, entry, start, batch);
            } else {
                batch.data.truncate(start);
            }
        }
        self.readers[index].take();
        self.moved(index);
        Ok(())
    }

    #[inline]
    fn add_entry(&mut self, index: usize, entry: &EntryRef, start: usize, batch: &mut Batch) {
        let log = self.logs[index];
        let length = batch.data.len() - start;
        let totals = &mut self.totals[log as usize];
        if totals.entries == 0 {
            totals.first_sequence = entry.sequence;
        }
        totals.entries += 1;
        totals.bytes += length as u64;
        totals.last_sequence = entry.sequence;
        let segment = segment_index(&self.readers[index], log, batch);
        batch.items.push(Item {
            time_ns: entry.time_ns,
            sequence: entry.sequence,
            session: entry.session,
            data_offset: start as u32,
            data_len: length as u32,
            end_offset: entry.end_offset(),
            segment,
            log,
            source: entry.source,
            part: entry.part,
            level: entry.level,
            utf8: entry.utf8,
            gap: None,
        });
    }

    pub(super) fn add_gap(&mut self, index: usize, gap: Gap, batch: &mut Batch) {
        let log = self.logs[index];
        self.totals[log as usize].gaps += 1;
        let segment = segment_index(&self.readers[index], log, batch);
        let end_offset = match self.readers[index].position() {
            LogPosition::After { offset, .. } => offset,
            LogPosition::Unread => 0,
        };
        batch.items.push(Item {
            time_ns: 0,
            sequence: gap.to,
            session: 0,
            data_offset: batch.data.len() as u32,
            data_len: 0,
            end_offset,
            segment,
            log,
            source: crate::Source::System,
            part: crate::Part::Whole,
            level: None,
            utf8: true,
            gap: Some(batch.gaps.len() as u16),
        });
        batch.gaps.push(gap);
    }
}

/// The index in the batch of the segment that a reader stands in.
#[inline]
fn segment_index(reader: &LogReader, log: Log, batch: &mut Batch) -> u16 {
    let (segment, tag) = reader
        .segment()
        .map_or((0, 0), |segment| (segment.number, segment.tag()));
    let at = batch
        .segments
        .iter()
        .rposition(|known| known.log == log && known.segment == segment);
    at.unwrap_or_else(|| {
        batch.segments.push(SegmentRef { log, segment, tag });
        batch.segments.len() - 1
    }) as u16
}
