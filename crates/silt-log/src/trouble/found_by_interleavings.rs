//! What the interleavings have found.

use super::*;
use crate::sys::simulated::{self, Call};

#[test]
fn a_writer_that_comes_and_goes_while_the_end_is_looked_for_is_read_not_called_lost() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 3);
    let mut follower = open(&folder.logs, &follow()).unwrap();
    assert_eq!(drain_now(&mut follower), lines(1, 3));
    drop(writer);
    let logs = folder.logs.clone();
    let mut came = false;
    simulated::on_calls(move |call| {
        if call == Call::InodeAt && !came {
            came = true;
            let logs = logs.clone();
            let next = std::thread::spawn(move || {
                let mut writer = Writer::create(&logs, &small_segments()).unwrap();
                append_lines(&mut writer, 4, 5);
                writer.end();
            });
            next.join().unwrap();
        }
        None
    });
    let (read, reason) = drain_stream(&mut follower).unwrap();
    simulated::all_calls_work();
    assert_eq!((read, reason), (lines(4, 5), EndReason::Stopped));
}
