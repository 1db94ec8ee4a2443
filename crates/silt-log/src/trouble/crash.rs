//! The machine dies: numbers that may have been given are not given again.

use super::*;
use crate::sys::simulated::{self, Call, Fault};
use crate::{CursorReason, Log};
use rustix::io::Errno;

/// What a power cut leaves: the newest segment is cut to its first `lines`.
fn cut_newest(folder: &Folder, lines: usize) {
    let path = folder.segment(*folder.segments().last().unwrap());
    let text = std::fs::read(&path).unwrap();
    let kept: usize = text
        .split_inclusive(|byte| *byte == b'\n')
        .take(lines)
        .map(<[u8]>::len)
        .sum();
    std::fs::OpenOptions::new()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(kept as u64)
        .unwrap();
}

#[test]
fn numbering_goes_on_above_the_limit_and_the_hole_is_a_crash_gap() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 20);
    drop(writer);
    cut_newest(&folder, 11);
    simulated::reboot();
    let mut writer = folder.writer();
    let limit = writer.last_sequence(Log::Exec);
    assert!(limit >= 20);
    writer.append(1, Source::Stdout, b"after\n");
    writer.flush();
    let (read, _) = drain(&folder.logs, &report()).unwrap();
    assert_eq!(read[..10], lines(1, 10));
    assert_eq!(
        read[10..],
        [
            Read::Gap(11, limit, None, GapReason::Crash),
            Read::Entry(limit + 1, "after\n".into())
        ]
    );
}

#[test]
fn a_reader_that_had_seen_more_than_survived_meets_the_rest_of_the_gap() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 20);
    let cursor = end_cursor(&folder.logs);
    let mut follower = open(&folder.logs, &follow()).unwrap();
    assert_eq!(drain_now(&mut follower), lines(1, 20));
    drop(writer);
    cut_newest(&folder, 11);
    simulated::reboot();
    // No writer has mended it yet.
    let (read, _) = drain(&folder.logs, &after(&cursor)).unwrap();
    let [Read::Gap(21, limit, None, GapReason::Crash)] = read[..] else {
        panic!("{read:?}")
    };
    let mut writer = folder.writer();
    assert_eq!(writer.last_sequence(Log::Exec), limit);
    writer.append(1, Source::Stdout, b"after\n");
    writer.flush();
    let expected = vec![
        Read::Gap(21, limit, None, GapReason::Crash),
        Read::Entry(limit + 1, "after\n".into()),
    ];
    assert_eq!(drain(&folder.logs, &after(&cursor)).unwrap().0, expected);
    assert_eq!(drain_now(&mut follower), expected);
}

#[test]
fn a_cursor_above_the_limit_is_past_the_end_also_after_a_crash() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 5);
    drop(writer);
    simulated::reboot();
    let mut cursor = crate::Cursor::decode(&end_cursor(&folder.logs)).unwrap();
    if let crate::LogPosition::After { sequence, .. } = &mut cursor.position[0] {
        *sequence = 1_000_000;
    }
    assert!(matches!(
        drain(&folder.logs, &after(&cursor.encode())),
        Err(Error::InvalidCursor {
            reason: CursorReason::PastEnd,
            ..
        })
    ));
}

#[test]
fn the_number_of_a_segment_that_a_crash_took_is_not_used_again() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 20);
    writer.end();
    let mut writer = folder.writer();
    append_lines(&mut writer, 21, 30);
    let cursor = end_cursor(&folder.logs);
    drop(writer);
    // Its entry in the folder was not on the disk yet.
    std::fs::remove_file(folder.segment(2)).unwrap();
    simulated::reboot();
    let mut writer = folder.writer();
    assert_eq!(folder.segments(), [1, 3]);
    let limit = writer.last_sequence(Log::Exec);
    assert!(
        limit >= 30,
        "numbers up to 30 were shown, {limit} is the last"
    );
    writer.append(1, Source::Stdout, b"after\n");
    writer.flush();
    assert_eq!(
        drain(&folder.logs, &after(&cursor)).unwrap().0,
        [
            Read::Gap(31, limit, None, GapReason::Crash),
            Read::Entry(limit + 1, "after\n".into())
        ]
    );
    let (read, _) = drain(&folder.logs, &report()).unwrap();
    assert_eq!(account(&read), limit + 1);
}

#[test]
fn a_crash_after_an_orderly_end_loses_no_numbers() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 20);
    writer.end();
    simulated::reboot();
    let mut writer = folder.writer();
    append_lines(&mut writer, 21, 25);
    assert_eq!(drain(&folder.logs, &report()).unwrap().0, lines(1, 25));
}

#[test]
fn a_writer_that_dies_between_its_mark_and_its_segment_loses_no_crash_gap() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 20);
    drop(writer);
    cut_newest(&folder, 11);
    simulated::reboot();
    for _ in 0..3 {
        simulated::on_calls(|call| {
            (call == Call::Rename).then_some(Fault::Error(rustix::io::Errno::IO))
        });
        assert!(Writer::create(&folder.logs, &small_segments()).is_err());
        simulated::all_calls_work();
    }
    let id = open(&folder.logs, &report()).unwrap().position().log_id;
    let mut writer = folder.writer();
    assert_eq!(writer.log_id(), id, "still the same folder");
    append_lines(&mut writer, 1, 1);
    let (read, _) = drain(&folder.logs, &report()).unwrap();
    let last = account(&read);
    assert!(matches!(read[10], Read::Gap(11, to, None, GapReason::Crash) if to + 1 == last));
}

#[test]
fn a_newest_segment_that_can_not_be_read_gives_no_number_twice() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 200);
    drop(writer);
    let newest = folder.segment(*folder.segments().last().unwrap());
    let length = std::fs::metadata(&newest).unwrap().len();
    std::fs::write(&newest, vec![0; length as usize]).unwrap();
    let mut writer = folder.writer();
    let next = writer.last_sequence(Log::Exec) + 1;
    assert!(next > 200, "{next} was given before");
    writer.append(1, Source::Stdout, b"after\n");
    writer.flush();
    let (read, _) = drain(&folder.logs, &report()).unwrap();
    assert_eq!(account(&read), next);
}

#[test]
fn what_could_not_be_synced_is_not_called_an_orderly_end() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 20);
    simulated::on_calls(|call| {
        (call == Call::SyncData).then_some(Fault::Error(rustix::io::Errno::IO))
    });
    writer.end();
    simulated::all_calls_work();
    let (_, reason) = drain(&folder.logs, &follow()).unwrap();
    assert_eq!(reason, EndReason::Crashed);
    cut_newest(&folder, 11);
    simulated::reboot();
    assert!(folder.writer().last_sequence(Log::Exec) >= 20);
}

/// The kernel tells of a failure once, and of the next try that it succeeded.
#[test]
fn a_sync_that_failed_once_is_not_believed_later() {
    let folder = folder();
    let options = WriterOptions {
        sync: crate::Sync::Write,
        ..small_segments()
    };
    let mut writer = Writer::create(&folder.logs, &options).unwrap();
    let failed = std::cell::Cell::new(false);
    simulated::on_calls(move |call| {
        (call == Call::SyncData && !failed.replace(true)).then_some(Fault::Error(Errno::IO))
    });
    append_lines(&mut writer, 1, 20);
    simulated::all_calls_work();
    append_lines(&mut writer, 21, 30);
    writer.end();
    let (_, reason) = drain(&folder.logs, &follow()).unwrap();
    assert_eq!(reason, EndReason::Crashed);
    cut_newest(&folder, 11);
    simulated::reboot();
    assert!(folder.writer().last_sequence(Log::Exec) >= 30);
}

#[test]
fn a_segment_that_can_not_be_synced_stays_plain() {
    simulated::stay_single_threaded(true);
    let folder = folder();
    let options = WriterOptions {
        compress: crate::Compress::Zstd,
        ..small_segments()
    };
    let mut writer = Writer::create(&folder.logs, &options).unwrap();
    simulated::let_jobs_wait(100);
    append_lines(&mut writer, 1, 300);
    simulated::on_calls(|call| (call == Call::SyncData).then_some(Fault::Error(Errno::IO)));
    writer.catch_up();
    simulated::all_calls_work();
    let plain = folder.segments();
    assert_eq!(plain, (1..=plain.len() as u64).collect::<Vec<_>>());
    assert!(plain.len() > 2);
    append_lines(&mut writer, 301, 600);
    writer.catch_up();
    // What came after it could be synced, all but the head.
    assert_eq!(folder.segments().len(), plain.len());
}
