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
