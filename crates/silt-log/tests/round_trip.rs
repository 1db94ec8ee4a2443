//! What was appended comes back: through rotation, restart, resume, filters.

use silt_log::{
    Batch, BatchLimits, EndReason, Error, Exit, Log, LogDirectory, Next, OnGap, Source, SourceSet,
    StreamOptions, Writer, WriterOptions,
};
use std::path::PathBuf;

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
        segment_bytes: Some(4096),
        ..WriterOptions::default()
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Read {
    Entry(u64, String),
    Gap(u64, u64),
}

/// Drains a stream and says why it ended.
fn drain(logs: &PathBuf, options: &StreamOptions) -> Result<(Vec<Read>, EndReason, String), Error> {
    let mut stream = LogDirectory::open(logs)?.stream(options)?;
    let mut all = Vec::new();
    loop {
        match stream.next(BatchLimits::default())? {
            Next::Batch(batch) => collect(&batch, &mut all),
            Next::Pending => {
                stream.wait(None);
            }
            Next::End(end) => return Ok((all, end.reason, end.position.encode())),
        }
    }
}

fn collect(batch: &Batch, all: &mut Vec<Read>) {
    for item in &batch.items {
        all.push(match item.gap {
            Some(gap) => {
                let gap = batch.gaps[usize::from(gap)];
                Read::Gap(gap.from, gap.to)
            }
            None => Read::Entry(
                item.sequence,
                String::from_utf8(batch.data(item).to_vec()).unwrap(),
            ),
        });
    }
}

fn lines(from: u64, to: u64) -> Vec<Read> {
    (from..=to)
        .map(|n| Read::Entry(n, format!("line {n}\n")))
        .collect()
}

fn append_lines(writer: &mut Writer, session: u64, from: u64, to: u64) {
    for n in from..=to {
        writer.append(session, Source::Stdout, format!("line {n}\n").as_bytes());
    }
    writer.flush();
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

#[test]
fn a_log_is_read_back_through_rotation_and_restart() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    let session = writer.begin_session().unwrap();
    append_lines(&mut writer, session, 1, 500);
    writer.end_session(session, &exit());
    writer.end();
    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    let next = writer.begin_session().unwrap();
    assert_eq!(next, session + 1);
    append_lines(&mut writer, next, 501, 1000);
    writer.end();

    let (read, reason, _) = drain(&folder.logs, &StreamOptions::default()).unwrap();
    assert_eq!(read, lines(1, 1000));
    assert_eq!(reason, EndReason::Drained);
    let follow = StreamOptions {
        follow: true,
        ..StreamOptions::default()
    };
    let (read, reason, _) = drain(&folder.logs, &follow).unwrap();
    assert_eq!(read, lines(1, 1000));
    assert_eq!(reason, EndReason::Stopped);
}

#[test]
fn a_follower_gets_everything_while_it_is_written() {
    let folder = folder();
    let writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    let logs = folder.logs.clone();
    let follower = std::thread::spawn(move || {
        let options = StreamOptions {
            follow: true,
            ..StreamOptions::default()
        };
        drain(&logs, &options).unwrap()
    });
    let mut writer = writer;
    let session = writer.begin_session().unwrap();
    for n in 1..=20_000u64 {
        writer.append(session, Source::Stdout, format!("line {n}\n").as_bytes());
        if n % 7 == 0 {
            writer.flush();
        }
    }
    writer.end();
    let (read, reason, _) = follower.join().unwrap();
    assert_eq!(read.len(), 20_000);
    assert_eq!(read, lines(1, 20_000));
    assert_eq!(reason, EndReason::Stopped);
}

#[test]
fn a_follower_of_a_writer_that_died_ends_as_crashed() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    append_lines(&mut writer, 1, 1, 10);
    drop(writer);
    let follow = StreamOptions {
        follow: true,
        ..StreamOptions::default()
    };
    let (read, reason, _) = drain(&folder.logs, &follow).unwrap();
    assert_eq!((read, reason), (lines(1, 10), EndReason::Crashed));
}

#[test]
fn every_cursor_resumes_just_after_its_entry() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    append_lines(&mut writer, 1, 1, 300);
    let mut stream = LogDirectory::open(&folder.logs)
        .unwrap()
        .stream(&StreamOptions::default())
        .unwrap();
    let limits = BatchLimits {
        entries: 7,
        bytes: 1 << 20,
    };
    while let Next::Batch(batch) = stream.next(limits).unwrap() {
        for (index, item) in batch.items.iter().enumerate() {
            for cursor in [batch.cursor_at(index), batch.position_before(index + 1)] {
                let options = StreamOptions {
                    from_cursor: Some(cursor.encode()),
                    ..StreamOptions::default()
                };
                let (read, ..) = drain(&folder.logs, &options).unwrap();
                assert_eq!(read, lines(item.sequence + 1, 300));
            }
        }
    }
}

#[test]
fn what_retention_took_is_a_gap_with_the_exact_range() {
    let folder = folder();
    let options = WriterOptions {
        max_bytes: 16 << 10,
        segment_bytes: Some(2048),
        ..WriterOptions::default()
    };
    let mut writer = Writer::create(&folder.logs, &options).unwrap();
    append_lines(&mut writer, 1, 1, 3);
    let (_, _, cursor) = drain(&folder.logs, &StreamOptions::default()).unwrap();
    append_lines(&mut writer, 1, 4, 2000);
    assert!(writer.truncated());
    assert!(writer.log_bytes() <= 16 << 10);
    let mut options = StreamOptions {
        from_cursor: Some(cursor),
        ..StreamOptions::default()
    };
    let Err(Error::MissedRotation {
        gaps,
        resume_cursor,
    }) = drain(&folder.logs, &options)
    else {
        panic!("the gap is not reported")
    };
    let (from, to) = (gaps[0].from, gaps[0].to);
    assert_eq!((from, gaps[0].lost), (4, Some(to - 3)));
    options.on_gap = OnGap::Report;
    let (read, ..) = drain(&folder.logs, &options).unwrap();
    assert_eq!(read[0], Read::Gap(4, to));
    assert_eq!(read[1..], lines(to + 1, 2000));
    let resumed = StreamOptions {
        from_cursor: Some(resume_cursor),
        ..StreamOptions::default()
    };
    let (read, ..) = drain(&folder.logs, &resumed).unwrap();
    assert_eq!(read, lines(to + 1, 2000));
}

#[test]
fn the_tail_is_the_newest_after_all_filters() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    append_lines(&mut writer, 1, 1, 900);
    for (tail, grep, expected) in [
        (10, None, lines(891, 900)),
        (0, None, vec![]),
        (5000, None, lines(1, 900)),
        (
            2,
            Some("line [0-9]*00$"),
            [lines(800, 800), lines(900, 900)]
                .into_iter()
                .flatten()
                .collect(),
        ),
    ] {
        let options = StreamOptions {
            tail: Some(tail),
            grep: grep.map(|pattern| regex::bytes::Regex::new(pattern).unwrap()),
            ..StreamOptions::default()
        };
        let (read, ..) = drain(&folder.logs, &options).unwrap();
        assert_eq!(read, expected, "tail {tail}");
    }
}

#[test]
fn a_cursor_with_filters_does_not_meet_a_rotation_that_was_skipped() {
    let folder = folder();
    let options = WriterOptions {
        max_bytes: 16 << 10,
        segment_bytes: Some(2048),
        ..WriterOptions::default()
    };
    let mut writer = Writer::create(&folder.logs, &options).unwrap();
    let mut stream = {
        append_lines(&mut writer, 1, 1, 5);
        let rare = StreamOptions {
            grep: Some(regex::bytes::Regex::new("never").unwrap()),
            follow: true,
            ..StreamOptions::default()
        };
        LogDirectory::open(&folder.logs)
            .unwrap()
            .stream(&rare)
            .unwrap()
    };
    let mut n = 5;
    for _ in 0..100 {
        append_lines(&mut writer, 1, n + 1, n + 5);
        n += 5;
        while !matches!(stream.next(BatchLimits::default()).unwrap(), Next::Pending) {}
    }
    let resumed = StreamOptions {
        from_cursor: Some(stream.position().encode()),
        ..StreamOptions::default()
    };
    append_lines(&mut writer, 1, n + 1, n + 1);
    assert_eq!(
        drain(&folder.logs, &resumed).unwrap().0,
        lines(n + 1, n + 1)
    );
}

#[test]
fn all_logs_are_merged_and_each_keeps_its_order() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    for n in 1..=50 {
        append_lines(&mut writer, 1, n, n);
        writer.event(Log::Runtime, &format!("event {n}"));
        writer.flush();
    }
    let all = StreamOptions {
        sources: SourceSet::ALL,
        ..StreamOptions::default()
    };
    let (read, ..) = drain(&folder.logs, &all).unwrap();
    let expected: Vec<_> = (1..=50)
        .flat_map(|n| {
            [
                Read::Entry(n, format!("line {n}\n")),
                Read::Entry(n, format!("event {n}\n")),
            ]
        })
        .collect();
    assert_eq!(read, expected);
}

#[test]
fn a_second_writer_is_refused() {
    let folder = folder();
    let writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    assert!(matches!(
        Writer::create(&folder.logs, &small_segments()),
        Err(Error::Locked { .. })
    ));
    drop(writer);
    Writer::create(&folder.logs, &small_segments()).unwrap();
}

#[test]
fn compressed_segments_read_the_same() {
    let folder = folder();
    let options = WriterOptions {
        compress: silt_log::Compress::Zstd,
        ..small_segments()
    };
    let mut writer = Writer::create(&folder.logs, &options).unwrap();
    append_lines(&mut writer, 1, 1, 500);
    writer.end();
    let compressed = std::fs::read_dir(&folder.logs)
        .unwrap()
        .filter(|entry| {
            let name = entry.as_ref().unwrap().file_name();
            name.to_string_lossy().ends_with(".zst")
        })
        .count();
    assert!(compressed > 3);
    let (read, ..) = drain(&folder.logs, &StreamOptions::default()).unwrap();
    assert_eq!(read, lines(1, 500));
    let tail = StreamOptions {
        tail: Some(400),
        ..StreamOptions::default()
    };
    assert_eq!(drain(&folder.logs, &tail).unwrap().0, lines(101, 500));
}

#[test]
fn a_copied_folder_is_a_log_of_its_own_with_an_ancestor() {
    let original = folder();
    let mut writer = Writer::create(&original.logs, &small_segments()).unwrap();
    append_lines(&mut writer, 1, 1, 20);
    let (_, _, cursor) = drain(&original.logs, &StreamOptions::default()).unwrap();
    append_lines(&mut writer, 1, 21, 30);
    let copy = folder();
    let copied = std::process::Command::new("cp")
        .arg("-r")
        .args([&original.logs, &copy.logs])
        .status()
        .unwrap();
    assert!(copied.success());
    append_lines(&mut writer, 1, 31, 40);
    let (_, _, later) = drain(&original.logs, &StreamOptions::default()).unwrap();
    let id = writer.log_id();
    let mut writer = Writer::create(&copy.logs, &small_segments()).unwrap();
    assert_ne!(writer.log_id(), id);
    append_lines(&mut writer, 2, 31, 35);
    let from = |cursor: &str| StreamOptions {
        from_cursor: Some(cursor.to_owned()),
        ..StreamOptions::default()
    };
    assert_eq!(drain(&copy.logs, &from(&cursor)).unwrap().0, lines(21, 35));
    assert!(matches!(
        drain(&copy.logs, &from(&later)),
        Err(Error::InvalidCursor {
            reason: silt_log::CursorReason::OtherLog,
            ..
        })
    ));
}
