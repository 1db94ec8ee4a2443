//! The clock steps: entries of one log keep their order, times are found.

use super::*;
use crate::Log;
use crate::sys::simulated::{self, Call, Fault};
use rustix::io::Errno;
use std::cell::Cell;
use std::time::Duration;

const SECOND: i64 = 1_000_000_000;
const START: i64 = 1_777_629_600 * SECOND;

fn append_at(writer: &mut Writer, time_ns: i64, n: u64) {
    simulated::set_now(time_ns);
    writer.append(1, Source::Stdout, format!("line {n}\n").as_bytes());
}

fn times(folder: &Folder, number: u64) -> Vec<String> {
    std::fs::read_to_string(folder.segment(number))
        .unwrap()
        .lines()
        .filter_map(|line| Some(line.strip_prefix("{\"t\":\"")?[..30].to_owned()))
        .collect()
}

#[test]
fn a_small_step_back_is_clamped_and_a_large_one_starts_a_segment() {
    let folder = folder();
    let mut writer = folder.writer();
    append_at(&mut writer, START, 1);
    append_at(&mut writer, START - 1_000_000, 2);
    append_at(&mut writer, START - 3600 * SECOND, 3);
    writer.flush();
    assert_eq!(folder.segments(), [1, 2]);
    assert_eq!(times(&folder, 1)[0], times(&folder, 1)[1]);
    assert_eq!(times(&folder, 2).len(), 1);
    assert_eq!(drain(&folder.logs, &report()).unwrap().0, lines(1, 3));
}

/// Else the last entry's time would be taken for one that was changed.
#[test]
fn until_ends_at_an_entry_after_which_the_clock_stepped_back_and_its_writer_ended() {
    let folder = folder();
    let mut writer = folder.writer();
    append_at(&mut writer, START, 1);
    append_at(&mut writer, START + 10 * SECOND, 2);
    simulated::set_now(START - 3600 * SECOND);
    writer.end_session(1, &exit());
    writer.end();
    append_at(&mut folder.writer(), START - 3000 * SECOND, 3);
    let until = StreamOptions {
        until: Some(START + SECOND),
        ..report()
    };
    let (read, reason) = drain(&folder.logs, &until).unwrap();
    assert_eq!(read, lines(1, 1));
    assert_eq!(reason, EndReason::Until);
}

#[test]
fn since_and_until_find_their_place_after_the_clock_stepped_back() {
    let folder = folder();
    let mut writer = folder.writer();
    let mut all = Vec::new();
    let hour = 3600 * SECOND;
    for (start, count) in [
        (START, 100u64),
        (START - hour, 100),
        (START - hour / 2, 100),
    ] {
        for _ in 0..count {
            let n = all.len() as u64 + 1;
            let time = start + n as i64 * SECOND;
            append_at(&mut writer, time, n);
            all.push((n, time));
        }
    }
    writer.flush();
    for at in (START - hour..START + 400 * SECOND).step_by(97 * SECOND as usize) {
        let since = StreamOptions {
            since: Some(at),
            ..report()
        };
        let expected: Vec<_> = all
            .iter()
            .filter(|(_, time)| *time >= at)
            .flat_map(|(n, _)| lines(*n, *n))
            .collect();
        assert_eq!(drain(&folder.logs, &since).unwrap().0, expected);
        let expected: Vec<_> = all
            .iter()
            .take_while(|(_, time)| *time < at)
            .flat_map(|(n, _)| lines(*n, *n))
            .collect();
        for tail in [None, Some(7)] {
            let until = StreamOptions {
                until: Some(at),
                tail,
                ..report()
            };
            let newest = expected.len() - expected.len().min(tail.unwrap_or(1000) as usize);
            assert_eq!(
                drain(&folder.logs, &until).unwrap().0,
                expected[newest..],
                "tail {tail:?}"
            );
        }
    }
}

#[test]
fn time_never_decreases_in_the_segment_that_takes_over_from_a_failed_one() {
    let folder = folder();
    let mut writer = folder.writer();
    append_at(&mut writer, START, 1);
    writer.flush();
    append_at(&mut writer, START + 10 * SECOND, 2);
    append_at(&mut writer, START + 20 * SECOND, 3);
    let first = Cell::new(true);
    simulated::on_calls(move |call| {
        (call == Call::Write && first.replace(false)).then_some(Fault::Error(Errno::NOSPC))
    });
    writer.flush();
    simulated::all_calls_work();
    append_at(&mut writer, START + 15 * SECOND, 4);
    writer.flush();
    for number in folder.segments() {
        let times = times(&folder, number);
        assert!(times.is_sorted(), "segment {number}: {times:?}");
    }
    let until = StreamOptions {
        until: Some(START + 15 * SECOND),
        tail: Some(10),
        ..report()
    };
    assert_eq!(drain(&folder.logs, &until).unwrap().0, lines(1, 2));
    assert_eq!(drain(&folder.logs, &report()).unwrap().0, lines(1, 4));
}

#[test]
fn since_reaches_what_a_crash_took_although_the_segment_that_told_of_it_is_gone() {
    let folder = folder();
    let mut writer = folder.writer();
    for n in 1..=10 {
        append_at(&mut writer, START + n as i64 * SECOND, n);
    }
    writer.flush();
    drop(writer);
    simulated::reboot();
    // Says what may be gone, and nothing more before it dies.
    let told = folder.writer();
    let limit = told.last_sequence(Log::Exec);
    assert!(limit > 10);
    drop(told);
    simulated::set_now(START + 60 * SECOND);
    let mut writer = folder.writer();
    append_at(&mut writer, START + 90 * SECOND, 1000);
    writer.flush();
    std::fs::remove_file(folder.segment(2)).unwrap();
    let since = |time_ns| {
        let since = StreamOptions {
            since: Some(time_ns),
            ..report()
        };
        drain(&folder.logs, &since).unwrap().0
    };
    let after = Read::Entry(limit + 1, "line 1000\n".into());
    for second in [11, 30, 60] {
        let read = since(START + second * SECOND);
        assert_eq!(read.len(), 2, "{second} {read:?}");
        assert!(
            matches!(read[0], Read::Gap(11, to, ..) if to == limit),
            "{second} {read:?}"
        );
        assert_eq!(read[1], after);
    }
    assert_eq!(since(START + 61 * SECOND), [after]);
}

#[test]
fn what_is_too_old_goes_while_a_command_prints_however_often_is_synced() {
    for sync in [
        crate::Sync::Segment,
        crate::Sync::Interval,
        crate::Sync::Write,
    ] {
        let folder = folder();
        let options = WriterOptions {
            max_age: Some(Duration::from_secs(2)),
            sync,
            ..small_segments()
        };
        let mut writer = Writer::create(&folder.logs, &options).unwrap();
        for n in 1..=500 {
            let ms = 20 * n as i64;
            simulated::pass(Duration::from_millis(20));
            append_at(&mut writer, START + ms * (SECOND / 1000), n);
            writer.flush();
        }
        // One round looks at them each second.
        let oldest = times(&folder, folder.segments()[0])[0].clone();
        assert!(
            oldest > crate::format_time(START + 5 * SECOND),
            "{sync:?}: {oldest}"
        );
    }
}
