//! The newest entries, whatever stands around them.

use super::*;

fn tail(count: u64) -> StreamOptions {
    StreamOptions {
        tail: Some(count),
        ..report()
    }
}

#[test]
fn a_tail_of_none_of_a_log_that_was_opened_again_is_empty() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 100);
    writer.end();
    folder.writer().end();
    assert_eq!(drain(&folder.logs, &tail(0)).unwrap().0, []);
    let mut writer = folder.writer();
    let mut follower = open(
        &folder.logs,
        &StreamOptions {
            tail: Some(0),
            ..follow()
        },
    )
    .unwrap();
    assert_eq!(drain_now(&mut follower), []);
    append_lines(&mut writer, 101, 103);
    assert_eq!(drain_now(&mut follower), lines(101, 103));
}

#[test]
fn a_tail_from_a_cursor_that_is_gone_still_reports_the_gap() {
    let folder = folder();
    let options = WriterOptions {
        max_bytes: 16 << 10,
        segment_bytes: Some(2048),
        ..WriterOptions::default()
    };
    let mut writer = Writer::create(&folder.logs, &options).unwrap();
    append_lines(&mut writer, 1, 3);
    let cursor = end_cursor(&folder.logs);
    append_lines(&mut writer, 4, 2000);
    let mut options = StreamOptions {
        tail: Some(5),
        ..after(&cursor)
    };
    let (read, _) = drain(&folder.logs, &options).unwrap();
    assert!(
        matches!(read[0], Read::Gap(4, to, Some(lost), GapReason::Rotated) if lost == to - 3),
        "{:?}",
        read[0]
    );
    assert_eq!(read[1..], lines(1996, 2000));
    options.on_gap = OnGap::Error;
    let Err(Error::MissedRotation { resume_cursor, .. }) = drain(&folder.logs, &options) else {
        panic!("the gap is not reported")
    };
    let options = StreamOptions {
        tail: Some(5),
        ..after(&resume_cursor)
    };
    assert_eq!(drain(&folder.logs, &options).unwrap().0, lines(1996, 2000));
}

#[test]
fn a_tail_after_a_cursor_holds_nothing_before_it() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 100);
    let cursor = end_cursor(&folder.logs);
    append_lines(&mut writer, 101, 103);
    for (count, expected) in [
        (2, lines(102, 103)),
        (3, lines(101, 103)),
        (50, lines(101, 103)),
    ] {
        let options = StreamOptions {
            tail: Some(count),
            ..after(&cursor)
        };
        let mut stream = open(&folder.logs, &options).unwrap();
        assert_eq!(stream.truncated(), count < 3);
        assert_eq!(drain_stream(&mut stream).unwrap().0, expected);
    }
}

#[test]
fn a_match_across_parts_is_found_again_however_many_segments_lie_between() {
    let folder = folder();
    let mut writer = Writer::create(
        &folder.logs,
        &WriterOptions {
            segment_bytes: Some(512),
            ..WriterOptions::default()
        },
    )
    .unwrap();
    let mut first = vec![b'.'; 16 << 10];
    let end = first.len() - 4;
    first[end..].copy_from_slice(b"need");
    writer.append(1, Source::Stdout, &first);
    for n in 0..100 {
        writer.append(2, Source::Stderr, format!("between {n}\n").as_bytes());
    }
    writer.append(1, Source::Stdout, b"le\n");
    writer.flush();
    assert!(folder.segments().len() > 10);
    let needle = StreamOptions {
        grep: Some(regex::bytes::Regex::new("needle").unwrap()),
        ..report()
    };
    let expected = [Read::Entry(102, "le\n".into())];
    assert_eq!(drain(&folder.logs, &needle).unwrap().0, expected);
    let mut cursors = open(&folder.logs, &report()).unwrap();
    let limits = BatchLimits {
        entries: 25,
        bytes: 1 << 20,
    };
    while let Next::Batch(batch) = cursors.next(limits).unwrap() {
        if batch.items.last().is_some_and(|item| item.sequence < 102) {
            let options = StreamOptions {
                from_cursor: Some(cursors.position().encode()),
                ..needle.clone()
            };
            assert_eq!(drain(&folder.logs, &options).unwrap().0, expected);
        }
    }
    let tail = StreamOptions {
        tail: Some(1),
        ..needle
    };
    assert_eq!(drain(&folder.logs, &tail).unwrap().0, expected);
}
