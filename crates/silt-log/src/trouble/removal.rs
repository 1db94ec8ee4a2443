//! A folder is removed or renamed while it is read.

use super::*;
use crate::sys::simulated::{self, Call, Fault};
use rustix::io::Errno;

/// Opens a stream over a folder of 100 entries that is removed just before its
/// first call, before its second and so on: `look` at those that begin.
fn for_each_removal(options: impl Fn(&str) -> StreamOptions, look: impl Fn(Stream)) {
    let mut opened = 0;
    for at in 0.. {
        let folder = folder();
        let mut writer = folder.writer();
        append_lines(&mut writer, 1, 100);
        let mut stream = open(&folder.logs, &report()).unwrap();
        assert_eq!(account(&drain_now(&mut stream)), 100);
        let options = options(&stream.position().encode());
        writer.end();
        let directory = LogDirectory::open(&folder.logs).unwrap();
        let logs = folder.logs.clone();
        let mut calls = 0;
        simulated::on_calls(move |_| {
            if calls == at {
                std::fs::remove_dir_all(&logs).unwrap();
            }
            calls += 1;
            None
        });
        let stream = directory.stream(&options);
        simulated::all_calls_work();
        match stream {
            Ok(stream) => {
                opened += 1;
                look(stream);
            }
            Err(Error::NotFound { .. }) => {}
            Err(error) => panic!("removed before call {at}: {error}"),
        }
        // It was there until the stream had begun.
        if folder.logs.exists() {
            break;
        }
    }
    assert!(opened > 1, "also what was found before it went is read");
}

#[test]
fn a_cursor_is_not_refused_because_the_folder_goes() {
    for_each_removal(after, drop);
}

#[test]
fn a_tail_has_no_more_than_was_asked_for_where_the_folder_goes() {
    for count in [0, 1, 60] {
        let newest = |_: &str| StreamOptions {
            tail: Some(count),
            ..report()
        };
        for_each_removal(newest, |mut stream| {
            let (read, _) = drain_stream(&mut stream).unwrap();
            let entries = read.iter().filter(|read| matches!(read, Read::Entry(..)));
            assert!(entries.count() as u64 <= count, "{read:?}");
        });
    }
}

#[test]
fn a_folder_that_is_renamed_has_lost_nothing() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 10);
    let mut stream = open(&folder.logs, &follow()).unwrap();
    assert_eq!(drain_now(&mut stream), lines(1, 10));
    // The mark speaks of a next segment that is never there.
    simulated::on_calls(|call| (call == Call::Create).then_some(Fault::Error(Errno::IO)));
    append_lines(&mut writer, 11, 100);
    drop(writer);
    simulated::all_calls_work();
    std::fs::rename(&folder.logs, folder.logs.with_extension("renamed")).unwrap();
    let (read, reason) = drain_stream(&mut stream).unwrap();
    assert_eq!(reason, EndReason::Removed);
    assert!(
        read.iter().all(|read| matches!(read, Read::Entry(..))),
        "{read:?}"
    );
}
