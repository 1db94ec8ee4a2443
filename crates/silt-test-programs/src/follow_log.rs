//! `follow-log FOLDER ENTRIES [CURSOR]`: follows a log through the engine itself
//! and hands on what it is given, until it has had that many entries (status 7),
//! the log ends (status 0), or it is killed.
//!
//! Frames on standard output: two little-endian `u32` lengths, a header as JSON,
//! the bytes of its parts one after another. The header has `position`, the
//! cursor after all of it; `spans`, ranges of numbers and gaps; and `parts`, the
//! length of each session's and source's bytes.

use serde_json::{Value, json};
use silt_log::{
    Batch, BatchLimits, Gap, Log, LogDirectory, Next, OnGap, SourceSet, Stream, StreamOptions,
};
use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;

const USAGE: &str = "usage: follow-log FOLDER ENTRIES [CURSOR]";

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or(USAGE)?;
    let enough: usize = arguments.next().ok_or(USAGE)?.parse()?;
    let options = StreamOptions {
        sources: SourceSet::ALL,
        from_cursor: arguments.next(),
        follow: true,
        on_gap: OnGap::Report,
        ..StreamOptions::default()
    };
    let mut stream = LogDirectory::open(&folder)?.stream(&options)?;
    let mut stdout = std::io::stdout().lock();
    let mut taken = 0;
    while taken < enough {
        match stream.next(BatchLimits::default())? {
            Next::Batch(batch) => {
                taken += batch.items.len();
                let frame = frame(&batch, &stream);
                // Its buffer goes by lines, and a frame is none.
                stdout.write_all(&frame)?;
                stdout.flush()?;
            }
            Next::Pending => {
                stream.wait(None);
            }
            Next::End(_) => return Ok(ExitCode::SUCCESS),
        }
    }
    Ok(ExitCode::from(7))
}

fn frame(batch: &Batch, stream: &Stream) -> Vec<u8> {
    let mut spans: Vec<Value> = Vec::new();
    let mut open: Option<(u64, u64)> = None;
    let mut parts: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let close = |open: &mut Option<(u64, u64)>, spans: &mut Vec<Value>| {
        if let Some((from, to)) = open.take() {
            spans.push(json!({ "from": from, "to": to }));
        }
    };
    for item in batch.items.iter().filter(|item| item.log == Log::Exec) {
        if let Some(gap) = item.gap {
            close(&mut open, &mut spans);
            spans.push(json!({ "gap": shown(&batch.gaps[usize::from(gap)]) }));
            continue;
        }
        match &mut open {
            Some((_, to)) if *to + 1 == item.sequence => *to = item.sequence,
            _ => {
                close(&mut open, &mut spans);
                open = Some((item.sequence, item.sequence));
            }
        }
        let session = match item.session {
            0 => "null".to_owned(),
            session => session.to_string(),
        };
        let key = format!("{session} {}", item.source.name());
        parts
            .entry(key)
            .or_default()
            .extend_from_slice(batch.data(item));
    }
    close(&mut open, &mut spans);
    let lengths: Vec<Value> = parts
        .iter()
        .map(|(key, data)| json!([key, data.len()]))
        .collect();
    let header = json!({
        "position": stream.position().encode(),
        "spans": spans,
        "parts": lengths,
    })
    .to_string();
    let data: usize = parts.values().map(Vec::len).sum();
    let mut frame = Vec::with_capacity(8 + header.len() + data);
    frame.extend_from_slice(&(header.len() as u32).to_le_bytes());
    frame.extend_from_slice(&(data as u32).to_le_bytes());
    frame.extend_from_slice(header.as_bytes());
    parts
        .values()
        .for_each(|data| frame.extend_from_slice(data));
    frame
}

fn shown(gap: &Gap) -> Value {
    json!({
        "from": gap.from,
        "to": gap.to,
        "lost": gap.lost,
        "reason": gap.reason.name(),
    })
}
