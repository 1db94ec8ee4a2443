//! What the tests of reading share: a folder, lines with numbers, and a reader
//! that takes everything.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use silt_log::{
    Batch, BatchLimits, EndReason, Error, GapReason, LogDirectory, Next, OnGap, Source, Stream,
    StreamOptions, Writer, WriterOptions,
};
use std::path::{Path, PathBuf};

pub(crate) struct Folder {
    temporary: tempfile::TempDir,
    pub(crate) logs: PathBuf,
}

pub(crate) fn folder() -> Folder {
    let temporary = tempfile::tempdir().unwrap();
    let logs = temporary.path().join("logs");
    Folder { temporary, logs }
}

impl Folder {
    /// A place for what Silt never reads.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.temporary.path().join(name)
    }
}

pub(crate) fn small_segments() -> WriterOptions {
    WriterOptions {
        segment_bytes: Some(4096),
        ..WriterOptions::default()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    Entry(u64, String),
    Gap(u64, u64, Option<u64>, GapReason),
}

pub(crate) fn report() -> StreamOptions {
    StreamOptions {
        on_gap: OnGap::Report,
        ..StreamOptions::default()
    }
}

pub(crate) fn follow() -> StreamOptions {
    StreamOptions {
        follow: true,
        ..report()
    }
}

pub(crate) fn after(cursor: &str) -> StreamOptions {
    StreamOptions {
        from_cursor: Some(cursor.to_owned()),
        ..report()
    }
}

pub(crate) fn open(logs: &Path, options: &StreamOptions) -> Result<Stream, Error> {
    LogDirectory::open(logs)?.stream(options)
}

pub(crate) fn drain(logs: &Path, options: &StreamOptions) -> Result<(Vec<Read>, EndReason), Error> {
    drain_stream(&mut open(logs, options)?)
}

pub(crate) fn drain_stream(stream: &mut Stream) -> Result<(Vec<Read>, EndReason), Error> {
    let mut all = Vec::new();
    loop {
        match stream.next(BatchLimits::default())? {
            Next::Batch(batch) => collect(&batch, &mut all),
            Next::Pending => {
                stream.wait(None);
            }
            Next::End(end) => return Ok((all, end.reason)),
        }
    }
}

/// All that there is now.
pub(crate) fn drain_now(stream: &mut Stream) -> Vec<Read> {
    let mut all = Vec::new();
    while let Next::Batch(batch) = stream.next(BatchLimits::default()).unwrap() {
        collect(&batch, &mut all);
    }
    all
}

pub(crate) fn collect(batch: &Batch, all: &mut Vec<Read>) {
    for item in &batch.items {
        all.push(match item.gap {
            Some(gap) => {
                let gap = batch.gaps[usize::from(gap)];
                Read::Gap(gap.from, gap.to, gap.lost, gap.reason)
            }
            None => Read::Entry(
                item.sequence,
                String::from_utf8_lossy(batch.data(item)).into_owned(),
            ),
        });
    }
}

pub(crate) fn lines(from: u64, to: u64) -> Vec<Read> {
    (from..=to)
        .map(|n| Read::Entry(n, format!("line {n}\n")))
        .collect()
}

pub(crate) fn append_lines(writer: &mut Writer, from: u64, to: u64) {
    for n in from..=to {
        writer.append(1, Source::Stdout, format!("line {n}\n").as_bytes());
    }
    writer.flush();
}

/// Checks that every number after `last` is there once, as the line of that
/// number or in a gap of exact size; returns the last one and how many are lost.
pub(crate) fn account(read: &[Read], mut last: u64) -> (u64, u64) {
    let mut lost = 0;
    for item in read {
        match item {
            Read::Entry(n, text) => {
                assert_eq!(*n, last + 1);
                assert_eq!(*text, format!("line {n}\n"));
                last = *n;
            }
            Read::Gap(from, to, count, _) => {
                assert_eq!(*from, last + 1, "{item:?}");
                assert_eq!(*count, Some(to - from + 1), "{item:?}");
                lost += to - from + 1;
                last = *to;
            }
        }
    }
    (last, lost)
}

/// Waits until `holds`, without a limit of its own: the test runner has one.
pub(crate) fn wait_until(mut holds: impl FnMut() -> bool) {
    while !holds() {
        std::thread::yield_now();
    }
}
