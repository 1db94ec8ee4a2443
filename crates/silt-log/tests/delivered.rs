//! What a stream says of the sessions that it delivered, with `digest`.

mod reading;

use reading::{append_lines, drain_now, folder, follow, open, report, small_segments};
use sha2::{Digest, Sha256};
use silt_log::{
    BatchLimits, DeliveredSession, Exit, LogDirectory, Next, Source, SourceSet, StreamOptions,
    Writer, WriterOptions,
};
use std::path::Path;

const EXIT: Exit = Exit {
    code: Some(0),
    signal: None,
    started_ns: 0,
    ended_ns: 1,
    timed_out: false,
};

fn digest() -> StreamOptions {
    StreamOptions {
        digest: true,
        ..report()
    }
}

fn sessions(logs: &Path, options: &StreamOptions) -> Vec<DeliveredSession> {
    let mut stream = open(logs, options).unwrap();
    loop {
        match stream.next(BatchLimits::default()).unwrap() {
            Next::Batch(_) => {}
            Next::Pending => panic!("only what is there is read"),
            Next::End(end) => return end.sessions.unwrap(),
        }
    }
}

/// Session, source, bytes, SHA-256; with what is said of the session.
type Shown = (u64, Option<bool>, Vec<(Source, u64, String)>);

fn shown(sessions: &[DeliveredSession]) -> Vec<Shown> {
    let shown = sessions.iter().map(|of| {
        let sources = Source::ALL.iter().zip(&of.sources);
        let sources = sources.filter_map(|(source, totals)| {
            let totals = totals.as_ref()?;
            Some((*source, totals.bytes, totals.sha256.clone()))
        });
        (of.session, of.complete, sources.collect())
    });
    shown.collect()
}

fn of(source: Source, bytes: &[u8]) -> (Source, u64, String) {
    let hash = format!("{:x}", Sha256::digest(bytes));
    (source, bytes.len() as u64, hash)
}

fn complete(sessions: &[DeliveredSession]) -> Vec<(u64, Option<bool>)> {
    sessions
        .iter()
        .map(|of| (of.session, of.complete))
        .collect()
}

/// Two sessions at once, each of so many lines on both streams; what went to
/// each, on the side of who wrote it.
fn two_sessions(writer: &mut Writer, count: usize) -> [[Vec<u8>; 2]; 2] {
    let numbers = [0, 1].map(|_| writer.begin_session().unwrap());
    let mut wrote: [[Vec<u8>; 2]; 2] = Default::default();
    for n in 0..count {
        for (session, wrote) in numbers.iter().zip(&mut wrote) {
            for (source, wrote) in [Source::Stdout, Source::Stderr].iter().zip(wrote) {
                let text = format!("{n} of {session} \u{fffd}\r\n").repeat(n % 3 + 1);
                wrote.extend_from_slice(text.as_bytes());
                // Cut anywhere, and the last line is not finished.
                for piece in text.as_bytes().chunks(7) {
                    writer.append(*session, *source, piece);
                }
            }
        }
        writer.flush();
    }
    for session in numbers {
        writer.append(session, Source::Stdout, b"\xff no end");
        writer.end_session(session, &EXIT);
    }
    for wrote in &mut wrote {
        wrote[0].extend_from_slice(b"\xff no end");
    }
    wrote
}

#[test]
fn what_was_delivered_is_what_was_written_and_said_to_be_complete() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    let wrote = two_sessions(&mut writer, 300);
    let silent = writer.begin_session().unwrap();
    writer.end_session(silent, &EXIT);
    let expected: Vec<Shown> = wrote
        .iter()
        .enumerate()
        .map(|(index, [stdout, stderr])| {
            let sources = vec![of(Source::Stdout, stdout), of(Source::Stderr, stderr)];
            (index as u64 + 1, Some(true), sources)
        })
        .chain([(silent, Some(true), vec![])])
        .collect();
    assert_eq!(shown(&sessions(&folder.logs, &digest())), expected);
    writer.end();
    let followed = StreamOptions {
        follow: true,
        ..digest()
    };
    assert_eq!(shown(&sessions(&folder.logs, &followed)), expected);
    let only = StreamOptions {
        sources: SourceSet::of([Source::Stderr]),
        sessions: vec![2],
        ..digest()
    };
    let stderr = vec![of(Source::Stderr, &wrote[1][1])];
    assert_eq!(
        shown(&sessions(&folder.logs, &only)),
        [(2, Some(true), stderr)]
    );
}

#[test]
fn a_stream_that_was_not_asked_says_nothing_of_sessions() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    append_lines(&mut writer, 1, 10);
    let mut stream = open(&folder.logs, &report()).unwrap();
    assert_eq!(drain_now(&mut stream).len(), 10);
    assert_eq!(stream.delivered(None), None);
}

#[test]
fn a_session_with_a_gap_is_not_complete() {
    let folder = folder();
    let options = WriterOptions {
        max_bytes: 16 << 10,
        segment_bytes: Some(2048),
        ..WriterOptions::default()
    };
    let mut writer = Writer::create(&folder.logs, &options).unwrap();
    let first = writer.begin_session().unwrap();
    append_lines(&mut writer, 1, 10);
    let held_up = StreamOptions {
        digest: true,
        ..follow()
    };
    let mut stream = open(&folder.logs, &held_up).unwrap();
    assert_eq!(drain_now(&mut stream).len(), 10);
    append_lines(&mut writer, 11, 2000);
    writer.end_session(first, &EXIT);
    let second = writer.begin_session().unwrap();
    writer.append(second, Source::Stdout, b"all of it\n");
    writer.end_session(second, &EXIT);
    drain_now(&mut stream);
    let followed = stream.delivered(None).unwrap();
    assert_eq!(
        complete(&followed),
        [(first, Some(false)), (second, Some(true))]
    );
    // Who begins after the eviction can not tell.
    assert_eq!(
        complete(&sessions(&folder.logs, &digest())),
        [(first, None), (second, Some(true))]
    );
}

#[test]
fn a_session_that_runs_or_whose_writer_died_is_not_judged() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    let session = writer.begin_session().unwrap();
    append_lines(&mut writer, 1, 100);
    assert_eq!(
        complete(&sessions(&folder.logs, &digest())),
        [(session, None)]
    );
    drop(writer);
    assert_eq!(
        complete(&sessions(&folder.logs, &digest())),
        [(session, None)]
    );
}

#[test]
fn a_session_whose_beginning_was_not_read_is_not_judged() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    let first = writer.begin_session().unwrap();
    append_lines(&mut writer, 1, 200);
    let cursor = writer.position_cursor();
    append_lines(&mut writer, 201, 400);
    writer.end_session(first, &EXIT);
    let second = writer.begin_session().unwrap();
    writer.append(second, Source::Stdout, b"one\n");
    writer.end_session(second, &EXIT);
    writer.end();
    let middle = StreamOptions {
        from_cursor: Some(cursor),
        ..digest()
    };
    let expected = [(first, None), (second, Some(true))];
    assert_eq!(complete(&sessions(&folder.logs, &middle)), expected);
    let tail = StreamOptions {
        tail: Some(50),
        ..digest()
    };
    assert_eq!(complete(&sessions(&folder.logs, &tail)), expected);
    let grep = StreamOptions {
        grep: Some(regex::bytes::Regex::new("[13]").unwrap()),
        ..digest()
    };
    assert_eq!(complete(&sessions(&folder.logs, &grep))[0], (first, None));
}

#[test]
fn bytes_that_were_changed_are_not_what_was_written() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    let session = writer.begin_session().unwrap();
    append_lines(&mut writer, 1, 200);
    writer.end_session(session, &EXIT);
    writer.end();
    let path = folder.logs.join("exec.log.000002");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(path, text.replacen("\"d\":\"line ", "\"d\":\"lime ", 1)).unwrap();
    let found = sessions(&folder.logs, &digest());
    assert_eq!(complete(&found), [(session, Some(false))]);
    assert_eq!(found[0].sources[0].as_ref().unwrap().entries, 200);
}

#[test]
fn what_was_only_read_ahead_does_not_count() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    let session = writer.begin_session().unwrap();
    append_lines(&mut writer, 1, 10);
    writer.end_session(session, &EXIT);
    let second = writer.begin_session().unwrap();
    writer.append(second, Source::Stdout, b"one\n");
    writer.flush();
    let mut stream = LogDirectory::open(&folder.logs)
        .unwrap()
        .stream(&digest())
        .unwrap();
    let some = BatchLimits {
        entries: 4,
        ..BatchLimits::default()
    };
    assert!(matches!(stream.next(some), Ok(Next::Batch(_))));
    let all = BatchLimits::default();
    assert!(matches!(stream.next(all), Ok(Next::Batch(batch)) if batch.items.len() == 7));
    let of = |stream: &mut silt_log::Stream, handed| {
        let sessions = stream.delivered(Some(handed)).unwrap();
        let entries = |of: &DeliveredSession| of.sources[0].as_ref().unwrap().entries;
        let shown = sessions
            .iter()
            .map(|of| (of.session, of.complete, entries(of)));
        shown.collect::<Vec<_>>()
    };
    assert_eq!(of(&mut stream, 0), [(session, None, 4)]);
    assert_eq!(of(&mut stream, 5), [(session, None, 9)]);
    assert_eq!(of(&mut stream, 6), [(session, Some(true), 10)]);
    let expected = [(session, Some(true), 10), (second, None, 1)];
    assert_eq!(of(&mut stream, 7), expected);
}
