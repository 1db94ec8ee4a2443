//! A session's output, stdout to stdout and stderr to stderr, every byte as it
//! was written.

use crate::output::{Stdout, gap_text, note_line};
use silt_log::{Batch, Source};
use std::io;

pub(super) struct Shown {
    out: Stdout,
    err: Stdout,
    /// Nobody reads there any more.
    out_closed: bool,
    err_closed: bool,
}

/// What became of those who read standard output and standard error.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    There,
    /// One has gone just now.
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
        let was_closed = (self.out_closed, self.err_closed);
        let mut from = 0;
        while let Some(first) = batch.items.get(from) {
            if let Some(gap) = first.gap {
                let gap = &batch.gaps[usize::from(gap)];
                self.note(&format!("not shown: {}", gap_text(gap)))?;
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
        self.flush_out()?;
        self.flush_err()?;
        Ok(if (self.out_closed, self.err_closed) == was_closed {
            Reader::There
        } else {
            Reader::Gone
        })
    }

    /// One line on stderr, after all that came before it.
    pub(super) fn note(&mut self, message: &str) -> io::Result<()> {
        self.write(Source::Stderr, note_line(message).as_bytes())?;
        self.flush_err()
    }

    /// The other stream goes out first, so that what is seen first was written first.
    fn write(&mut self, source: Source, bytes: &[u8]) -> io::Result<()> {
        if source == Source::Stderr {
            self.flush_out()?;
            if !self.err_closed {
                unless_gone(self.err.write(bytes), &mut self.err_closed)?;
            }
        } else {
            self.flush_err()?;
            if !self.out_closed {
                unless_gone(self.out.write(bytes), &mut self.out_closed)?;
            }
        }
        Ok(())
    }

    fn flush_out(&mut self) -> io::Result<()> {
        unless_gone(self.out.flush(), &mut self.out_closed)
    }

    fn flush_err(&mut self) -> io::Result<()> {
        unless_gone(self.err.flush(), &mut self.err_closed)
    }
}

/// A reader that has closed the pipe has what it wanted.
fn unless_gone(written: io::Result<()>, closed: &mut bool) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            *closed = true;
            Ok(())
        }
        other => other,
    }
}
