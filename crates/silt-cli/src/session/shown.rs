//! A session's output, stdout to stdout and stderr to stderr, every byte as it
//! was written.

use crate::output::{Stdout, gap_text, note};
use silt_log::{Batch, Source};
use std::io;

pub(super) struct Shown {
    out: Stdout,
    err: Stdout,
    /// Nobody reads there any more.
    out_closed: bool,
    err_closed: bool,
}

/// What became of standard output.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    There,
    /// It has gone just now.
    Gone,
}

impl Shown {
    /// `interrupted` is called when a signal comes while nobody reads.
    pub(super) fn new(interrupted: impl Fn() + Clone + 'static) -> Shown {
        let (mut out, mut err) = (Stdout::new(), Stdout::stderr());
        for stream in [&mut out, &mut err] {
            let interrupted = interrupted.clone();
            stream.give_up_when(move || {
                interrupted();
                false
            });
        }
        Shown {
            out,
            err,
            out_closed: false,
            err_closed: false,
        }
    }

    pub(super) fn batch(&mut self, batch: &Batch) -> io::Result<Reader> {
        let was_closed = self.out_closed;
        let mut from = 0;
        while let Some(first) = batch.items.get(from) {
            if let Some(gap) = first.gap {
                let gap = &batch.gaps[usize::from(gap)];
                note(&format!("not shown: {}", gap_text(gap)));
                from += 1;
                continue;
            }
            let same = batch.items[from..]
                .iter()
                .take_while(|item| item.gap.is_none() && item.source == first.source)
                .count();
            let last = &batch.items[from + same - 1];
            let end = last.data_offset + last.data_len;
            self.write(
                first.source,
                &batch.data[first.data_offset as usize..end as usize],
            )?;
            from += same;
        }
        // Both at once, so that what is seen first was written first.
        let flushed = self.out.flush();
        self.took(flushed, Source::Stdout)?;
        let flushed = self.err.flush();
        self.took(flushed, Source::Stderr)?;
        Ok(if self.out_closed && !was_closed {
            Reader::Gone
        } else {
            Reader::There
        })
    }

    fn write(&mut self, source: Source, bytes: &[u8]) -> io::Result<()> {
        let written = match source {
            Source::Stderr if self.err_closed => Ok(()),
            Source::Stderr => self.out.flush().and_then(|()| self.err.write(bytes)),
            _ if self.out_closed => Ok(()),
            _ => self.err.flush().and_then(|()| self.out.write(bytes)),
        };
        self.took(written, source)
    }

    fn took(&mut self, result: io::Result<()>, source: Source) -> io::Result<()> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                match source {
                    Source::Stderr => self.err_closed = true,
                    _ => self.out_closed = true,
                }
                Ok(())
            }
            other => other,
        }
    }
}
