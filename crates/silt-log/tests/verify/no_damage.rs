//! A log without damage is whole, also while it is written, evicted or torn.

use crate::folder::{
    append_lines, assert_whole, ended_log, exit, folder, overwrite, segment, small_segments, verify,
};
use silt_log::{Compress, LogDirectory, Writer, WriterOptions, WriterState};

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
