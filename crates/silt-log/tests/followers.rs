//! Many followers at once, and what they leave behind.

mod reading;

use reading::{account, append_lines, collect, drain_now, folder, follow, lines, open, wait_until};
use silt_log::{BatchLimits, EndReason, Next, StreamOptions, Writer, WriterOptions};
use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

/// Descriptors and threads are counted by process: one test at a time.
static ALONE: Mutex<()> = Mutex::new(());

fn count(what: &str) -> usize {
    std::fs::read_dir(format!("/proc/self/{what}"))
        .unwrap()
        .count()
}

fn followers_named() -> usize {
    std::fs::read_dir("/proc/self/task")
        .unwrap()
        .filter(|task| {
            let name = task.as_ref().unwrap().path().join("comm");
            std::fs::read_to_string(name).is_ok_and(|name| name.trim() == "silt-follow")
        })
        .count()
}

fn options() -> WriterOptions {
    WriterOptions {
        segment_bytes: Some(16 << 10),
        ..WriterOptions::default()
    }
}

#[test]
fn three_hundred_followers_each_get_everything_from_one_thread_that_wakes_them() {
    let _alone = ALONE.lock().unwrap_or_else(|error| error.into_inner());
    const FOLLOWERS: usize = 300;
    const LINES: u64 = 1500;
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &options()).unwrap();
    append_lines(&mut writer, 1, 1);
    let (files, threads) = (count("fd"), count("task"));
    let (sender, woken) = mpsc::channel();
    let mut streams: Vec<_> = (0..FOLLOWERS)
        .map(|index| {
            let mut stream = open(&folder.logs, &follow()).unwrap();
            let sender = sender.clone();
            stream.set_waker(Box::new(move || {
                let _ = sender.send(index);
            }));
            (stream, Vec::new())
        })
        .collect();
    let mut read = |index: usize| {
        let (stream, all) = &mut streams[index];
        loop {
            match stream.next(BatchLimits::default()).unwrap() {
                Next::Batch(batch) => collect(&batch, all),
                Next::Pending => return false,
                Next::End(end) => {
                    assert_eq!(end.reason, EndReason::Stopped);
                    return true;
                }
            }
        }
    };
    for index in 0..FOLLOWERS {
        assert!(!read(index));
    }
    assert_eq!(followers_named(), 1);
    assert!(count("task") <= threads + 1);
    let writer = std::thread::spawn(move || {
        for n in (2..=LINES).step_by(10) {
            append_lines(&mut writer, n, (n + 9).min(LINES));
        }
        writer.end();
    });
    // One may be woken again after its end.
    let mut ended = HashSet::new();
    while ended.len() < FOLLOWERS {
        let index = woken.recv().unwrap();
        if read(index) {
            ended.insert(index);
        }
    }
    writer.join().unwrap();
    for (_, all) in &streams {
        assert_eq!(account(all, 0), (LINES, 0));
    }
    drop(streams);
    wait_until(|| count("fd") <= files && followers_named() == 0);
}

#[test]
fn a_stream_dropped_at_any_moment_leaves_nothing_open() {
    let _alone = ALONE.lock().unwrap_or_else(|error| error.into_inner());
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &options()).unwrap();
    append_lines(&mut writer, 1, 1000);
    let files = count("fd");
    for steps in 0..8 {
        let mut stream = open(&folder.logs, &follow()).unwrap();
        let limits = BatchLimits {
            entries: 200,
            bytes: 1 << 20,
        };
        for _ in 0..steps {
            let _ = stream.next(limits).unwrap();
        }
        if steps % 2 == 0 {
            stream.close(EndReason::Closed);
        }
    }
    wait_until(|| count("fd") <= files && followers_named() == 0);
}

#[test]
fn a_follower_that_does_not_read_costs_no_time() {
    let _alone = ALONE.lock().unwrap_or_else(|error| error.into_inner());
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &options()).unwrap();
    append_lines(&mut writer, 1, 1);
    let options = StreamOptions {
        until: Some(now_ns() + 1_000_000),
        ..follow()
    };
    // Has a deadline, and is then not asked any more.
    let mut idle = open(&folder.logs, &options).unwrap();
    assert_eq!(drain_now(&mut idle), lines(1, 1));
    append_lines(&mut writer, 2, 2);
    let _ = idle.next(BatchLimits::default()).unwrap();
    // Another one keeps the thread at work for more than a second.
    let mut other = open(&folder.logs, &follow()).unwrap();
    drain_now(&mut other);
    let before = cpu_time();
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(1200) {
        other.wait(Some(Duration::from_millis(1200)));
        drain_now(&mut other);
    }
    let used = cpu_time() - before;
    assert!(
        used < Duration::from_millis(200),
        "{used:?} of processor time"
    );
}

fn now_ns() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_nanos() as i64
}

/// Of the thread that wakes followers.
fn cpu_time() -> Duration {
    for task in std::fs::read_dir("/proc/self/task").unwrap() {
        let path = task.unwrap().path();
        let name = std::fs::read_to_string(path.join("comm")).unwrap_or_default();
        if name.trim() == "silt-follow" {
            let text = std::fs::read_to_string(path.join("schedstat")).unwrap();
            let nanos = text.split(' ').next().unwrap().parse().unwrap();
            return Duration::from_nanos(nanos);
        }
    }
    Duration::ZERO
}

#[test]
fn more_events_than_the_queue_holds_still_wake() {
    let _alone = ALONE.lock().unwrap_or_else(|error| error.into_inner());
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &options()).unwrap();
    append_lines(&mut writer, 1, 1);
    let mut stream = open(&folder.logs, &follow()).unwrap();
    let blocked = Arc::new(Mutex::new(()));
    let wakes = Arc::new(AtomicU64::new(0));
    stream.set_waker({
        let (blocked, wakes) = (Arc::clone(&blocked), Arc::clone(&wakes));
        Box::new(move || {
            wakes.fetch_add(1, Ordering::SeqCst);
            drop(blocked.lock());
        })
    });
    assert_eq!(drain_now(&mut stream), lines(1, 1));
    // The thread that reads the events is held up until the queue has overflowed.
    let held = blocked.lock().unwrap();
    append_lines(&mut writer, 2, 2);
    wait_until(|| wakes.load(Ordering::SeqCst) == 1);
    let limit: u64 = std::fs::read_to_string("/proc/sys/fs/inotify/max_queued_events")
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    for n in 0..limit + 100 {
        let name = folder.logs.join(format!("noise-{}", n % 2));
        std::fs::write(&name, "").unwrap();
        if n % 2 == 1 {
            std::fs::remove_file(&name).unwrap();
        }
    }
    assert_eq!(drain_now(&mut stream), lines(2, 2));
    append_lines(&mut writer, 3, 3);
    drop(held);
    wait_until(|| wakes.load(Ordering::SeqCst) >= 2);
    assert_eq!(drain_now(&mut stream), lines(3, 3));
}
