//! Folders that the fuzzer made, each with what went wrong on it once.

use super::*;
use crate::Log;
use crate::sys::simulated::{self, Call, Fault};
use rustix::io::Errno;

/// A log of one segment, of which `from` is replaced by `to`.
fn changed(from: &str, to: &str) -> Folder {
    let folder = folder();
    let mut writer = folder.writer();
    let session = writer.begin_session().unwrap();
    writer.append(session, Source::Stdout, b"before\n");
    let exit = Exit {
        code: Some(0),
        signal: None,
        started_ns: 0,
        ended_ns: 0,
        timed_out: false,
    };
    writer.end_session(session, &exit);
    drop(writer);
    folder.take_checksum_off(1);
    let text = std::fs::read_to_string(folder.segment(1)).unwrap();
    assert!(text.contains(from), "{text}");
    std::fs::write(folder.segment(1), text.replacen(from, to, 1)).unwrap();
    folder
}

#[test]
fn a_log_whose_numbers_are_used_up_takes_no_writer() {
    let folder = changed("\"n\":1,", "\"n\":9007199254740990,");
    let text = std::fs::read_to_string(folder.segment(1)).unwrap();
    let limit = text.split("\"limit\":").nth(1).unwrap().split(',').next();
    let limit = format!("\"limit\":{}", limit.unwrap());
    let text = text.replacen(&limit, "\"limit\":9007199254740991", 1);
    std::fs::write(folder.segment(1), text).unwrap();
    match Writer::create(&folder.logs, &small_segments()) {
        Err(Error::Corruption { message, .. }) => assert!(message.contains("used up")),
        other => panic!("{:?}", other.err()),
    }
}

#[test]
fn a_log_whose_session_numbers_are_used_up_takes_no_writer() {
    let folder = changed("\"session\":0", "\"session\":9007199254740991");
    std::fs::remove_file(folder.logs.join(".lock")).unwrap();
    match Writer::create(&folder.logs, &small_segments()) {
        Err(Error::Corruption { message, .. }) => assert!(message.contains("sessions")),
        other => panic!("{:?}", other.err()),
    }
}

/// The lock says how far they went, and so does each later header.
#[test]
fn a_session_number_that_was_hit_in_a_header_keeps_no_writer_away() {
    for hit in 1..=2 {
        let folder = folder();
        let mut writer = folder.writer();
        let mut last = 0;
        while folder.segments().len() < 2 {
            append_lines(&mut writer, last + 1, last + 1);
            last += 1;
        }
        let session = writer.begin_session().unwrap();
        drop(writer);
        folder.take_checksum_off(hit);
        let text = std::fs::read_to_string(folder.segment(hit)).unwrap();
        let text = text.replacen("\"session\":0", "\"session\":9007199254740991", 1);
        std::fs::write(folder.segment(hit), text).unwrap();
        for _ in 0..2 {
            let next = folder.writer().begin_session().unwrap();
            assert!((session + 1..1000).contains(&next), "{next}");
        }
        assert_eq!(drain(&folder.logs, &report()).unwrap().0, lines(1, last));
    }
}

#[test]
fn an_exit_record_of_a_session_that_no_writer_begins_is_passed_over() {
    let folder = changed("\"id\":1,\"code\"", "\"id\":18446744073709551615,\"code\"");
    std::fs::remove_file(folder.logs.join(".lock")).unwrap();
    let mut writer = folder.writer();
    let session = writer.begin_session().unwrap();
    assert!((2..100).contains(&session), "{session}");
    assert_eq!(writer.last_sequence(Log::Exec), 1);
}

#[test]
fn a_mark_that_knows_of_less_than_is_there_states_no_gap() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 3);
    writer.end();
    let mark = folder.logs.join(".lock");
    let before = std::fs::read(&mark).unwrap();
    let mut writer = folder.writer();
    append_lines(&mut writer, 4, 20);
    writer.end();
    std::fs::write(&mark, before).unwrap();
    let (read, _) = drain(&folder.logs, &follow()).unwrap();
    assert_eq!(read, lines(1, 20));
    drop(folder.writer());
    assert_eq!(drain(&folder.logs, &report()).unwrap().0, lines(1, 20));
}

#[test]
fn numbers_in_a_segment_without_a_header_do_not_hide_what_follows() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 200);
    writer.end();
    let text = std::fs::read_to_string(folder.segment(2)).unwrap();
    let first = text.split("\"first\":").nth(1).unwrap();
    let first: u64 = first.split(',').next().unwrap().parse().unwrap();
    // As a segment of another log has them, put in the first one's place.
    let foreign = std::fs::read_to_string(folder.segment(1)).unwrap();
    let foreign = foreign.replacen("\"log\":\"exec\"", "\"log\":\"runtime\"", 1);
    let foreign = foreign.replace("\"n\":", "\"n\":1000");
    std::fs::write(folder.segment(1), foreign).unwrap();
    let mut expected = vec![Read::Gap(1, first - 1, Some(first - 1), GapReason::Damage)];
    expected.extend(lines(first, 200));
    assert_eq!(drain(&folder.logs, &report()).unwrap().0, expected);
    let tail = StreamOptions {
        tail: Some(3),
        ..report()
    };
    assert_eq!(drain(&folder.logs, &tail).unwrap().0, lines(198, 200));
}

/// A closed log of 200 lines in many segments, of which one was renamed.
fn renamed(from: u64, to: u64) -> Folder {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 200);
    writer.end();
    std::fs::rename(folder.segment(from), folder.segment(to)).unwrap();
    folder
}

fn entries(logs: &Path, options: &StreamOptions) -> Vec<Read> {
    let (mut read, _) = drain(logs, options).unwrap();
    read.retain(|item| matches!(item, Read::Entry(..)));
    read
}

#[test]
fn a_tail_is_the_newest_of_what_reading_gives_where_a_segment_was_renamed() {
    let last = renamed(1, 1).segments().len() as u64;
    assert!(last > 4, "{last}");
    for from in 1..=last {
        for to in (1..=last + 1).chain([last + 9]) {
            let folder = renamed(from, to);
            let all = entries(&folder.logs, &report());
            for count in [0, 1, 3, 50, 199] {
                let options = StreamOptions {
                    tail: Some(count as u64),
                    ..report()
                };
                let expected = &all[all.len().saturating_sub(count)..];
                let read = entries(&folder.logs, &options);
                assert_eq!(
                    read, expected,
                    "tail {count}, segment {from} renamed to {to}"
                );
            }
        }
    }
}

#[test]
fn a_tail_after_a_cursor_is_the_newest_of_what_follows_it_where_a_segment_was_renamed() {
    let folder = renamed(1, 99);
    let mut stream = open(&folder.logs, &report()).unwrap();
    let limits = BatchLimits {
        entries: 100,
        bytes: 1 << 20,
    };
    assert!(matches!(stream.next(limits).unwrap(), Next::Batch(_)));
    let cursor = stream.position().encode();
    let follow = entries(&folder.logs, &after(&cursor));
    assert!(follow.len() > 20, "{}", follow.len());
    for count in [0, 3, 20] {
        let options = StreamOptions {
            tail: Some(count as u64),
            ..after(&cursor)
        };
        let expected = &follow[follow.len() - count..];
        assert_eq!(entries(&folder.logs, &options), expected);
    }
}

#[test]
fn a_follower_of_a_tail_goes_on_where_all_ends_though_a_segment_was_renamed() {
    let folder = renamed(2, 98);
    let options = StreamOptions {
        tail: Some(0),
        ..follow()
    };
    let end = end_cursor(&folder.logs);
    let mut follower = open(&folder.logs, &options).unwrap();
    let mut writer = folder.writer();
    append_lines(&mut writer, 201, 203);
    let read = drain_now(&mut follower);
    assert_eq!(read, drain(&folder.logs, &after(&end)).unwrap().0);
    assert!(matches!(&read[read.len() - 1], Read::Entry(_, text) if text == "line 203\n"));
}

#[test]
fn a_tail_of_none_gives_nothing_of_a_copy_that_comes_after() {
    let folder = folder();
    append_lines(&mut folder.writer(), 1, 3);
    let text = std::fs::read_to_string(folder.segment(1)).unwrap();
    let text = text.replacen("\"line 2\\n\"", "", 1);
    std::fs::write(folder.segment(1), &text).unwrap();
    std::fs::write(folder.segment(2), &text).unwrap();
    let tail = StreamOptions {
        tail: Some(0),
        ..report()
    };
    assert_eq!(drain(&folder.logs, &tail).unwrap().0, []);
}

#[test]
fn a_tail_until_a_time_counts_what_stands_behind_a_damaged_header() {
    for broken in 2..=4 {
        let folder = renamed(1, 1);
        let text = std::fs::read_to_string(folder.segment(broken)).unwrap();
        std::fs::write(folder.segment(broken), text.replacen("seg", "geg", 1)).unwrap();
        for later in broken + 1..=*folder.segments().last().unwrap() {
            std::fs::remove_file(folder.segment(later)).unwrap();
        }
        let all = entries(&folder.logs, &report());
        let options = StreamOptions {
            tail: Some(3),
            until: Some(i64::MAX),
            ..report()
        };
        assert_eq!(entries(&folder.logs, &options), all[all.len() - 3..]);
    }
}

/// `verify` calls such a log whole too: what its writer gave last and could not
/// keep may be all that is missing.
#[test]
fn the_end_of_a_log_that_did_not_stop_in_order_is_not_called_damaged() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 20);
    simulated::on_calls(|call| (call == Call::SyncData).then_some(Fault::Error(Errno::IO)));
    writer.end();
    simulated::all_calls_work();
    let text = std::fs::read_to_string(folder.segment(1)).unwrap();
    let last = text.find("\"line 20\\n\"").unwrap();
    let start = text[..last].rfind('\n').unwrap() + 1;
    std::fs::write(folder.segment(1), &text[..start]).unwrap();
    for options in [report(), follow()] {
        assert_eq!(drain(&folder.logs, &options).unwrap().0, lines(1, 19));
    }
    // Its number is known all the same, and is not given again.
    let mut writer = folder.writer();
    append_lines(&mut writer, 21, 21);
    let gap = Read::Gap(20, 20, Some(1), GapReason::Damage);
    let all = [lines(1, 19), vec![gap], lines(21, 21)].concat();
    assert_eq!(drain(&folder.logs, &report()).unwrap().0, all);
}
