//! Entries as text.

use super::sgr::keep_colors;
use super::stdout::Stdout;
use silt_log::{Batch, Gap, Item, Part, Source, strip_controls, write_time};
use std::io::{self, Write};

const RED: &[u8] = b"\x1b[31m";
const DIM: &[u8] = b"\x1b[2m";
const RESET: &[u8] = b"\x1b[0m";

/// How entries are shown.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TextOptions {
    /// The bytes as they are.
    pub(crate) raw: bool,
    pub(crate) color: bool,
    pub(crate) timestamps: bool,
    pub(crate) ids: bool,
    pub(crate) cursors: bool,
    /// Parts of a line may be left out between others.
    pub(crate) selects: bool,
}

pub(crate) struct Text {
    options: TextOptions,
    /// What the last byte shown belongs to, unless it was a line end.
    unfinished: Option<(u64, Source)>,
    /// The number of the last entry shown.
    last: u64,
    /// A colour may still be on.
    colored: bool,
}

impl Text {
    pub(crate) fn new(options: TextOptions) -> Text {
        Text {
            options,
            unfinished: None,
            last: 0,
            colored: false,
        }
    }

    fn has_prefix(&self) -> bool {
        self.options.timestamps || self.options.ids || self.options.cursors
    }

    /// From now on parts of a line may be left out between others.
    pub(crate) fn left_out(&mut self) {
        self.options.selects = true;
    }

    pub(crate) fn batch(&mut self, batch: &Batch, out: &mut Stdout) -> io::Result<()> {
        let color = self.options.color && !self.options.raw;
        if batch.gaps.is_empty() && !self.has_prefix() && !color {
            let as_it_is = self.options.raw || !may_steer(&batch.data);
            if let Some(last) = batch.items.last()
                && as_it_is
            {
                self.shown(last, batch.data(last));
                return out.write(&batch.data);
            }
        }
        for (index, item) in batch.items.iter().enumerate() {
            let buffer = out.buffer();
            match item.gap {
                Some(gap) => self.gap(&batch.gaps[usize::from(gap)], buffer),
                None => self.entry(batch, index, item, buffer),
            }
            out.added()?;
        }
        Ok(())
    }

    /// What stands after the last entry.
    pub(crate) fn end(&mut self, out: &mut Stdout) -> io::Result<()> {
        if std::mem::take(&mut self.colored) {
            out.buffer().extend_from_slice(RESET);
        }
        out.flush()
    }

    fn entry(&mut self, batch: &Batch, index: usize, item: &Item, out: &mut Vec<u8>) {
        let data = batch.data(item);
        if self.has_prefix() && !self.goes_on(item) {
            self.finish_line(out);
            self.prefix(batch, index, item, out);
        }
        if self.options.raw {
            out.extend_from_slice(data);
        } else if self.options.color {
            self.colored_entry(item, data, out);
        } else {
            out.extend_from_slice(&strip_controls(data));
        }
        self.shown(item, data);
    }

    /// Whether an entry is shown as more of the line before it. With cursors each
    /// part has its own, since who goes on from one goes on just after that part.
    fn goes_on(&self, item: &Item) -> bool {
        self.unfinished == Some((item.session, item.source))
            && matches!(item.part, Part::Middle | Part::Last)
            && !self.options.cursors
            && (!self.options.selects || item.sequence == self.last + 1)
    }

    /// Colours of the program stay; what has none is coloured by its source.
    fn colored_entry(&mut self, item: &Item, data: &[u8], out: &mut Vec<u8>) {
        let color = match item.source {
            Source::Stderr => RED,
            Source::System => DIM,
            Source::Stdout | Source::Output => {
                self.colored |= keep_colors(data, out);
                return;
            }
        };
        let (text, line_end) = match data.strip_suffix(b"\n") {
            Some(text) => (text, b"\n".as_slice()),
            None => (data, b"".as_slice()),
        };
        out.extend_from_slice(color);
        keep_colors(text, out);
        out.extend_from_slice(RESET);
        out.extend_from_slice(line_end);
    }

    fn prefix(&self, batch: &Batch, index: usize, item: &Item, out: &mut Vec<u8>) {
        if self.options.timestamps {
            write_time(item.time_ns, out);
            out.push(b' ');
        }
        if self.options.ids {
            // Writing into a vector can not fail.
            let _ = match item.session {
                0 => out.write_all(b"- "),
                id => write!(out, "{id} "),
            };
        }
        if self.options.cursors {
            out.extend_from_slice(batch.cursor_at(index).encode().as_bytes());
            out.push(b' ');
        }
    }

    fn gap(&mut self, gap: &Gap, out: &mut Vec<u8>) {
        self.finish_line(out);
        let _ = writeln!(out, "--- {} ---", gap_text(gap));
    }

    fn finish_line(&mut self, out: &mut Vec<u8>) {
        if self.unfinished.take().is_some() {
            out.push(b'\n');
        }
    }

    fn shown(&mut self, item: &Item, data: &[u8]) {
        self.last = item.sequence;
        match data.last() {
            None => {}
            Some(b'\n') => self.unfinished = None,
            Some(_) => self.unfinished = Some((item.session, item.source)),
        }
    }
}

/// What is missing, for people.
pub(crate) fn gap_text(gap: &Gap) -> String {
    let lost = match gap.lost {
        Some(1) => "1 entry".to_owned(),
        Some(lost) => format!("{lost} entries"),
        None => "an unknown number of entries".to_owned(),
    };
    format!(
        "{} {} to {} missing: {lost} ({})",
        gap.log.name(),
        gap.from,
        gap.to,
        gap.reason.name()
    )
}

/// Whether some byte could belong to a control; beyond ASCII it is looked at
/// more closely.
fn may_steer(bytes: &[u8]) -> bool {
    let steers = |byte: u8| {
        (byte < 0x20) & (byte != b'\n') & (byte != b'\t') & (byte != b'\r') | (byte >= 0x7f)
    };
    // Without a branch on single bytes, so that it compiles to vectors.
    bytes
        .chunks(4096)
        .any(|chunk| chunk.iter().fold(false, |any, byte| any | steers(*byte)))
}
