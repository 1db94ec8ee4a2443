//! Damage is found and named by the entries that it touches; what is no damage
//! is not taken for it.

use silt_log::{
    Compress, DamageKind, Exit, Log, LogDirectory, Source, VerifyReport, Writer, WriterOptions,
    WriterState,
};
use std::os::unix::fs::FileExt;
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

fn small_segments() -> WriterOptions {
    WriterOptions {
        segment_bytes: Some(8192),
        ..WriterOptions::default()
    }
}

fn append_lines(writer: &mut Writer, session: u64, from: u64, to: u64) {
    for n in from..=to {
        writer.append(session, Source::Stdout, format!("line {n}\n").as_bytes());
        if n % 10 == 0 {
            writer.append(session, Source::Stderr, b"\xff no text\n");
        }
    }
    writer.flush();
}

fn exit() -> Exit {
    Exit {
        code: Some(0),
        signal: None,
        started_ns: 0,
        ended_ns: 1,
    }
}

/// A log of one session, ended in order, with many segments.
fn ended_log(logs: &Path, options: &WriterOptions) {
    let mut writer = Writer::create(logs, options).unwrap();
    let session = writer.begin_session().unwrap();
    append_lines(&mut writer, session, 1, 1000);
    writer.event(Log::Runtime, "an event");
    writer.end_session(session, &exit());
    writer.end();
}

fn verify(logs: &Path) -> VerifyReport {
    LogDirectory::open(logs)
        .unwrap()
        .verify(&mut |_| {})
        .unwrap()
}

fn assert_whole(report: &VerifyReport) {
    assert!(report.whole, "{:#?}", report.damage);
    assert!(report.damage.is_empty());
}

fn segment(logs: &Path, number: u64) -> PathBuf {
    logs.join(format!("exec.log.{number:06}"))
}

/// Sequence numbers of the entries in a plain segment, read without Silt.
fn numbers(path: &Path) -> Vec<u64> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .filter_map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            line["n"].as_u64()
        })
        .collect()
}

/// The offset of the line of entry `n`.
fn offset_of(path: &Path, n: u64) -> u64 {
    let text = std::fs::read_to_string(path).unwrap();
    let key = format!("\"n\":{n},");
    let at = text.find(&key).unwrap();
    text[..at].rfind('\n').unwrap() as u64 + 1
}

fn overwrite(path: &Path, offset: u64, bytes: &[u8]) {
    std::fs::OpenOptions::new()
        .write(true)
        .open(path)
        .unwrap()
        .write_all_at(bytes, offset)
        .unwrap();
}

fn flip(path: &Path, offset: u64, bit: u8) {
    let mut byte = [0];
    let file = std::fs::File::open(path).unwrap();
    file.read_exact_at(&mut byte, offset).unwrap();
    overwrite(path, offset, &[byte[0] ^ bit]);
}

/// Some finding of this kind names a range that holds `n`.
fn names(report: &VerifyReport, kind: DamageKind, n: u64) -> bool {
    report.damage.iter().any(|damage| {
        damage.kind == kind
            && damage.log == Log::Exec
            && damage.from.is_some_and(|from| from <= n)
            && damage.to.is_some_and(|to| n <= to)
    })
}

#[test]
fn a_log_that_ended_in_order_is_whole() {
    let folder = folder();
    ended_log(&folder.logs, &small_segments());
    let mut steps = Vec::new();
    let report = LogDirectory::open(&folder.logs)
        .unwrap()
        .verify(&mut |progress| steps.push(progress))
        .unwrap();
    assert_whole(&report);
    assert_eq!(report.writer, WriterState::Stopped);
    let exec = &report.logs[0];
    assert_eq!((exec.first_sequence, exec.last_sequence), (1, 1100));
    assert_eq!((exec.entries, exec.truncated), (1100, false));
    assert_eq!(report.logs[1].entries, 1);
    assert_eq!((report.sessions.checked, report.sessions.not_held), (1, 0));
    let last = steps.last().unwrap();
    assert_eq!(last.segments_checked, last.segments);
    assert_eq!(last.segments, steps.len() as u64);
}

#[test]
fn a_flipped_bit_anywhere_in_a_segment_is_found() {
    let folder = folder();
    ended_log(&folder.logs, &small_segments());
    let path = segment(&folder.logs, 3);
    let size = std::fs::metadata(&path).unwrap().len();
    for offset in (0..size).step_by(37) {
        let bit = 1 << (offset % 8);
        flip(&path, offset, bit);
        assert!(!verify(&folder.logs).whole, "bit {bit:#x} at {offset}");
        flip(&path, offset, bit);
    }
    assert_whole(&verify(&folder.logs));
}

#[test]
fn a_flipped_bit_is_named_by_its_entry() {
    let folder = folder();
    ended_log(&folder.logs, &small_segments());
    let path = segment(&folder.logs, 3);
    let n = numbers(&path)[20];
    let line = offset_of(&path, n);
    // In the data: still JSON, another text.
    let text = std::fs::read_to_string(&path).unwrap();
    let data = line + text[line as usize..].find("line ").unwrap() as u64;
    flip(&path, data, 1);
    let report = verify(&folder.logs);
    assert!(names(&report, DamageKind::Checksum, n), "{report:#?}");
    flip(&path, data, 1);
    // In the syntax: no line any more.
    flip(&path, line, 4);
    let report = verify(&folder.logs);
    let exact = report
        .damage
        .iter()
        .find(|damage| damage.kind == DamageKind::Line)
        .unwrap();
    assert_eq!((exact.segment, exact.from, exact.to), (3, Some(n), Some(n)));
}

#[test]
fn a_region_of_zeros_is_named_by_its_entries() {
    let folder = folder();
    ended_log(&folder.logs, &small_segments());
    let path = segment(&folder.logs, 2);
    let inside = numbers(&path);
    let (first, last) = (inside[10], inside[25]);
    let from = offset_of(&path, first);
    let to = offset_of(&path, last + 1);
    overwrite(&path, from, &vec![0; (to - from) as usize]);
    let report = verify(&folder.logs);
    let damage = report
        .damage
        .iter()
        .find(|damage| damage.kind == DamageKind::Line)
        .unwrap();
    // What follows the zeros up to the next line end belongs to them.
    assert_eq!(
        (damage.segment, damage.from, damage.to),
        (2, Some(first), Some(last + 1))
    );
}

#[test]
fn a_large_region_of_zeros_does_not_fill_the_memory_and_is_found() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &WriterOptions::default()).unwrap();
    let session = writer.begin_session().unwrap();
    append_lines(&mut writer, session, 1, 60_000);
    writer.end_session(session, &exit());
    writer.end();
    assert_whole(&verify(&folder.logs));
    let path = segment(&folder.logs, 1);
    overwrite(&path, offset_of(&path, 1000), &vec![0; 3 << 20]);
    let report = verify(&folder.logs);
    assert!(names(&report, DamageKind::Line, 1000), "{report:#?}");
    assert_eq!(report.sessions.checked, 0);
}

#[test]
fn a_missing_middle_segment_is_named_with_its_entries() {
    let folder = folder();
    ended_log(&folder.logs, &small_segments());
    let path = segment(&folder.logs, 4);
    let inside = numbers(&path);
    std::fs::remove_file(path).unwrap();
    let report = verify(&folder.logs);
    assert_eq!(report.damage.len(), 1, "{report:#?}");
    let damage = &report.damage[0];
    assert_eq!((damage.kind, damage.segment), (DamageKind::Segment, 4));
    assert_eq!(damage.from, inside.first().copied());
    assert_eq!(damage.to, inside.last().copied());
    assert_eq!(report.sessions.not_held, 1);
}

#[test]
fn a_cut_segment_is_named_with_the_entries_that_went() {
    let folder = folder();
    ended_log(&folder.logs, &small_segments());
    let path = segment(&folder.logs, 3);
    let inside = numbers(&path);
    let n = inside[inside.len() - 5];
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(offset_of(&path, n) + 10).unwrap();
    let report = verify(&folder.logs);
    let damage = &report.damage[0];
    assert_eq!((damage.kind, damage.segment), (DamageKind::Cut, 3));
    assert_eq!((damage.from, damage.to), (Some(n), inside.last().copied()));
}

#[test]
fn a_cut_end_of_a_log_that_ended_in_order_is_found() {
    let folder = folder();
    ended_log(&folder.logs, &small_segments());
    let number = (1..)
        .find(|n| !segment(&folder.logs, n + 1).exists())
        .unwrap();
    let path = segment(&folder.logs, number);
    let n = numbers(&path)[3];
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(offset_of(&path, n)).unwrap();
    let report = verify(&folder.logs);
    assert!(names(&report, DamageKind::Cut, n), "{report:#?}");
    assert!(names(&report, DamageKind::Cut, 1100), "{report:#?}");
    std::fs::remove_file(path).unwrap();
    std::fs::remove_file(segment(&folder.logs, number - 1)).unwrap();
    let report = verify(&folder.logs);
    assert!(names(&report, DamageKind::Segment, 1100), "{report:#?}");
}

#[test]
fn a_segment_of_another_log_is_found() {
    let (one, other) = (folder(), folder());
    ended_log(&one.logs, &small_segments());
    ended_log(&other.logs, &small_segments());
    std::fs::copy(segment(&other.logs, 3), segment(&one.logs, 3)).unwrap();
    let report = verify(&one.logs);
    assert!(
        report
            .damage
            .iter()
            .any(|damage| damage.kind == DamageKind::Chain && damage.segment == 3),
        "{report:#?}"
    );
}

#[test]
fn a_torn_tail_and_a_writer_that_died_are_no_damage() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    let session = writer.begin_session().unwrap();
    append_lines(&mut writer, session, 1, 300);
    drop(writer);
    let number = (1..)
        .find(|n| !segment(&folder.logs, n + 1).exists())
        .unwrap();
    let path = segment(&folder.logs, number);
    let size = std::fs::metadata(&path).unwrap().len();
    overwrite(&path, size, b"{\"t\":\"2026-05-01T10:00:");
    let report = verify(&folder.logs);
    assert_whole(&report);
    assert_eq!(report.writer, WriterState::Crashed);
    assert_eq!(report.logs[0].torn_bytes, 23);

    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    let session = writer.begin_session().unwrap();
    append_lines(&mut writer, session, 301, 400);
    writer.end_session(session, &exit());
    writer.end();
    let report = verify(&folder.logs);
    assert_whole(&report);
    assert_eq!(report.logs[0].torn_bytes, 23);
    assert_eq!(report.logs[0].entries, 440);
    assert_eq!(report.sessions.checked, 1);
}

#[test]
fn an_evicted_beginning_is_no_damage() {
    let folder = folder();
    let options = WriterOptions {
        max_bytes: 32 << 10,
        segment_bytes: Some(4096),
        ..WriterOptions::default()
    };
    let mut writer = Writer::create(&folder.logs, &options).unwrap();
    for round in 0..20 {
        let session = writer.begin_session().unwrap();
        append_lines(&mut writer, session, 1 + round * 50, 50 + round * 50);
        writer.end_session(session, &exit());
    }
    let report = verify(&folder.logs);
    assert_whole(&report);
    assert_eq!(report.writer, WriterState::Running);
    assert!(report.logs[0].truncated);
    assert!(report.logs[0].first_sequence > 1);
    // One straddles the eviction; whole ones that came later are compared.
    assert!(report.sessions.not_held >= 1, "{report:#?}");
    assert!(report.sessions.checked >= 2, "{report:#?}");
    drop(writer);
    assert_whole(&verify(&folder.logs));
}

#[test]
fn compressed_segments_are_checked_too() {
    let folder = folder();
    let options = WriterOptions {
        compress: Compress::Zstd,
        ..small_segments()
    };
    ended_log(&folder.logs, &options);
    let report = verify(&folder.logs);
    assert_whole(&report);
    assert_eq!(report.logs[0].entries, 1100);
    let compressed = folder.logs.join("exec.log.000003.zst");
    let bytes = std::fs::read(&compressed).unwrap();
    let content = zstd::decode_all(&bytes[..]).unwrap();
    for offset in (0..bytes.len() as u64).step_by(11) {
        flip(&compressed, offset, 0x10);
        let changed = std::fs::read(&compressed).unwrap();
        // Not every bit of a compressed file means something.
        let same = zstd::decode_all(&changed[..]).is_ok_and(|changed| changed == content);
        assert_eq!(verify(&folder.logs).whole, same, "at {offset}");
        flip(&compressed, offset, 0x10);
    }
    std::fs::write(&compressed, &bytes[..bytes.len() / 2]).unwrap();
    let report = verify(&folder.logs);
    assert_eq!(report.damage[0].kind, DamageKind::Segment);
    assert_eq!(report.damage[0].segment, 3);
    assert!(report.damage[1].from.is_some(), "{report:#?}");
}

#[test]
fn a_live_log_is_whole_at_every_moment() {
    let folder = folder();
    let options = WriterOptions {
        max_bytes: 64 << 10,
        segment_bytes: Some(4096),
        compress: Compress::Zstd,
        ..WriterOptions::default()
    };
    let mut writer = Writer::create(&folder.logs, &options).unwrap();
    let logs = folder.logs.clone();
    let (stop, stopped) = std::sync::mpsc::channel();
    let checker = std::thread::spawn(move || {
        let mut checks = 0;
        while stopped.try_recv().is_err() || checks < 20 {
            assert_whole(&verify(&logs));
            checks += 1;
        }
    });
    for round in 0..200 {
        let session = writer.begin_session().unwrap();
        append_lines(&mut writer, session, 1 + round * 50, 50 + round * 50);
        writer.end_session(session, &exit());
    }
    stop.send(()).unwrap();
    checker.join().unwrap();
}

#[test]
fn the_report_is_plain_json() {
    let folder = folder();
    ended_log(&folder.logs, &small_segments());
    std::fs::remove_file(segment(&folder.logs, 4)).unwrap();
    let json = serde_json::to_value(verify(&folder.logs)).unwrap();
    assert_eq!(json["whole"], false);
    assert_eq!(json["writer"], "stopped");
    assert_eq!(json["logs"][0]["log"], "exec");
    assert_eq!(json["damage"][0]["kind"], "segment");
    assert!(json["damage"][0]["from"].is_u64());
    assert_eq!(json["sessions"]["notHeld"], 1);
}
