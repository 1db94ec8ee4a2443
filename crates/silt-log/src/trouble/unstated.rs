//! What no segment says yet, or ever: a full disk took all of them, or kept nothing of
//! what came last, and a reader comes to its end.

use super::disk_full::{full_disk, wait_for_room};
use super::*;
use crate::Log;
use crate::sys::simulated::{self, Call, Fault};
use rustix::io::Errno;

/// Entries up to 500 went before the follower had read them, 501 to 520 were not kept.
struct AllTaken {
    folder: Folder,
    writer: Writer,
    /// Has read the segment that it had open.
    follower: Stream,
    read: u64,
    cursor: String,
}

fn all_taken() -> AllTaken {
    let folder = folder();
    let mut writer = folder.writer();
    let mut follower = open(&folder.logs, &follow()).unwrap();
    append_lines(&mut writer, 1, 10);
    let mut all = drain_now(&mut follower);
    append_lines(&mut writer, 11, 500);
    full_disk();
    append_lines(&mut writer, 501, 520);
    assert!(folder.segments().is_empty());
    all.extend(drain_now(&mut follower));
    let read = account(&all);
    AllTaken {
        folder,
        writer,
        read,
        cursor: follower.position().encode(),
        follower,
    }
}

fn went(read: u64) -> Read {
    Read::Gap(read + 1, 500, Some(500 - read), GapReason::Rotated)
}

fn not_kept() -> Read {
    Read::Gap(501, 520, Some(20), GapReason::DiskFull)
}

fn follow_from(cursor: &str) -> StreamOptions {
    StreamOptions {
        follow: true,
        ..after(cursor)
    }
}

#[test]
fn who_reads_on_to_a_number_is_told_what_went_with_all_segments() {
    let AllTaken {
        folder,
        mut writer,
        follower,
        read,
        cursor,
    } = all_taken();
    let resumed = open(&folder.logs, &follow_from(&cursor)).unwrap();
    let mut readers = [follower, resumed];
    for reader in &mut readers {
        assert_eq!(drain_now(reader), []);
        assert!(reader.report_missing(Log::Exec, 520).unwrap());
        assert_eq!(drain_now(reader), [went(read), not_kept()]);
        assert!(!reader.report_missing(Log::Exec, 520).unwrap());
    }
    simulated::all_calls_work();
    wait_for_room(&mut writer);
    append_lines(&mut writer, 521, 522);
    for reader in &mut readers {
        assert_eq!(drain_now(reader), lines(521, 522));
    }
}

#[test]
fn who_reads_on_to_a_number_reads_what_came_since_there_was_room() {
    let AllTaken {
        folder: _folder,
        mut writer,
        mut follower,
        read,
        ..
    } = all_taken();
    simulated::all_calls_work();
    wait_for_room(&mut writer);
    append_lines(&mut writer, 521, 522);
    assert!(follower.report_missing(Log::Exec, 520).unwrap());
    let rest = [vec![went(read), not_kept()], lines(521, 522)].concat();
    assert_eq!(drain_now(&mut follower), rest);
}

#[test]
fn a_follower_is_told_what_a_writer_that_stopped_on_a_full_disk_did_not_keep() {
    let AllTaken {
        folder,
        writer,
        mut follower,
        read,
        cursor,
    } = all_taken();
    writer.end();
    simulated::all_calls_work();
    let told = (vec![went(read), not_kept()], EndReason::Crashed);
    assert_eq!(drain_stream(&mut follower).unwrap(), told);
    let resumed = drain(&folder.logs, &follow_from(&cursor)).unwrap();
    assert_eq!(resumed, told);
    let snapshot = drain(&folder.logs, &after(&cursor)).unwrap();
    assert_eq!(snapshot, (told.0, EndReason::Drained));

    let cursor = follower.position().encode();
    let mut writer = folder.writer();
    append_lines(&mut writer, 521, 522);
    let rest = drain(&folder.logs, &after(&cursor)).unwrap().0;
    assert_eq!(rest, lines(521, 522));
}

#[test]
fn a_follower_is_told_what_went_before_its_writer_was_killed() {
    let AllTaken {
        folder,
        writer,
        mut follower,
        read,
        cursor,
    } = all_taken();
    drop(writer);
    simulated::all_calls_work();
    let told = (vec![went(read)], EndReason::Crashed);
    assert_eq!(drain_stream(&mut follower).unwrap(), told);
    let resumed = drain(&folder.logs, &follow_from(&cursor)).unwrap();
    assert_eq!(resumed, told);

    let cursor = follower.position().encode();
    let mut writer = folder.writer();
    let next = writer.last_sequence(Log::Exec) + 1;
    append_lines(&mut writer, next, next);
    let gap = Read::Gap(501, next - 1, None, GapReason::DiskFull);
    let rest = drain(&folder.logs, &after(&cursor)).unwrap().0;
    assert_eq!(rest, [vec![gap], lines(next, next)].concat());
}

#[test]
fn what_was_not_kept_before_the_end_is_told_where_the_segments_stayed() {
    let folder = folder();
    let mut writer = folder.writer();
    let mut follower = open(&folder.logs, &follow()).unwrap();
    append_lines(&mut writer, 1, 10);
    simulated::on_calls(|call| {
        matches!(call, Call::Write | Call::Create).then_some(Fault::Error(Errno::IO))
    });
    append_lines(&mut writer, 11, 20);
    writer.end();
    simulated::all_calls_work();
    let gap = Read::Gap(11, 20, Some(10), GapReason::DiskFull);
    let all = [lines(1, 10), vec![gap]].concat();
    let read = drain_stream(&mut follower).unwrap();
    assert_eq!(read, (all.clone(), EndReason::Crashed));
    let snapshot = drain(&folder.logs, &report()).unwrap();
    assert_eq!(snapshot, (all, EndReason::Drained));
}

#[test]
fn who_began_where_all_was_taken_is_told_once() {
    let AllTaken { folder, writer, .. } = all_taken();
    writer.end();
    simulated::all_calls_work();
    let mut late = open(&folder.logs, &follow()).unwrap();
    let Next::Batch(batch) = late.next(BatchLimits::default()).unwrap() else {
        panic!("it is told what went");
    };
    let told = batch.gaps.iter().map(|gap| (gap.from, gap.to));
    assert_eq!(Vec::from_iter(told), [(1, 500), (501, 520)]);
    let mut writer = folder.writer();
    append_lines(&mut writer, 521, 522);
    assert_eq!(drain_now(&mut late), lines(521, 522));
}

#[test]
fn a_cursor_of_before_the_first_entry_is_told_what_went_as_well() {
    let folder = folder();
    let mut writer = folder.writer();
    let cursor = writer.position_cursor();
    append_lines(&mut writer, 1, 500);
    full_disk();
    append_lines(&mut writer, 501, 520);
    assert!(folder.segments().is_empty());
    writer.end();
    simulated::all_calls_work();
    let read = drain(&folder.logs, &after(&cursor)).unwrap().0;
    assert_eq!(read, [went(0), not_kept()]);
}

/// Begins to read all there is, of small segments.
fn begun(folder: &Folder) -> Stream {
    let mut stream = open(&folder.logs, &report()).unwrap();
    let limits = BatchLimits {
        entries: 1,
        ..BatchLimits::default()
    };
    assert!(matches!(stream.next(limits), Ok(Next::Batch(_))));
    stream
}

#[test]
fn a_snapshot_is_told_what_went_with_all_segments_before_it_was_read() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 500);
    let mut stream = begun(&folder);
    full_disk();
    append_lines(&mut writer, 501, 520);
    assert!(folder.segments().is_empty());
    let (read, reason) = drain_stream(&mut stream).unwrap();
    assert_eq!(account(&[lines(1, 1), read].concat()), 500);
    assert_eq!(reason, EndReason::Drained);
    let cursor = stream.position().encode();
    simulated::all_calls_work();
    wait_for_room(&mut writer);
    append_lines(&mut writer, 521, 522);
    let rest = drain(&folder.logs, &after(&cursor)).unwrap().0;
    assert_eq!(rest, [vec![not_kept()], lines(521, 522)].concat());
}

#[test]
fn a_snapshot_of_a_log_that_is_removed_under_it_is_told_that_there_was_more() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 500);
    let mut stream = begun(&folder);
    drop(writer);
    std::fs::remove_dir_all(&folder.logs).unwrap();
    let (read, _) = drain_stream(&mut stream).unwrap();
    let last = read.last();
    assert!(
        matches!(last, Some(Read::Gap(_, 500.., None, GapReason::Rotated))),
        "{last:?}"
    );
    account(&[lines(1, 1), read].concat());
}

#[test]
fn a_log_that_has_passed_until_does_not_keep_a_snapshot_from_its_end() {
    let folder = folder();
    let second = 1_000_000_000;
    let start = 1_777_629_600 * second;
    simulated::set_now(start);
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 500);
    simulated::set_now(start + second);
    writer.event(Log::Runtime, "after it");
    writer.end();
    let mut writer = folder.writer();
    let options = StreamOptions {
        until: Some(start + second),
        sources: crate::SourceSet::ALL,
        ..report()
    };
    let mut stream = open(&folder.logs, &options).unwrap();
    let limits = BatchLimits {
        entries: 1,
        ..BatchLimits::default()
    };
    assert!(matches!(stream.next(limits), Ok(Next::Batch(_))));
    full_disk();
    append_lines(&mut writer, 501, 520);
    assert!(folder.segments().is_empty());
    drop(writer);
    let (read, reason) = drain_stream(&mut stream).unwrap();
    assert_eq!(account(&[lines(1, 1), read].concat()), 500);
    assert_eq!(reason, EndReason::Until);
}
