//! Batches as bytes for a file or a wire, made without a look from the host.

use crate::packed::Packed;
use crate::{ErrorData, entry_json};
use std::io::Write;

/// What the frames of a batch look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The bytes that were written, and a line of text of its own in place of each
    /// gap: an unfinished line before it gets a line end.
    Text,
    /// One JSON object a line.
    Ndjson,
    /// Server-sent events: `id` is the cursor.
    Sse,
}

impl Format {
    /// The names that [`Format::parse`] knows.
    pub const NAMES: [&'static str; 3] = ["text", "ndjson", "sse"];

    /// The format of this name.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` that lists the names.
    pub fn parse(name: &str) -> Result<Format, ErrorData> {
        match name {
            "text" => Ok(Format::Text),
            "ndjson" => Ok(Format::Ndjson),
            "sse" => Ok(Format::Sse),
            other => Err(ErrorData::argument(
                "format",
                format!(
                    "{other:?} was given, expected is one of {}",
                    Format::NAMES.join(", ")
                ),
            )),
        }
    }
}

/// The items of a packed batch from item `from` on, as bytes.
///
/// # Errors
///
/// `InvalidArgument` when `packed` is no packed batch.
pub fn frames(packed: &[u8], from: usize, format: Format) -> Result<Vec<u8>, ErrorData> {
    let packed = Packed::parse(packed)?;
    let mut out = Vec::new();
    for index in from..packed.items() {
        match format {
            Format::Text => text(&packed, index, &mut out),
            Format::Ndjson => json(&packed, index, None, &mut out)?,
            Format::Sse => {
                let cursor = packed.cursor_at(index)?;
                if packed.gap(index).is_some() {
                    out.extend_from_slice(b"event: gap\n");
                }
                let _ = write!(out, "id: {cursor}\ndata: ");
                json(&packed, index, Some(&cursor), &mut out)?;
                out.push(b'\n');
            }
        }
    }
    Ok(out)
}

fn text(packed: &Packed<'_>, index: usize, out: &mut Vec<u8>) {
    if let Some(data) = packed.data(index) {
        out.extend_from_slice(data);
    } else if let Some(gap) = packed.gap(index) {
        if packed.is_mid_line(index) {
            out.push(b'\n');
        }
        let _ = writeln!(
            out,
            "--- {} {} to {} are missing ({}) ---",
            gap.log.name(),
            gap.from,
            gap.to,
            gap.reason.name()
        );
    }
}

fn json(
    packed: &Packed<'_>,
    index: usize,
    cursor: Option<&str>,
    out: &mut Vec<u8>,
) -> Result<(), ErrorData> {
    if let Some(entry) = packed.entry(index) {
        entry_json::write_entry(&entry, cursor, out);
    } else if let Some(gap) = packed.gap(index) {
        match cursor {
            Some(cursor) => entry_json::write_gap(&gap, cursor, out),
            None => entry_json::write_gap(&gap, &packed.cursor_at(index)?, out),
        }
    }
    out.push(b'\n');
    Ok(())
}

/// What stands after the last item of a stream, from its end as JSON. Only
/// server-sent events have such a frame: an event `end` with the final position
/// as its id.
pub fn end_frame(end_json: &str, format: Format) -> String {
    match format {
        Format::Text | Format::Ndjson => String::new(),
        Format::Sse => {
            let end: serde_json::Value = serde_json::from_str(end_json).unwrap_or_default();
            let id = end["position"].as_str().unwrap_or_default();
            format!("event: end\nid: {id}\ndata: {end_json}\n\n")
        }
    }
}
