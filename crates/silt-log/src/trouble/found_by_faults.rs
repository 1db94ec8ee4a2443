//! What the matrix of faults has found.

use super::scenario::again;
use super::*;
use crate::sys::simulated::{self, Call, Fault};
use rustix::fd::AsFd;
use rustix::io::Errno;
use std::cell::Cell;
use std::rc::Rc;

#[test]
fn a_mark_that_can_not_be_written_leaves_the_one_before() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 3);
    let lock = || {
        let descriptor = crate::sys::open_folder(&folder.logs).unwrap();
        let file = crate::sys::open_read(descriptor.as_fd(), ".lock").unwrap();
        crate::lock::LockFile::new(file).read().unwrap()
    };
    let failing = Rc::new(Cell::new(true));
    let fails = Rc::clone(&failing);
    simulated::on_calls(move |call| {
        (call == Call::WriteAt && fails.get()).then_some(Fault::Short(40))
    });
    let before = lock();
    for _ in 0..40 {
        let _ = writer.begin_session();
        assert_eq!(lock(), before, "a torn mark hides the one before");
    }
    failing.set(false);
    again(|| writer.begin_session());
    simulated::all_calls_work();
}

#[test]
fn a_mark_is_read_whole_however_little_a_read_gives() {
    let folder = folder();
    let mut writer = folder.writer();
    let id = writer.log_id();
    // The newest mark lies in one slot or the other.
    for round in 0..4 {
        append_lines(&mut writer, round + 1, round + 1);
        if round == 1 {
            again(|| writer.begin_session());
        }
        writer.end();
        simulated::on_calls(|call| (call == Call::ReadAt).then_some(Fault::Half));
        writer = folder.writer();
        simulated::all_calls_work();
        assert_eq!(writer.log_id(), id);
    }
    assert_eq!(drain(&folder.logs, &report()).unwrap().0, lines(1, 4));
}

#[test]
fn a_path_that_can_not_be_looked_at_is_not_called_removed() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 3);
    let mut stream = open(&folder.logs, &follow()).unwrap();
    assert_eq!(drain_now(&mut stream), lines(1, 3));
    writer.end();
    simulated::on_calls(|call| (call == Call::InodeAt).then_some(Fault::Error(Errno::ACCESS)));
    let failed = stream.next(crate::BatchLimits::default());
    simulated::all_calls_work();
    assert!(matches!(failed, Err(crate::Error::Io { .. })), "{failed:?}");
    assert_eq!(drain_stream(&mut stream).unwrap().1, EndReason::Stopped);
}

#[test]
fn an_end_whose_checksum_is_torn_is_written_again() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 3);
    // The last write of all is that of the `exec` log.
    let mut writes = 0;
    simulated::on_calls(move |call| {
        writes += u32::from(call == Call::Write);
        (call == Call::Write && writes == 3).then_some(Fault::AllButOne)
    });
    writer.end();
    simulated::all_calls_work();
    assert_eq!(folder.segments(), [1, 2], "the torn segment is sealed");
    let (read, reason) = drain(&folder.logs, &follow()).unwrap();
    assert_eq!((read, reason), (lines(1, 3), EndReason::Stopped));
    let found = LogDirectory::open(&folder.logs).unwrap();
    let found = found.verify(&mut |_| ()).unwrap();
    assert!(found.whole, "{:?}", found.damage);
}
