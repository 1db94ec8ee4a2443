//! Entries as JSON, one a line.

use super::stdout::Stdout;
use silt_interface::{EntryFields, write_entry, write_gap};
use silt_log::{Batch, level_of};
use std::io;

pub(crate) struct Json {
    pub(crate) cursors: bool,
}

impl Json {
    pub(crate) fn batch(&self, batch: &Batch, out: &mut Stdout) -> io::Result<()> {
        for (index, item) in batch.items.iter().enumerate() {
            let buffer = out.buffer();
            if let Some(gap) = item.gap {
                let gap = &batch.gaps[usize::from(gap)];
                write_gap(gap, &batch.cursor_at(index).encode(), buffer);
            } else {
                let data = batch.data(item);
                let entry = EntryFields {
                    time_ns: item.time_ns,
                    log: item.log,
                    source: item.source,
                    session: item.session,
                    sequence: item.sequence,
                    level: item.level.unwrap_or_else(|| level_of(data)),
                    part: item.part,
                    data,
                };
                let cursor = self.cursors.then(|| batch.cursor_at(index).encode());
                write_entry(&entry, cursor.as_deref(), buffer);
            }
            buffer.push(b'\n');
            out.added()?;
        }
        Ok(())
    }
}
