//! A log to damage, and what it says of itself.

use silt_log::{DamageKind, Exit, Log, LogDirectory, Source, VerifyReport, Writer, WriterOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

pub(crate) struct Folder {
    _temporary: tempfile::TempDir,
    pub(crate) logs: PathBuf,
}

pub(crate) fn folder() -> Folder {
    let temporary = tempfile::tempdir().unwrap();
    let logs = temporary.path().join("logs");
    Folder {
        _temporary: temporary,
        logs,
    }
}

pub(crate) fn small_segments() -> WriterOptions {
    WriterOptions {
        segment_bytes: Some(8192),
        ..WriterOptions::default()
    }
}

pub(crate) fn append_lines(writer: &mut Writer, session: u64, from: u64, to: u64) {
    for n in from..=to {
        writer.append(session, Source::Stdout, format!("line {n}\n").as_bytes());
        if n % 10 == 0 {
            writer.append(session, Source::Stderr, b"\xff no text\n");
        }
    }
    writer.flush();
}

pub(crate) fn exit() -> Exit {
    Exit {
        code: Some(0),
        signal: None,
        started_ns: 0,
        ended_ns: 1,
        timed_out: false,
    }
}

/// A log of one session, ended in order, with many segments.
pub(crate) fn ended_log(logs: &Path, options: &WriterOptions) {
    let mut writer = Writer::create(logs, options).unwrap();
    let session = writer.begin_session().unwrap();
    append_lines(&mut writer, session, 1, 1000);
    writer.event(Log::Runtime, "an event");
    writer.end_session(session, &exit());
    writer.end();
}

pub(crate) fn verify(logs: &Path) -> VerifyReport {
    LogDirectory::open(logs)
        .unwrap()
        .verify(&mut |_| {})
        .unwrap()
}

pub(crate) fn assert_whole(report: &VerifyReport) {
    assert!(report.whole, "{:#?}", report.damage);
    assert!(report.damage.is_empty());
}

pub(crate) fn segment(logs: &Path, number: u64) -> PathBuf {
    logs.join(format!("exec.log.{number:06}"))
}

/// Sequence numbers of the entries in a plain segment, read without Silt.
pub(crate) fn numbers(path: &Path) -> Vec<u64> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .filter_map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            line["n"].as_u64()
        })
        .collect()
}

/// The offset of the line of entry `n`.
pub(crate) fn offset_of(path: &Path, n: u64) -> u64 {
    let text = std::fs::read_to_string(path).unwrap();
    let key = format!("\"n\":{n},");
    let at = text.find(&key).unwrap();
    text[..at].rfind('\n').unwrap() as u64 + 1
}

pub(crate) fn overwrite(path: &Path, offset: u64, bytes: &[u8]) {
    std::fs::OpenOptions::new()
        .write(true)
        .open(path)
        .unwrap()
        .write_all_at(bytes, offset)
        .unwrap();
}

pub(crate) fn flip(path: &Path, offset: u64, bit: u8) {
    let mut byte = [0];
    let file = std::fs::File::open(path).unwrap();
    file.read_exact_at(&mut byte, offset).unwrap();
    overwrite(path, offset, &[byte[0] ^ bit]);
}

/// Some finding of this kind names a range that holds `n`.
pub(crate) fn names(report: &VerifyReport, kind: DamageKind, n: u64) -> bool {
    report.damage.iter().any(|damage| {
        damage.kind == kind
            && damage.log == Log::Exec
            && damage.from.is_some_and(|from| from <= n)
            && damage.to.is_some_and(|to| n <= to)
    })
}
