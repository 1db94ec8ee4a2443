//! A folder is removed while a stream begins.

use super::*;
use crate::sys::simulated;

#[test]
fn a_cursor_is_not_refused_because_the_folder_goes() {
    let mut opened = 0;
    for at in 0.. {
        let folder = folder();
        let mut writer = folder.writer();
        append_lines(&mut writer, 1, 100);
        let mut stream = open(&folder.logs, &report()).unwrap();
        assert_eq!(account(&drain_now(&mut stream)), 100);
        let cursor = stream.position().encode();
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
        let resumed = directory.stream(&after(&cursor));
        simulated::all_calls_work();
        match resumed {
            Ok(_) => opened += 1,
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
