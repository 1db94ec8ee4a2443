//! A stream ends when its writer did, says why, and is never ahead of what it
//! handed over.

use super::*;
use crate::SourceSet;
use crate::sys::simulated::{self, Call, Fault};
use rustix::io::Errno;
use std::cell::Cell;
use std::rc::Rc;

#[test]
fn an_error_in_the_middle_of_a_batch_loses_nothing() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 300);
    assert!(folder.segments().len() > 4);
    for fails_at in 0..12 {
        let mut stream = open(&folder.logs, &report()).unwrap();
        let mut opens = 0;
        simulated::on_calls(move |call| {
            opens += u32::from(call == Call::Open);
            (call == Call::Open && opens == fails_at + 1).then_some(Fault::Error(Errno::MFILE))
        });
        let mut all = Vec::new();
        loop {
            let handed = stream.position();
            match stream.next(BatchLimits::default()) {
                Ok(Next::Batch(batch)) => all.extend(
                    batch
                        .items
                        .iter()
                        .map(|item| read(item, &batch.gaps, batch.data(item))),
                ),
                Ok(Next::Pending) => unreachable!(),
                Ok(Next::End(_)) => break,
                Err(Error::Io { .. }) => {
                    assert_eq!(stream.position(), handed);
                }
                Err(error) => panic!("{error}"),
            }
        }
        simulated::all_calls_work();
        assert_eq!(all, lines(1, 300), "open {fails_at} failed");
    }
}

#[test]
fn a_folder_that_was_opened_before_its_writer_came_is_followed() {
    let folder = folder();
    std::fs::create_dir(&folder.logs).unwrap();
    let directory = LogDirectory::open(&folder.logs).unwrap();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 3);
    let mut stream = directory.stream(&follow()).unwrap();
    assert_eq!(drain_now(&mut stream), lines(1, 3));
    assert!(matches!(
        stream.next(BatchLimits::default()).unwrap(),
        Next::Pending
    ));
    assert_eq!(directory.status().unwrap(), crate::WriterState::Running);
    writer.end();
    assert_eq!(drain_stream(&mut stream).unwrap().1, EndReason::Stopped);
}

#[test]
fn entries_of_a_folder_that_was_deleted_under_a_slow_follower_are_a_gap() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 10);
    let mut stream = open(&folder.logs, &follow()).unwrap();
    assert_eq!(drain_now(&mut stream), lines(1, 10));
    append_lines(&mut writer, 11, 1000);
    writer.end();
    std::fs::remove_dir_all(&folder.logs).unwrap();
    let (read, reason) = drain_stream(&mut stream).unwrap();
    assert_eq!(reason, EndReason::Removed);
    let all = [lines(1, 10), read].concat();
    assert_eq!(account(&all), 1000);
    assert!(matches!(
        all.last(),
        Some(Read::Gap(_, 1000, Some(_), GapReason::Rotated))
    ));
}

#[test]
fn a_follower_is_not_told_that_a_killed_writer_stopped() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 3);
    let mut stream = open(&folder.logs, &follow()).unwrap();
    assert_eq!(drain_now(&mut stream), lines(1, 3));
    writer.end();
    let mut writer = folder.writer();
    append_lines(&mut writer, 4, 6);
    drop(writer);
    // As a full disk does that takes the oldest for the next, which is not there
    // yet.
    for number in folder.segments() {
        std::fs::remove_file(folder.segment(number)).unwrap();
    }
    let (read, reason) = drain_stream(&mut stream).unwrap();
    assert_eq!((read, reason), (Vec::new(), EndReason::Crashed));
}

#[test]
fn a_new_folder_at_the_same_path_is_not_mixed_in() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 10);
    let mut stream = open(&folder.logs, &follow()).unwrap();
    std::fs::rename(&folder.logs, folder.logs.with_extension("removed")).unwrap();
    let mut other = folder.writer();
    other.append(1, Source::Stdout, b"another log\n");
    other.flush();
    append_lines(&mut writer, 11, 20);
    let read = drain_now(&mut stream);
    append_lines(&mut writer, 21, 30);
    writer.end();
    let (rest, reason) = drain_stream(&mut stream).unwrap();
    assert_eq!([read, rest].concat(), lines(1, 30));
    assert_eq!(reason, EndReason::Removed);
    let cursor = stream.position().encode();
    assert!(matches!(
        drain(&folder.logs, &after(&cursor)),
        Err(Error::InvalidCursor {
            reason: crate::CursorReason::OtherLog,
            ..
        })
    ));
}

#[test]
fn until_ends_a_quiet_follow() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 10);
    let until = StreamOptions {
        until: Some(crate::sys::now_ns() + 50_000_000),
        ..follow()
    };
    let (read, reason) = drain(&folder.logs, &until).unwrap();
    assert_eq!((read, reason), (lines(1, 10), EndReason::Until));
}

/// Found by torture: each entry cost a listing of the folder for each of the two
/// logs that had nothing new.
#[test]
fn quiet_logs_cost_a_follower_of_all_logs_nothing() {
    const ENTRIES: usize = 2000;
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, ENTRIES as u64);
    let options = StreamOptions {
        sources: SourceSet::ALL,
        ..follow()
    };
    let mut stream = open(&folder.logs, &options).unwrap();
    let calls = Rc::new(Cell::new(0));
    let counted = Rc::clone(&calls);
    simulated::on_calls(move |_| {
        counted.set(counted.get() + 1);
        None
    });
    let entries = drain_now(&mut stream).len();
    simulated::all_calls_work();
    assert_eq!(entries, ENTRIES);
    let most = 20 * folder.segments().len();
    assert!(calls.get() < most, "{} calls, {most} would do", calls.get());
}
