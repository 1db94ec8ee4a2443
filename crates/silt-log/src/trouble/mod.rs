//! What the log keeps, and what it says, when the kernel, the clock, the disk
//! or the machine fails: every number is delivered once or in one gap.

mod clock;
mod crash;
mod cut_off;
mod damage;
mod disk_full;
mod end;
mod faults;
mod found_by_faults;
mod found_by_fuzzing;
mod found_by_interleavings;
mod hint;
mod hit;
mod interleavings;
mod killed;
mod meanwhile;
mod model;

#[cfg(feature = "mutations")]
mod mutations;
mod only_headers_fit;
mod removal;
mod scenario;
mod schedule;
mod tail;
mod unstated;
mod witness;

use crate::{
    BatchLimits, EndReason, Error, Exit, Gap, GapReason, Item, LogDirectory, Next, OnGap, Source,
    Stream, StreamOptions, Writer, WriterOptions,
};
use silt_faults::alone;
use std::path::{Path, PathBuf};

struct Folder {
    _temporary: tempfile::TempDir,
    logs: PathBuf,
}

fn folder() -> Folder {
    let temporary = tempfile::tempdir().unwrap();
    let logs = temporary.path().join("logs");
    Folder {
        _temporary: temporary,
        logs,
    }
}

impl Folder {
    fn writer(&self) -> Writer {
        Writer::create(&self.logs, &small_segments()).unwrap()
    }

    fn segment(&self, number: u64) -> PathBuf {
        self.logs.join(format!("exec.log.{number:06}"))
    }

    /// As if another writer had made it, one that gives its headers no checksum.
    fn take_checksum_off(&self, number: u64) {
        let mut bytes = std::fs::read(self.segment(number)).unwrap();
        let end = bytes.iter().position(|byte| *byte == b'\n').unwrap();
        bytes.splice(..end, crate::control::without_checksum(&bytes[..end]));
        std::fs::write(self.segment(number), bytes).unwrap();
    }

    /// The numbers of the `exec` segments, in order.
    fn segments(&self) -> Vec<u64> {
        let mut numbers: Vec<u64> = std::fs::read_dir(&self.logs)
            .unwrap()
            .filter_map(|entry| {
                let name = entry.unwrap().file_name();
                name.to_str()?.strip_prefix("exec.log.")?.parse().ok()
            })
            .collect();
        numbers.sort_unstable();
        numbers
    }
}

fn small_segments() -> WriterOptions {
    WriterOptions {
        segment_bytes: Some(4096),
        ..WriterOptions::default()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Read {
    Entry(u64, String),
    Gap(u64, u64, Option<u64>, GapReason),
}

fn report() -> StreamOptions {
    StreamOptions {
        on_gap: OnGap::Report,
        ..StreamOptions::default()
    }
}

fn follow() -> StreamOptions {
    StreamOptions {
        follow: true,
        ..report()
    }
}

fn after(cursor: &str) -> StreamOptions {
    StreamOptions {
        from_cursor: Some(cursor.to_owned()),
        ..report()
    }
}

fn open(logs: &Path, options: &StreamOptions) -> Result<Stream, Error> {
    LogDirectory::open(logs)?.stream(options)
}

fn drain(logs: &Path, options: &StreamOptions) -> Result<(Vec<Read>, EndReason), Error> {
    drain_stream(&mut open(logs, options)?)
}

fn drain_stream(stream: &mut Stream) -> Result<(Vec<Read>, EndReason), Error> {
    let mut all = Vec::new();
    loop {
        match stream.next(BatchLimits::default())? {
            Next::Batch(batch) => {
                all.extend(
                    batch
                        .items
                        .iter()
                        .map(|item| read(item, &batch.gaps, batch.data(item))),
                );
            }
            Next::Pending => {
                stream.wait(None);
            }
            Next::End(end) => return Ok((all, end.reason)),
        }
    }
}

/// All that there is now of a stream that follows.
fn drain_now(stream: &mut Stream) -> Vec<Read> {
    let mut all = Vec::new();
    while let Next::Batch(batch) = stream.next(BatchLimits::default()).unwrap() {
        all.extend(
            batch
                .items
                .iter()
                .map(|item| read(item, &batch.gaps, batch.data(item))),
        );
    }
    all
}

fn read(item: &Item, gaps: &[Gap], data: &[u8]) -> Read {
    match item.gap {
        Some(gap) => {
            let gap = gaps[usize::from(gap)];
            Read::Gap(gap.from, gap.to, gap.lost, gap.reason)
        }
        None => Read::Entry(item.sequence, String::from_utf8_lossy(data).into_owned()),
    }
}

/// The cursor after the last entry there is.
fn end_cursor(logs: &Path) -> String {
    let mut stream = open(logs, &report()).unwrap();
    drain_stream(&mut stream).unwrap();
    stream.position().encode()
}

fn lines(from: u64, to: u64) -> Vec<Read> {
    (from..=to)
        .map(|n| Read::Entry(n, format!("line {n}\n")))
        .collect()
}

fn append_lines(writer: &mut Writer, from: u64, to: u64) {
    for n in from..=to {
        writer.append(1, Source::Stdout, format!("line {n}\n").as_bytes());
    }
    writer.flush();
}

/// Every number from 1 on is there once, as an entry or in a gap; returns the
/// last one.
fn account(read: &[Read]) -> u64 {
    let mut last = 0;
    for item in read {
        let (from, to) = match item {
            Read::Entry(n, _) => (*n, *n),
            Read::Gap(from, to, ..) => (*from, *to),
        };
        assert_eq!(from, last + 1, "{item:?} follows {last}");
        assert!(to >= from, "{item:?}");
        last = to;
    }
    last
}

fn exit() -> Exit {
    Exit {
        code: Some(0),
        signal: None,
        started_ns: 0,
        ended_ns: 1,
        timed_out: false,
    }
}
