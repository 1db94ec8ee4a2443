//! A session's output, stdout to stdout and stderr to stderr, every byte as it
//! was written.

use crate::output::{Stdout, gap_text, note_line};
use silt_log::{Batch, Source};
use std::io;

pub(super) struct Shown {
    out: Half,
    err: Half,
}

/// One of the two streams.
struct Half {
    to: Stdout,
    /// Nobody reads there any more.
    closed: bool,
    /// The command has written to it, not to say what Silt itself says there.
    written: bool,
    /// That nobody reads what the command writes was told.
    told: bool,
}

/// What became of those who read standard output and standard error.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    There,
    /// The command has just written to where nobody reads any more.
    Gone,
}

impl Shown {
    /// `interrupted` is called when a signal comes while nobody reads.
    pub(super) fn new(interrupted: impl Fn() + Clone + 'static) -> Shown {
        Shown {
            out: Half::new(Stdout::new(), interrupted.clone()),
            err: Half::new(Stdout::stderr(), interrupted),
        }
    }

    pub(super) fn batch(&mut self, batch: &Batch) -> io::Result<Reader> {
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
        self.out.flush()?;
        self.err.flush()?;
        let gone = self.out.is_gone() | self.err.is_gone();
        Ok(if gone { Reader::Gone } else { Reader::There })
    }

    /// One line on stderr, after all that came before it.
    pub(super) fn note(&mut self, message: &str) -> io::Result<()> {
        self.out.flush()?;
        self.err.flush()?;
        if !self.err.closed {
            // The command has not met the closed pipe that this line may meet.
            self.err.written = false;
        }
        self.err.write(note_line(message).as_bytes())?;
        self.err.flush()
    }

    /// The other stream goes out first, so that what is seen first was written first.
    fn write(&mut self, source: Source, bytes: &[u8]) -> io::Result<()> {
        let (to, other) = match source {
            Source::Stderr => (&mut self.err, &mut self.out),
            _ => (&mut self.out, &mut self.err),
        };
        other.flush()?;
        to.written = true;
        to.write(bytes)
    }
}

impl Half {
    fn new(mut to: Stdout, interrupted: impl Fn() + 'static) -> Half {
        to.give_up_when(move || {
            interrupted();
            false
        });
        Half {
            to,
            closed: false,
            written: false,
            told: false,
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        let written = self.to.write(bytes);
        self.took(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.to.flush();
        self.took(flushed)
    }

    /// A reader that has closed the pipe has what it wanted.
    fn took(&mut self, written: io::Result<()>) -> io::Result<()> {
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            other => other,
        }
    }

    /// Whether the command has written to where nobody reads; told once. All is flushed.
    fn is_gone(&mut self) -> bool {
        let gone = self.closed && self.written && !self.told;
        self.written = false;
        self.told |= gone;
        gone
    }
}
