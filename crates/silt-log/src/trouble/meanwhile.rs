//! What writers do between any two calls of a reader that begins, ends or asks what is
//! missing: it is told of all the same.

use super::disk_full::{full_disk, wait_for_room};
use super::{
    Folder, Read, account, after, append_lines, drain, drain_now, drain_stream, follow, lines,
    open, read, report, small_segments,
};
use crate::sys::simulated::{self, Call, Fault};
use crate::{BatchLimits, EndReason, Log, Next, SourceSet, Stream, StreamOptions, Writer};
use rustix::io::Errno;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

/// Runs `look` again and again, with `act` just before its first call to the kernel,
/// then before its second, and so on until it makes no more.
fn before_each_call<T: 'static>(
    prepare: impl Fn() -> T,
    act: fn(&mut T),
    look: impl Fn(&Rc<RefCell<T>>),
) {
    for at in 0.. {
        let state = Rc::new(RefCell::new(prepare()));
        let (acts, acted) = (Rc::clone(&state), Rc::new(Cell::new(false)));
        let (mut calls, done) = (0, Rc::clone(&acted));
        simulated::on_calls(move |_| {
            if calls == at {
                act(&mut acts.borrow_mut());
                done.set(true);
            }
            calls += 1;
            None
        });
        look(&state);
        simulated::all_calls_work();
        if !acted.get() {
            assert!(at > 3, "{at} calls");
            return;
        }
    }
}

/// Runs `look` with `first` just before each of its calls, and `then` before each that
/// comes after.
fn before_each_two_calls<T: 'static>(
    prepare: impl Fn() -> T,
    [first, then]: [fn(&mut T); 2],
    look: impl Fn(&Rc<RefCell<T>>),
) {
    for apart in 1.. {
        let mut any = false;
        for at in 0.. {
            let state = Rc::new(RefCell::new(prepare()));
            let (acts, acted) = (Rc::clone(&state), Rc::new(Cell::new(0)));
            let (mut calls, counts) = (0, Rc::clone(&acted));
            simulated::on_calls(move |_| {
                let act = match calls {
                    now if now == at => Some(first),
                    now if now == at + apart => Some(then),
                    _ => None,
                };
                if let Some(act) = act {
                    act(&mut acts.borrow_mut());
                    counts.set(counts.get() + 1);
                }
                calls += 1;
                None
            });
            look(&state);
            simulated::all_calls_work();
            any |= acted.get() == 2;
            if acted.get() == 0 {
                break;
            }
        }
        if !any {
            assert!(apart > 3, "{apart} calls apart");
            return;
        }
    }
}

/// A folder that is made, and goes, in no time.
fn folder() -> Folder {
    let temporary =
        tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap());
    let logs = temporary.path().join("logs");
    Folder {
        _temporary: temporary,
        logs,
    }
}

/// A log, and who writes it.
struct Written {
    folder: Folder,
    writer: Option<Writer>,
}

impl Written {
    /// With entries 1 to 300 in small segments.
    fn some() -> Written {
        let folder = folder();
        let mut writer = folder.writer();
        append_lines(&mut writer, 1, 300);
        Written {
            folder,
            writer: Some(writer),
        }
    }

    fn remove_segments(&self) {
        for number in self.folder.segments() {
            std::fs::remove_file(self.folder.segment(number)).unwrap();
        }
    }

    /// A disk without room takes all segments.
    fn give_all_up(&mut self) {
        full_disk();
        let writer = self.writer.as_mut().unwrap();
        let next = writer.last_sequence(Log::Exec) + 1;
        append_lines(writer, next, next + 19);
        simulated::all_calls_work();
        assert!(self.folder.segments().is_empty());
    }
}

fn take(stream: &mut Stream, entries: u32) -> Vec<Read> {
    let limits = BatchLimits {
        entries: entries as usize,
        ..BatchLimits::default()
    };
    match stream.next(limits).unwrap() {
        Next::Batch(batch) => {
            let items = batch.items.iter();
            let all = items.map(|item| read(item, &batch.gaps, batch.data(item)));
            all.collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn a_snapshot_that_a_new_writer_got_into_is_told_what_went_of_that_one_too() {
    let prepare = || {
        let mut log = Written::some();
        log.writer.take().unwrap().end();
        log
    };
    let next_writer = |log: &mut Written| {
        let mut writer = log.folder.writer();
        append_lines(&mut writer, 301, 900);
        log.writer = Some(writer);
    };
    let got_in = Rc::new(Cell::new(0));
    let seen = Rc::clone(&got_in);
    before_each_call(prepare, next_writer, move |log| {
        let logs = log.borrow().folder.logs.clone();
        let mut snapshot = open(&logs, &report()).unwrap();
        simulated::all_calls_work();
        let mut log = log.borrow_mut();
        if log.writer.is_none() {
            return next_writer(&mut log);
        }
        let mut all = Vec::new();
        while account(&all) <= 300 {
            let more = take(&mut snapshot, 1);
            if more.is_empty() {
                // It began with what the one before had left.
                assert_eq!(account(&all), 300);
                return;
            }
            all.extend(more);
        }
        log.give_all_up();
        all.extend(drain_stream(&mut snapshot).unwrap().0);
        assert_eq!(account(&all), 900);
        seen.set(seen.get() + 1);
    });
    assert!(got_in.get() > 0);
}

#[test]
fn a_snapshot_is_told_what_follows_its_cursor_where_all_went_before_it_was_opened() {
    for is_killed in [false, true] {
        let mut log = Written::some();
        let mut stream = open(&log.folder.logs, &report()).unwrap();
        let begun = take(&mut stream, 100);
        let cursor = stream.position().encode();
        log.give_all_up();
        if is_killed {
            log.writer = None;
        }
        let (rest, reason) = drain(&log.folder.logs, &after(&cursor)).unwrap();
        assert_eq!(account(&[begun, rest].concat()), 300);
        assert_eq!(reason, EndReason::Drained);
    }
}

#[test]
fn a_snapshot_is_told_what_follows_its_cursor_where_all_goes_as_it_is_opened() {
    let remove = |log: &mut Written| log.remove_segments();
    before_each_call(Written::some, remove, |log| {
        let logs = log.borrow().folder.logs.clone();
        let cursor = simulated::unwatched(|| {
            let mut stream = open(&logs, &report()).unwrap();
            assert_eq!(take(&mut stream, 100), lines(1, 100));
            stream.position().encode()
        });
        let before_newest = simulated::unwatched(|| {
            let newest = *log.borrow().folder.segments().last().unwrap();
            let text = std::fs::read_to_string(log.borrow().folder.segment(newest)).unwrap();
            let (_, first) = text.split_once("\"first\":").unwrap();
            let digits = first.split(|c: char| !c.is_ascii_digit()).next().unwrap();
            digits.parse::<u64>().unwrap() - 1
        });
        let (rest, _) = drain(&logs, &after(&cursor)).unwrap();
        let last = account(&[lines(1, 100), rest].concat());
        assert!(last >= before_newest, "{last} of {before_newest}");
    });
}

#[test]
fn who_comes_after_until_is_told_what_went_or_was_not_kept() {
    let until = |cursor: &str| StreamOptions {
        follow: true,
        until: Some(1),
        ..after(cursor)
    };
    let mut log = Written::some();
    let mut stream = open(&log.folder.logs, &report()).unwrap();
    let begun = take(&mut stream, 100);
    let cursor = stream.position().encode();
    log.give_all_up();
    let last = |told: &[Read]| account(&[begun.clone(), told.to_vec()].concat());
    let (told, reason) = drain(&log.folder.logs, &until(&cursor)).unwrap();
    assert_eq!((last(&told), reason), (300, EndReason::Until));
    log.writer.take().unwrap().end();
    let (told, reason) = drain(&log.folder.logs, &until(&cursor)).unwrap();
    assert_eq!((last(&told), reason), (320, EndReason::Until));
}

fn only_the_mark_is_written() {
    simulated::on_calls(|call| {
        matches!(call, Call::Write | Call::Create).then_some(Fault::Error(Errno::IO))
    });
}

/// Reads all that comes until the stream waits, or has ended: then why.
fn read_on(stream: &mut Stream) -> (Vec<Read>, Option<EndReason>) {
    let mut all = Vec::new();
    loop {
        match stream.next(BatchLimits::default()).unwrap() {
            Next::Batch(batch) => {
                let items = batch.items.iter();
                all.extend(items.map(|item| read(item, &batch.gaps, batch.data(item))));
            }
            Next::Pending => return (all, None),
            Next::End(end) => return (all, Some(end.reason)),
        }
    }
}

fn add_and_end((log, _): &mut (Written, Option<Stream>)) {
    let mut writer = log.writer.take().unwrap();
    append_lines(&mut writer, 11, 15);
    writer.end();
}

#[test]
fn who_comes_after_until_calls_nothing_lost_that_a_writer_adds_as_it_ends() {
    let prepare = || {
        let (start, second) = (1_777_629_600_000_000_000, 1_000_000_000);
        simulated::set_now(start);
        let folder = folder();
        let mut writer = folder.writer();
        append_lines(&mut writer, 1, 10);
        let options = StreamOptions {
            until: Some(start + second),
            ..follow()
        };
        let mut stream = open(&folder.logs, &options).unwrap();
        assert_eq!(take(&mut stream, 100), lines(1, 10));
        simulated::set_now(start + 2 * second);
        let writer = Some(writer);
        (Written { folder, writer }, Some(stream))
    };
    before_each_call(prepare, add_and_end, |log| {
        let mut stream = log.borrow_mut().1.take().unwrap();
        assert_eq!(read_on(&mut stream), (Vec::new(), Some(EndReason::Until)));
    });
}

#[test]
fn a_writer_that_goes_on_and_on_does_not_keep_who_comes_after_until() {
    let (start, second) = (1_777_629_600_000_000_000, 1_000_000_000);
    simulated::set_now(start);
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 10);
    let options = StreamOptions {
        until: Some(start + second),
        sources: SourceSet::ALL,
        ..follow()
    };
    let mut stream = open(&folder.logs, &options).unwrap();
    assert_eq!(take(&mut stream, 100), lines(1, 10));
    simulated::set_now(start + 2 * second);
    append_lines(&mut writer, 11, 11);
    let mut rounds = 0;
    simulated::on_calls(move |call| {
        if call == Call::List {
            let next = writer.last_sequence(Log::Exec) + 1;
            append_lines(&mut writer, next, next + 200);
            rounds += 1;
            assert!(rounds < 100, "it reads on and on");
        }
        None
    });
    assert_eq!(read_on(&mut stream), (Vec::new(), Some(EndReason::Until)));
}

#[test]
fn what_a_writer_adds_that_comes_and_goes_as_a_follower_ends_is_read() {
    let prepare = || {
        let folder = folder();
        let mut writer = folder.writer();
        append_lines(&mut writer, 1, 10);
        let mut stream = open(&folder.logs, &follow()).unwrap();
        assert_eq!(drain_now(&mut stream), lines(1, 10));
        let writer = None;
        (Written { folder, writer }, Some(stream))
    };
    let come: fn(&mut (Written, Option<Stream>)) = |(log, _)| {
        log.writer = Some(log.folder.writer());
    };
    before_each_two_calls(prepare, [come, add_and_end], |log| {
        let mut stream = log.borrow_mut().1.take().unwrap();
        let (read, reason) = read_on(&mut stream);
        match reason {
            None => assert!(log.borrow().0.writer.is_some() && read.is_empty()),
            Some(EndReason::Crashed) => assert_eq!(read, []),
            Some(reason) => assert_eq!((read, reason), (lines(11, 15), EndReason::Stopped)),
        }
    });
}

/// Entries up to 10 are there, 11 to 20 were not kept.
fn not_kept() -> Written {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 10);
    only_the_mark_is_written();
    append_lines(&mut writer, 11, 20);
    simulated::all_calls_work();
    Written {
        folder,
        writer: Some(writer),
    }
}

/// A writer that is about to make its first segment, until it is let go on.
struct Beginning {
    go_on: Sender<()>,
    writer: JoinHandle<Writer>,
}

impl Beginning {
    fn of(folder: &Folder) -> Beginning {
        let logs = folder.logs.clone();
        let (go_on, goes_on) = channel();
        let (comes_to, came_to) = channel();
        let writer = std::thread::spawn(move || {
            let mut goes_on = Some(goes_on);
            simulated::on_calls(move |call| {
                if call == Call::Create
                    && let Some(goes_on) = goes_on.take()
                {
                    comes_to.send(()).unwrap();
                    goes_on.recv().unwrap();
                }
                None
            });
            Writer::create(&logs, &small_segments()).unwrap()
        });
        came_to.recv().unwrap();
        Beginning { go_on, writer }
    }

    fn go_on(self) -> Writer {
        self.go_on.send(()).unwrap();
        self.writer.join().unwrap()
    }
}

#[test]
fn a_follower_is_told_what_was_not_kept_though_a_new_writer_begins_as_it_ends() {
    let prepare = || {
        let mut log = not_kept();
        let writer = log.writer.take().unwrap();
        only_the_mark_is_written();
        writer.end();
        simulated::all_calls_work();
        (log.folder, None)
    };
    let begin: fn(&mut (Folder, Option<Beginning>)) = |(folder, next)| {
        *next = Some(Beginning::of(folder));
    };
    before_each_call(prepare, begin, |log| {
        let logs = log.borrow().0.logs.clone();
        let mut follower = open(&logs, &follow()).unwrap();
        let (mut all, ends) = read_on(&mut follower);
        let next = log.borrow_mut().1.take();
        if ends.is_some() {
            drop(next.map(Beginning::go_on));
            assert_eq!(account(&all), 20);
            return;
        }
        simulated::all_calls_work();
        let mut writer = next.unwrap().go_on();
        append_lines(&mut writer, 21, 22);
        all.extend(drain_now(&mut follower));
        assert_eq!(account(&all), 22);
    });
}

#[test]
fn who_reads_on_to_a_number_is_told_though_what_states_it_goes_as_it_asks() {
    let prepare = || {
        let mut log = not_kept();
        let mut follower = open(&log.folder.logs, &follow()).unwrap();
        assert_eq!(drain_now(&mut follower), lines(1, 10));
        let writer = log.writer.as_mut().unwrap();
        wait_for_room(writer);
        append_lines(writer, 21, 200);
        (log, Some(follower))
    };
    let remove: fn(&mut (Written, Option<Stream>)) = |(log, _)| log.remove_segments();
    before_each_call(prepare, remove, |log| {
        let mut follower = log.borrow_mut().1.take().unwrap();
        let mut all = lines(1, 10);
        while follower.report_missing(Log::Exec, 20).unwrap() {
            all.extend(simulated::unwatched(|| drain_now(&mut follower)));
        }
        let last = account(&all);
        assert!(last >= 20, "{last}");
    });
}
