//! A disk takes the header of each next segment and none of its lines: the segment
//! appears with lines or not at all, and numbers that were told are not given again.

use super::disk_full::wait_for_room;
use super::*;
use crate::Log;
use crate::sys::simulated::{self, Call, Fault};
use crate::writer::RETRY_AFTER;

/// A line that is longer than any header.
fn long(n: u64) -> Read {
    Read::Entry(n, format!("{n:>600}\n"))
}

fn append_long(writer: &mut Writer, from: u64, to: u64) {
    for n in from..=to {
        writer.append(1, Source::Stdout, format!("{n:>600}\n").as_bytes());
        writer.flush();
    }
}

/// Each next segment can be made, and takes none of the long lines.
fn only_headers_fit() {
    simulated::on_calls(|call| (call == Call::Write).then_some(Fault::Short(500)));
}

#[test]
fn what_comes_while_only_headers_fit_is_told_exactly_and_makes_no_segment_a_line() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &WriterOptions::default()).unwrap();
    let mut follower = open(&folder.logs, &follow()).unwrap();
    append_long(&mut writer, 1, 10);
    assert_eq!(
        drain_now(&mut follower),
        (1..=10).map(long).collect::<Vec<_>>()
    );
    only_headers_fit();
    append_long(&mut writer, 11, 900);
    std::thread::sleep(RETRY_AFTER);
    append_long(&mut writer, 901, 1000);
    simulated::all_calls_work();
    wait_for_room(&mut writer);
    append_long(&mut writer, 1001, 1002);
    writer.end();
    let (read, _) = drain_stream(&mut follower).unwrap();
    let (gaps, kept) = read.split_at(read.len() - 2);
    assert_eq!(kept, [long(1001), long(1002)]);
    let mut next = 11;
    for gap in gaps {
        let Read::Gap(from, to, Some(lost), _) = *gap else {
            panic!("{gap:?}")
        };
        assert_eq!((from, lost), (next, to - from + 1));
        next = to + 1;
    }
    assert_eq!(next, 1001);
    let made = *folder.segments().last().unwrap();
    assert!(made <= 6, "{made} segments for none that took a line");
    let log = crate::LogDirectory::open(&folder.logs).unwrap();
    let found = log.verify(&mut |_| ()).unwrap();
    assert!(found.whole, "{:?}", found.damage);
}

#[test]
fn numbers_told_while_only_headers_fit_are_not_given_again_after_a_kill() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &WriterOptions::default()).unwrap();
    append_long(&mut writer, 1, 10);
    let cursor = writer.position_cursor();
    only_headers_fit();
    append_long(&mut writer, 11, 11);
    let told = writer.end_session(1, &exit()).last_sequence;
    assert_eq!(told, 11);
    drop(writer);
    simulated::all_calls_work();
    let mut writer = folder.writer();
    let next = writer.last_sequence(Log::Exec) + 1;
    assert!(next > told, "{next} was given before");
    append_lines(&mut writer, next, next);
    let (read, _) = drain(&folder.logs, &after(&cursor)).unwrap();
    let gap = Read::Gap(11, next - 1, None, GapReason::DiskFull);
    assert_eq!(read, [vec![gap], lines(next, next)].concat());
}

#[test]
fn a_cursor_given_while_only_headers_fit_is_good() {
    for killed in [false, true] {
        let folder = folder();
        let mut writer = Writer::create(&folder.logs, &WriterOptions::default()).unwrap();
        append_long(&mut writer, 1, 10);
        only_headers_fit();
        append_long(&mut writer, 11, 12);
        let cursor = writer.position_cursor();
        let mut options = after(&cursor);
        options.follow = true;
        let mut follower = open(&folder.logs, &options).unwrap();
        assert_eq!(drain_now(&mut follower), []);
        simulated::all_calls_work();
        if killed {
            drop(writer);
            writer = folder.writer();
        } else {
            wait_for_room(&mut writer);
        }
        let next = writer.last_sequence(Log::Exec) + 1;
        append_lines(&mut writer, next, next);
        let mut expected = lines(next, next);
        if next > 13 {
            expected.insert(0, Read::Gap(13, next - 1, None, GapReason::DiskFull));
        }
        assert_eq!(drain_now(&mut follower), expected);
        assert_eq!(drain(&folder.logs, &after(&cursor)).unwrap().0, expected);
    }
}
