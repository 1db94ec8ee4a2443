//! What is on disk was changed: intact lines are delivered, the rest is a gap,
//! and nothing panics.

use super::*;
use std::fs;

#[test]
fn nuls_in_the_middle_are_a_gap_and_what_follows_is_read() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &WriterOptions::default()).unwrap();
    append_lines(&mut writer, 1, 1000);
    let path = folder.segment(1);
    let mut bytes = fs::read(&path).unwrap();
    let length = bytes.len();
    bytes[length / 4..length / 2].fill(0);
    fs::write(&path, &bytes).unwrap();
    let (read, _) = drain(&folder.logs, &report()).unwrap();
    assert_eq!(account(&read), 1000);
    let mut lost = 0;
    for item in &read {
        if let Read::Gap(from, to, Some(count), GapReason::Damage) = item {
            assert_eq!(to - from + 1, *count);
            lost += count;
        }
    }
    assert!((200..300).contains(&lost), "{lost}");
}

#[test]
fn a_line_longer_than_any_writer_makes_hides_nothing_after_it() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 3);
    let path = folder.segment(1);
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend_from_slice(&vec![b'x'; 5 << 20]);
    bytes.extend_from_slice(b"\n");
    bytes.extend_from_slice(
        b"{\"t\":\"2026-05-01T10:00:00.000000000Z\",\"s\":\"stdout\",\"n\":5,\"d\":\"line 5\\n\"}\n",
    );
    fs::write(&path, &bytes).unwrap();
    let expected = [
        lines(1, 3),
        vec![Read::Gap(4, 4, Some(1), GapReason::Damage)],
        lines(5, 5),
    ]
    .concat();
    assert_eq!(drain(&folder.logs, &report()).unwrap().0, expected);
    let tail = StreamOptions {
        tail: Some(1),
        ..report()
    };
    assert_eq!(drain(&folder.logs, &tail).unwrap().0, lines(5, 5));
}

#[test]
fn lines_are_read_in_any_order_of_keys() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 1);
    let path = folder.segment(1);
    let mut bytes = fs::read(&path).unwrap();
    for line in [
        r#"{"t":"2100-05-01T10:00:00.000000000Z","s":"stdout","n":2,"d":"line 2\n","x":"later"}"#,
        r#"{"s":"stdout","t":"2100-05-01T10:00:00Z","n":3,"d":"line 3\n"}"#,
        r#"{"d":"line 4\n","n":4,"t":"2100-05-01T12:00:00+02:00","s":"stdout"}"#,
        r#"{ "n" : 5, "d" : "bGluZSA1Cg==", "e":"b64", "t":"2100-05-01T10:00:00Z","s":"stdout"}"#,
        r#"{"s":"later-version","x":1}"#,
        r#"{"x":1,"s":"later-version"}"#,
        r#"{"t":"2100-05-01T10:00:00.000000000Z","s":"stdout","n":6,"e":"b64","d":"bGluZSA2Cg\u003d="}"#,
        r#"{"t":"2100-05-01T10:00:00.000000000Z","s":"stdout","n":7,"d":"line 7\n","p":"last","l":"ERROR"}"#,
    ] {
        bytes.extend_from_slice(line.as_bytes());
        bytes.push(b'\n');
    }
    fs::write(&path, &bytes).unwrap();
    assert_eq!(drain(&folder.logs, &report()).unwrap().0, lines(1, 7));
    let pattern = regex::bytes::Regex::new("line").unwrap();
    for (tail, expected) in [(7, lines(1, 7)), (3, lines(5, 7))] {
        let grep = StreamOptions {
            tail: Some(tail),
            grep: Some(pattern.clone()),
            ..report()
        };
        assert_eq!(drain(&folder.logs, &grep).unwrap().0, expected);
    }
    let errors = StreamOptions {
        level: Some(crate::Level::Error),
        ..report()
    };
    assert_eq!(drain(&folder.logs, &errors).unwrap().0, lines(7, 7));
}

#[test]
fn an_end_line_counts_in_any_order_of_keys() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 1);
    drop(writer);
    let path = folder.segment(1);
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend_from_slice(b"{\"t\":\"2100-05-01T10:00:00Z\", \"s\":\"end\"}\n");
    fs::write(&path, &bytes).unwrap();
    let (_, reason) = drain(&folder.logs, &follow()).unwrap();
    assert_eq!(reason, EndReason::Stopped);
}

#[test]
fn a_number_above_what_its_segment_may_give_hides_no_entries() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 20);
    let path = folder.segment(1);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"n\":11,", "\"n\":9007199254740991,")).unwrap();
    let expected = [
        lines(1, 10),
        vec![Read::Gap(11, 11, Some(1), GapReason::Damage)],
        lines(12, 20),
    ]
    .concat();
    assert_eq!(drain(&folder.logs, &report()).unwrap().0, expected);
    drop(writer);
    assert_eq!(folder.writer().last_sequence(crate::Log::Exec), 20);
}

#[test]
fn a_header_that_can_not_be_read_costs_no_entry() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 200);
    let count = folder.segments().len() as u64;
    assert!(count > 3);
    for number in 1..=count {
        let path = folder.segment(number);
        let good = fs::read(&path).unwrap();
        let mut bad = good.clone();
        bad[30] = 0;
        fs::write(&path, &bad).unwrap();
        for options in [
            report(),
            StreamOptions {
                since: Some(0),
                ..report()
            },
            StreamOptions {
                tail: Some(200),
                ..report()
            },
        ] {
            let (read, _) = drain(&folder.logs, &options).unwrap();
            assert_eq!(read, lines(1, 200), "segment {number}, {options:?}");
        }
        fs::write(&path, &good).unwrap();
    }
}

#[test]
fn a_beginning_that_was_evicted_is_no_gap_also_where_its_header_is_bad() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 200);
    fs::remove_file(folder.segment(1)).unwrap();
    let path = folder.segment(2);
    let mut bytes = fs::read(&path).unwrap();
    bytes[30] = 0;
    fs::write(&path, &bytes).unwrap();
    for options in [
        report(),
        StreamOptions {
            since: Some(0),
            ..report()
        },
    ] {
        let mut stream = open(&folder.logs, &options).unwrap();
        assert!(stream.truncated());
        let (read, _) = drain_stream(&mut stream).unwrap();
        let Read::Entry(first, _) = read[0] else {
            panic!("{:?}", read[0])
        };
        assert_eq!(read, lines(first, 200));
    }
}

#[test]
fn numbers_in_a_header_that_can_not_be_are_not_believed() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 200);
    let path = folder.segment(2);
    let good = fs::read_to_string(&path).unwrap();
    let first = good
        .split("\"first\":")
        .nth(1)
        .and_then(|rest| rest.split(',').next())
        .unwrap();
    for (what, instead) in [
        (format!("\"first\":{first}"), "\"first\":0".to_owned()),
        (
            format!("\"first\":{first}"),
            format!("\"first\":{}", u64::MAX),
        ),
        (
            format!("\"first\":{first}"),
            format!(
                "\"gap\":{{\"from\":{first},\"to\":{},\"lost\":null,\"reason\":\"crash\"}},\"first\":{first}",
                u64::MAX
            ),
        ),
        (
            format!("\"first\":{first}"),
            format!(
                "\"gap\":{{\"from\":{first},\"to\":1,\"lost\":null,\"reason\":\"crash\"}},\"first\":{first}"
            ),
        ),
        ("\"segment\":2".to_owned(), "\"segment\":9".to_owned()),
    ] {
        let bad = good.replacen(&what, &instead, 1);
        assert_ne!(bad, good);
        fs::write(&path, bad).unwrap();
        let (read, _) = drain(&folder.logs, &report()).unwrap();
        assert_eq!(read, lines(1, 200), "{instead}");
    }
}

#[test]
fn a_compressed_segment_that_was_cut_is_read_as_far_as_it_goes() {
    let folder = folder();
    let options = WriterOptions {
        compress: crate::Compress::Zstd,
        ..small_segments()
    };
    let mut writer = Writer::create(&folder.logs, &options).unwrap();
    append_lines(&mut writer, 1, 200);
    writer.end();
    let path = folder.logs.join("exec.log.000002.zst");
    let bytes = fs::read(&path).unwrap();
    for kept in [bytes.len() - 1, bytes.len() / 2, 3, 0] {
        fs::write(&path, &bytes[..kept]).unwrap();
        let (read, _) = drain(&folder.logs, &report()).unwrap();
        assert_eq!(account(&read), 200);
        let gaps: Vec<_> = read.iter().filter(|r| matches!(r, Read::Gap(..))).collect();
        assert!(gaps.len() <= 1, "{gaps:?}");
        let tail = StreamOptions {
            tail: Some(10),
            ..report()
        };
        assert_eq!(drain(&folder.logs, &tail).unwrap().0, lines(191, 200));
    }
}

#[test]
fn any_changed_byte_of_a_segment_is_survived() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 100);
    let path = folder.segment(1);
    let good = fs::read(&path).unwrap();
    for at in (0..good.len()).step_by(3) {
        let mut bad = good.clone();
        bad[at] ^= 0x15;
        fs::write(&path, &bad).unwrap();
        let (read, _) = drain(&folder.logs, &report()).unwrap();
        assert_eq!(account(&read), 100, "byte {at}");
        let tail = StreamOptions {
            tail: Some(90),
            ..report()
        };
        drain(&folder.logs, &tail).unwrap();
    }
}

#[test]
fn a_file_whose_name_has_zeros_too_many_is_no_segment_to_wait_for() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 20);
    fs::write(folder.logs.join("exec.log.0000009"), "stray\n").unwrap();
    let mut follower = open(&folder.logs, &follow()).unwrap();
    assert_eq!(drain_now(&mut follower), lines(1, 20));
    writer.end();
    assert_eq!(
        drain_stream(&mut follower).unwrap(),
        (vec![], EndReason::Stopped)
    );
}
