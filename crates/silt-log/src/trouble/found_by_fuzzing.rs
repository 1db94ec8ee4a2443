//! Folders that the fuzzer made, each with what went wrong on it once.

use super::*;
use crate::Log;

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
    };
    writer.end_session(session, &exit);
    drop(writer);
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
