//! Nothing can be kept for a while: the loss is a recorded gap, numbers go on.

use super::*;
use crate::Log;
use crate::sys::simulated::{self, Call, Fault};
use rustix::io::Errno;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Instant;

pub(super) fn full_disk() {
    simulated::on_calls(|call| {
        matches!(call, Call::Write | Call::Create | Call::Reserve)
            .then_some(Fault::Error(Errno::NOSPC))
    });
}

/// Calls `flush` at the writer's own deadline until it keeps entries again.
pub(super) fn wait_for_room(writer: &mut Writer) {
    while let Some(at) = writer.deadline() {
        std::thread::sleep(at.saturating_duration_since(Instant::now()));
        writer.flush();
    }
}

#[test]
fn what_a_full_disk_took_is_one_exact_gap() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 10);
    full_disk();
    append_lines(&mut writer, 11, 500);
    simulated::all_calls_work();
    wait_for_room(&mut writer);
    append_lines(&mut writer, 501, 510);
    let (read, _) = drain(&folder.logs, &report()).unwrap();
    // Newest entries win: the segment that was there went for the next one.
    assert_eq!(read[0], Read::Gap(11, 500, Some(490), GapReason::DiskFull));
    assert_eq!(read[1..], lines(501, 510));
}

#[test]
fn who_reads_on_to_a_number_is_told_what_the_disk_had_no_room_for() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 10);
    let mut stream = open(&folder.logs, &follow()).unwrap();
    assert_eq!(drain_now(&mut stream), lines(1, 10));
    assert!(!stream.report_missing(Log::Exec, 10).unwrap());
    full_disk();
    append_lines(&mut writer, 11, 500);
    assert_eq!(drain_now(&mut stream), []);
    assert!(!stream.report_missing(Log::Exec, 10).unwrap());
    assert!(stream.report_missing(Log::Exec, 300).unwrap());
    let told = [Read::Gap(11, 300, Some(290), GapReason::DiskFull)];
    assert_eq!(drain_now(&mut stream), told);
    let cursor = stream.position().encode();
    simulated::all_calls_work();
    wait_for_room(&mut writer);
    append_lines(&mut writer, 501, 510);
    let mut rest = vec![Read::Gap(301, 500, Some(200), GapReason::DiskFull)];
    rest.extend(lines(501, 510));
    assert_eq!(drain_now(&mut stream), rest);
    assert_eq!(drain(&folder.logs, &after(&cursor)).unwrap().0, rest);
}

#[test]
fn an_error_of_the_disk_takes_no_older_entries() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 10);
    simulated::on_calls(|call| {
        matches!(call, Call::Write | Call::Create).then_some(Fault::Error(Errno::IO))
    });
    append_lines(&mut writer, 11, 20);
    simulated::all_calls_work();
    wait_for_room(&mut writer);
    append_lines(&mut writer, 21, 30);
    let (read, _) = drain(&folder.logs, &report()).unwrap();
    assert_eq!(read[..10], lines(1, 10));
    assert_eq!(read[10], Read::Gap(11, 20, Some(10), GapReason::DiskFull));
    assert_eq!(read[11..], lines(21, 30));
}

#[test]
fn a_write_cut_at_any_byte_repeats_and_loses_nothing() {
    for cut in (0..420).step_by(5) {
        let folder = folder();
        let mut writer = folder.writer();
        append_lines(&mut writer, 1, 3);
        let mut follower = open(&folder.logs, &follow()).unwrap();
        let mut read = drain_now(&mut follower);
        let first = Rc::new(Cell::new(true));
        simulated::on_calls(move |call| {
            (call == Call::Write && first.replace(false)).then_some(Fault::Short(cut))
        });
        append_lines(&mut writer, 4, 8);
        simulated::all_calls_work();
        append_lines(&mut writer, 9, 10);
        read.extend(drain_now(&mut follower));
        assert_eq!(read, lines(1, 10), "cut at {cut}");
        assert_eq!(drain(&folder.logs, &report()).unwrap().0, lines(1, 10));
        drop(writer);
        let mut writer = folder.writer();
        append_lines(&mut writer, 11, 11);
        assert_eq!(drain(&folder.logs, &report()).unwrap().0, lines(1, 11));
    }
}

#[test]
fn numbers_lost_before_an_orderly_end_are_not_given_again() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 10);
    simulated::on_calls(|call| {
        matches!(call, Call::Write | Call::Create).then_some(Fault::Error(Errno::IO))
    });
    append_lines(&mut writer, 11, 5000);
    writer.end();
    simulated::all_calls_work();
    let mut writer = folder.writer();
    assert_eq!(writer.last_sequence(Log::Exec), 5000);
    append_lines(&mut writer, 5001, 5002);
    let (read, _) = drain(&folder.logs, &report()).unwrap();
    assert_eq!(
        read[10],
        Read::Gap(11, 5000, Some(4990), GapReason::DiskFull)
    );
    assert_eq!(account(&read), 5002);
}

/// What was lost is stated; no segment is missing.
#[test]
fn a_segment_that_could_not_be_made_before_the_end_is_not_missed() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 10);
    simulated::on_calls(|call| {
        matches!(call, Call::Write | Call::Create).then_some(Fault::Error(Errno::IO))
    });
    append_lines(&mut writer, 11, 200);
    writer.end();
    simulated::all_calls_work();
    let mut writer = folder.writer();
    append_lines(&mut writer, 201, 205);
    writer.end();
    let (read, _) = drain(&folder.logs, &report()).unwrap();
    let gap = vec![Read::Gap(11, 200, Some(190), GapReason::DiskFull)];
    assert_eq!(read, [lines(1, 10), gap, lines(201, 205)].concat());
    let log = crate::LogDirectory::open(&folder.logs).unwrap();
    let found = log.verify(&mut |_| ()).unwrap();
    assert!(found.whole, "{:?}", found.damage);
}

#[test]
fn numbers_lost_before_the_writer_was_killed_are_not_given_again() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 10);
    simulated::on_calls(|call| {
        matches!(call, Call::Write | Call::Create).then_some(Fault::Error(Errno::IO))
    });
    append_lines(&mut writer, 11, 200_000);
    drop(writer);
    simulated::all_calls_work();
    let mut writer = folder.writer();
    let last = writer.last_sequence(Log::Exec);
    assert!(last >= 200_000, "numbers above {last} were given before");
    append_lines(&mut writer, 1, 1);
    let (read, _) = drain(&folder.logs, &report()).unwrap();
    assert_eq!(read[10], Read::Gap(11, last, None, GapReason::DiskFull));
    assert_eq!(account(&read), last + 1);
}

#[test]
fn a_loss_that_a_header_states_is_not_reported_again_after_a_kill() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 10);
    simulated::on_calls(|call| {
        matches!(call, Call::Write | Call::Create).then_some(Fault::Error(Errno::IO))
    });
    append_lines(&mut writer, 11, 20);
    simulated::all_calls_work();
    wait_for_room(&mut writer);
    append_lines(&mut writer, 21, 30);
    drop(writer);
    let mut writer = folder.writer();
    append_lines(&mut writer, 31, 32);
    let (read, _) = drain(&folder.logs, &report()).unwrap();
    assert_eq!(read[10], Read::Gap(11, 20, Some(10), GapReason::DiskFull));
    assert_eq!(read[11..], lines(21, 32));
}

#[test]
fn a_loss_is_not_forgotten_by_a_writer_that_dies_at_its_start() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 10);
    simulated::on_calls(|call| {
        matches!(call, Call::Write | Call::Create).then_some(Fault::Error(Errno::IO))
    });
    append_lines(&mut writer, 11, 20);
    drop(writer);
    for _ in 0..2 {
        assert!(Writer::create(&folder.logs, &small_segments()).is_err());
    }
    simulated::all_calls_work();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 1);
    let (read, _) = drain(&folder.logs, &report()).unwrap();
    assert!(
        matches!(read[10], Read::Gap(11, 20.., _, GapReason::DiskFull)),
        "{:?}",
        read[10]
    );
    account(&read);
}

#[test]
fn a_cursor_given_while_nothing_could_be_kept_is_good() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 10);
    simulated::on_calls(|call| {
        matches!(call, Call::Write | Call::Create).then_some(Fault::Error(Errno::IO))
    });
    append_lines(&mut writer, 11, 20);
    let cursor = writer.position_cursor();
    let mut options = after(&cursor);
    options.follow = true;
    let mut follower = open(&folder.logs, &options).unwrap();
    assert_eq!(drain_now(&mut follower), []);
    append_lines(&mut writer, 21, 22);
    simulated::all_calls_work();
    wait_for_room(&mut writer);
    append_lines(&mut writer, 23, 24);
    assert_eq!(
        drain_now(&mut follower),
        [
            vec![Read::Gap(21, 22, Some(2), GapReason::DiskFull)],
            lines(23, 24)
        ]
        .concat()
    );
}

/// No segment has the entry whose time it was.
#[test]
fn the_time_of_a_lost_entry_gives_a_tail_no_more_than_was_asked_for() {
    let second = 1_000_000_000;
    let start = 1_777_629_600 * second;
    let folder = folder();
    let mut writer = folder.writer();
    let append_at = |writer: &mut Writer, seconds: i64, n: u64| {
        simulated::set_now(start + seconds * second);
        append_lines(writer, n, n);
    };
    append_at(&mut writer, 0, 1);
    append_at(&mut writer, 1, 2);
    full_disk();
    append_at(&mut writer, 100, 3);
    simulated::all_calls_work();
    wait_for_room(&mut writer);
    append_at(&mut writer, 10, 4);
    append_at(&mut writer, 11, 5);
    let tail = StreamOptions {
        until: Some(start + 50 * second),
        tail: Some(1),
        ..report()
    };
    assert_eq!(drain(&folder.logs, &tail).unwrap().0, lines(5, 5));
}

#[test]
fn exit_records_survive_a_full_disk() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 10);
    full_disk();
    append_lines(&mut writer, 11, 20);
    writer.end_session(1, &exit());
    simulated::all_calls_work();
    wait_for_room(&mut writer);
    let newest = folder.segment(*folder.segments().last().unwrap());
    let text = std::fs::read_to_string(newest).unwrap();
    assert_eq!(text.matches("{\"s\":\"exit\"").count(), 1);
    assert!(text.contains("\"entries\":20"));
}

#[test]
fn a_writer_starts_on_a_full_disk_by_taking_the_oldest_segment() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 300);
    drop(writer);
    let before = folder.segments();
    let logs = folder.logs.clone();
    simulated::on_calls(move |call| {
        let full = logs.join("exec.log.000001").exists();
        (call == Call::Create && full).then_some(Fault::Error(Errno::NOSPC))
    });
    let mut writer = folder.writer();
    simulated::all_calls_work();
    append_lines(&mut writer, 301, 301);
    let after = folder.segments();
    assert_eq!(after[..after.len() - 1], before[1..]);
}

#[test]
fn a_writer_starts_on_a_disk_that_exec_has_filled() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 300);
    drop(writer);
    let before = folder.segments();
    let logs = folder.logs.clone();
    let mut creates = 0;
    // There is room for its own next segment, and then for no other log's.
    simulated::on_calls(move |call| {
        creates += u32::from(call == Call::Create);
        let full = creates > 1 && logs.join("exec.log.000001").exists();
        (call == Call::Create && full).then_some(Fault::Error(Errno::NOSPC))
    });
    let mut writer = folder.writer();
    simulated::all_calls_work();
    append_lines(&mut writer, 301, 301);
    let after = folder.segments();
    assert_eq!(after[..after.len() - 1], before[1..]);
}

#[test]
fn room_for_something_else_is_the_oldest_segment_and_never_the_head() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 300);
    let before = folder.segments();
    assert!(writer.make_room());
    assert_eq!(folder.segments(), before[1..]);
    while writer.make_room() {}
    assert_eq!(folder.segments(), before[before.len() - 1..]);
    append_lines(&mut writer, 301, 302);
    let (read, _) = drain(&folder.logs, &report()).unwrap();
    assert_eq!(read.last(), lines(301, 302).last());
}

/// The follower's answer after a writer has come to a folder without segments.
fn goes_on_after_all_is_gone(folder: &Folder, follower: &mut Stream, newest: u64, last: u64) {
    let cursor = follower.position().encode();
    let mut writer = folder.writer();
    assert!(folder.segments().iter().all(|number| *number > newest));
    let given = writer.last_sequence(Log::Exec);
    assert!(given >= last, "{given} may have been given");
    append_lines(&mut writer, given + 1, given + 2);
    let read = drain_now(follower);
    assert!(
        matches!(read[0], Read::Gap(501, to, ..) if to == given),
        "{read:?}"
    );
    assert_eq!(read[1..], lines(given + 1, given + 2));
    let mut resumed = open(&folder.logs, &after(&cursor)).unwrap();
    assert_eq!(drain_now(&mut resumed), read);
}

#[test]
fn segments_that_a_full_disk_took_before_a_kill_keep_their_numbers() {
    let folder = folder();
    let mut writer = folder.writer();
    let mut follower = open(&folder.logs, &follow()).unwrap();
    append_lines(&mut writer, 1, 500);
    assert_eq!(account(&drain_now(&mut follower)), 500);
    let newest = *folder.segments().last().unwrap();
    full_disk();
    append_lines(&mut writer, 501, 2000);
    drop(writer);
    simulated::all_calls_work();
    for number in folder.segments() {
        std::fs::remove_file(folder.segment(number)).unwrap();
    }
    goes_on_after_all_is_gone(&folder, &mut follower, newest, 2000);
}

#[test]
fn a_folder_that_lost_all_segments_gives_no_number_twice() {
    let folder = folder();
    let mut writer = folder.writer();
    let mut follower = open(&folder.logs, &follow()).unwrap();
    append_lines(&mut writer, 1, 500);
    assert_eq!(account(&drain_now(&mut follower)), 500);
    let newest = *folder.segments().last().unwrap();
    drop(writer);
    for number in folder.segments() {
        std::fs::remove_file(folder.segment(number)).unwrap();
    }
    goes_on_after_all_is_gone(&folder, &mut follower, newest, 500);
}
