//! Readers that fall behind retention: delivered and lost add up, exactly and
//! in order, however slow each of them is.

mod reading;

use reading::{Read, account, append_lines, collect, drain, folder, follow, open, report};
use silt_log::{
    BatchLimits, Compress, EndReason, Error, Next, Source, StreamOptions, Writer, WriterOptions,
};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier};

fn tiny(compress: Compress) -> WriterOptions {
    WriterOptions {
        max_bytes: 8 << 10,
        segment_bytes: Some(1024),
        compress,
        ..WriterOptions::default()
    }
}

fn race(compress: Compress, total: u64) {
    const FOLLOWERS: u64 = 12;
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &tiny(compress)).unwrap();
    let written = Arc::new(AtomicU64::new(0));
    let opened = Arc::new(Barrier::new(FOLLOWERS as usize + 1));
    let followers: Vec<_> = (0..FOLLOWERS)
        .map(|slowness| {
            let (logs, written, opened) = (
                folder.logs.clone(),
                Arc::clone(&written),
                Arc::clone(&opened),
            );
            std::thread::spawn(move || {
                let mut stream = open(&logs, &follow()).unwrap();
                opened.wait();
                let mut all = Vec::new();
                let limits = BatchLimits {
                    entries: 1 + slowness as usize * 5,
                    bytes: 1 << 20,
                };
                loop {
                    match stream.next(limits).unwrap() {
                        Next::Batch(batch) => {
                            collect(&batch, &mut all);
                            // Falls behind by a number of entries, not of seconds.
                            let until = written.load(Ordering::Acquire) + slowness * 20;
                            reading::wait_until(|| {
                                written.load(Ordering::Acquire) >= until.min(total)
                            });
                        }
                        Next::Pending => {
                            stream.wait(None);
                        }
                        Next::End(end) => {
                            assert_eq!(end.reason, EndReason::Stopped);
                            return all;
                        }
                    }
                }
            })
        })
        .collect();
    opened.wait();
    for n in (1..=total).step_by(5) {
        append_lines(&mut writer, n, n + 4);
        written.store(n + 4, Ordering::Release);
    }
    writer.end();
    let mut all_lost = 0;
    for follower in followers {
        let read = follower.join().unwrap();
        let (last, lost) = account(&read, 0);
        assert_eq!(last, total);
        all_lost += lost;
    }
    assert!(all_lost > 0, "nobody fell behind: the test proves nothing");
}

#[test]
fn slow_followers_account_for_every_number() {
    race(Compress::None, 3000);
}

#[test]
fn slow_followers_of_compressed_segments_account_for_every_number() {
    race(Compress::Zstd, 3000);
}

#[test]
fn opening_while_everything_is_evicted_never_fails_and_never_comes_up_empty() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &tiny(Compress::None)).unwrap();
    append_lines(&mut writer, 1, 200);
    let done = Arc::new(AtomicU64::new(0));
    let reader = std::thread::spawn({
        let (logs, done) = (folder.logs.clone(), Arc::clone(&done));
        move || {
            let mut rounds = 0;
            while done.load(Ordering::Acquire) == 0 || rounds < 50 {
                for tail in [None, Some(3)] {
                    let options = StreamOptions { tail, ..report() };
                    let (read, _) = drain(&logs, &options).unwrap();
                    let Some(Read::Entry(first, _) | Read::Gap(first, ..)) = read.first() else {
                        panic!("tail {tail:?} is empty")
                    };
                    account(&read, first - 1);
                }
                rounds += 1;
            }
        }
    });
    for n in (201..=5000).step_by(5) {
        append_lines(&mut writer, n, n + 4);
    }
    done.store(1, Ordering::Release);
    reader.join().unwrap();
}

#[test]
fn a_reader_that_ends_at_gaps_goes_on_from_each_resume_cursor() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &tiny(Compress::None)).unwrap();
    append_lines(&mut writer, 1, 1);
    let mut all = Vec::new();
    let mut options = StreamOptions::default();
    let mut written = 1;
    while written < 5000 {
        let mut stream = open(&folder.logs, &options).unwrap();
        append_lines(&mut writer, written + 1, written + 70);
        written += 70;
        let cursor = loop {
            match stream.next(BatchLimits::default()) {
                Ok(Next::Batch(batch)) => collect(&batch, &mut all),
                Ok(Next::Pending) => unreachable!(),
                Ok(Next::End(end)) => break end.position.encode(),
                Err(Error::MissedRotation {
                    gaps,
                    resume_cursor,
                }) => {
                    for gap in gaps {
                        all.push(Read::Gap(gap.from, gap.to, gap.lost, gap.reason));
                    }
                    break resume_cursor;
                }
                Err(error) => panic!("{error}"),
            }
        };
        options.from_cursor = Some(cursor);
    }
    options.on_gap = silt_log::OnGap::Report;
    all.extend(drain(&folder.logs, &options).unwrap().0);
    assert_eq!(account(&all, 0).0, written);
}

#[test]
fn every_cursor_ever_given_accounts_for_all_that_follows() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &tiny(Compress::None)).unwrap();
    let mut cursors = Vec::new();
    for n in 1..=400 {
        writer.append(1, Source::Stdout, format!("line {n}\n").as_bytes());
        cursors.push((n, writer.position_cursor()));
    }
    for (n, cursor) in cursors {
        let (read, _) = drain(&folder.logs, &reading::after(&cursor)).unwrap();
        assert_eq!(account(&read, n).0, 400, "after {n}");
        assert!(read.iter().filter(|r| matches!(r, Read::Gap(..))).count() <= 1);
    }
}
