//! Rotation, eviction, compression, the end and a recovery against each way of
//! reading, cut into each other at every call to the kernel.

use super::alone::{alone, is_proof};
use super::scenario::{limits, options};
use super::schedule::{Turns, Who, first_plan};
use super::witness::{Event, Witness, line};
use super::{Read, after, drain, follow, open, read, report};
use crate::sys::simulated;
use crate::{Compress, Error, LogDirectory, Next, Source, Stream, StreamOptions, Writer};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writing {
    /// One line a write, over one rotation.
    Rotate,
    /// Two rotations in one write.
    RotateTwice,
    /// The oldest segments go.
    Evict,
    Compress,
    /// The writer leaves without an end, and the next one comes.
    Recover,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    /// It had read all that there was before.
    Follow,
    /// It opens while the writer writes.
    FollowFromTheBeginning,
    Resume,
    Tail,
    Snapshot,
}

const WRITINGS: [Writing; 5] = [
    Writing::Rotate,
    Writing::RotateTwice,
    Writing::Evict,
    Writing::Compress,
    Writing::Recover,
];

const READINGS: [Reading; 5] = [
    Reading::Follow,
    Reading::FollowFromTheBeginning,
    Reading::Resume,
    Reading::Tail,
    Reading::Snapshot,
];

/// What both threads know.
struct Shared<'a> {
    logs: &'a Path,
    flushed: AtomicU64,
    turns: Arc<Turns>,
}

/// Lines there are before the two meet.
fn lines_before(writing: Writing) -> u64 {
    match writing {
        Writing::Evict => 9,
        _ => 2,
    }
}

fn append(writer: &mut Writer, from: u64, to: u64) {
    for id in from..=to {
        writer.append(1, Source::Stdout, line(id).as_bytes());
    }
    writer.flush();
}

impl Shared<'_> {
    fn write(&self, writing: Writing, mut writer: Writer) {
        let mut last = lines_before(writing);
        let mut more = |writer: &mut Writer, count: u64| {
            append(writer, last + 1, last + count);
            last += count;
            self.flushed.store(last, Ordering::SeqCst);
        };
        match writing {
            Writing::Rotate | Writing::Compress => {
                for _ in 0..4 {
                    more(&mut writer, 1);
                }
            }
            Writing::RotateTwice => more(&mut writer, 9),
            Writing::Evict => more(&mut writer, 6),
            Writing::Recover => {
                more(&mut writer, 1);
                drop(writer);
                writer = Writer::create(self.logs, &options(Compress::None)).unwrap();
                more(&mut writer, 1);
            }
        }
        writer.end();
    }

    /// Reads to the end of what its kind promises.
    fn read(&self, reading: Reading, cursor: &str, last: u64, follower: Option<Stream>) -> Witness {
        let mut witness = Witness::default();
        let begin = match reading {
            Reading::Follow | Reading::Resume => Some(last),
            _ => None,
        };
        let number = witness.begin(begin);
        let bound = self.flushed.load(Ordering::SeqCst);
        let options = match reading {
            Reading::Follow | Reading::FollowFromTheBeginning => follow(),
            Reading::Resume => after(cursor),
            Reading::Snapshot => report(),
            Reading::Tail => StreamOptions {
                tail: Some(3),
                ..follow()
            },
        };
        let mut stream = match follower {
            Some(stream) => stream,
            None => open(self.logs, &options).unwrap(),
        };
        loop {
            match stream.next(limits()).unwrap() {
                Next::Batch(batch) => {
                    for item in &batch.items {
                        match read(item, &batch.gaps, batch.data(item)) {
                            Read::Entry(n, text) => witness.entry(number, n, &text),
                            Read::Gap(from, to, ..) => {
                                self.check_gone(from, to);
                                witness.add(Event::Gap(number, from, to));
                            }
                        }
                    }
                }
                Next::Pending if self.turns.is_done(Who::Writer) => {
                    panic!("waits though there is no writer")
                }
                Next::Pending => self.turns.wait(Who::Reader),
                // Right where one writer has gone and the next has not come.
                Next::End(end) if options.follow && !self.turns.is_done(Who::Writer) => {
                    let options = StreamOptions {
                        from_cursor: Some(end.position.encode()),
                        ..follow()
                    };
                    stream = open(self.logs, &options).unwrap();
                    self.turns.wait(Who::Reader);
                }
                Next::End(_) => break,
            }
        }
        let all = self.flushed.load(Ordering::SeqCst);
        let bound = if options.follow { all } else { bound };
        witness.add(Event::End(number, bound));
        witness
    }

    /// What is called lost is gone now.
    fn check_gone(&self, from: u64, to: u64) {
        let held = simulated::unwatched(|| drain(self.logs, &report()))
            .unwrap()
            .0;
        for item in held {
            if let Read::Entry(n, _) = item {
                assert!(!(from..=to).contains(&n), "called lost, and held: {n}");
            }
        }
    }
}

/// Runs one schedule; the next one.
fn run(writing: Writing, reading: Reading, plan: &Vec<usize>) -> Option<Vec<usize>> {
    let temporary =
        tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap());
    let logs = temporary.path().join("logs");
    let compress = match writing {
        Writing::Compress => Compress::Zstd,
        _ => Compress::None,
    };
    simulated::stay_single_threaded(true);
    let mut writer = Writer::create(&logs, &options(compress)).unwrap();
    let before = lines_before(writing);
    append(&mut writer, 1, before);
    let mut follower = open(&logs, &follow()).unwrap();
    let mut last = 0;
    // Not the newest entry: what comes is more than what it has not read.
    while last + 1 < before {
        let Next::Batch(batch) = follower
            .next(crate::BatchLimits {
                entries: 1,
                bytes: 1,
            })
            .unwrap()
        else {
            break;
        };
        last = batch.items.last().map_or(last, |item| item.sequence);
    }
    let cursor = follower.position().encode();
    let follower = (reading == Reading::Follow).then_some(follower);

    let shared = Shared {
        logs: &logs,
        flushed: AtomicU64::new(before),
        turns: Turns::new(plan),
    };
    let read = std::thread::scope(|scope| {
        let writes = scope.spawn(|| {
            shared
                .turns
                .run(Who::Writer, || shared.write(writing, writer));
        });
        let reads = scope.spawn(|| {
            shared.turns.run(Who::Reader, || {
                shared.read(reading, &cursor, last, follower)
            })
        });
        let read = reads.join();
        writes.join().unwrap();
        read.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    });
    let (all, _) = drain(&logs, &report()).unwrap();
    let flushed = shared.flushed.load(Ordering::SeqCst);
    let mut witness = Witness::default();
    for id in 1..=flushed {
        witness.add(Event::Append(id));
    }
    witness.add(Event::Flushed(flushed));
    witness.take_in(read);
    witness.check(&all, false);
    let found: Result<_, Error> = LogDirectory::open(&logs).unwrap().verify(&mut |_| ());
    let found = found.unwrap();
    assert!(found.whole, "{:?}", found.damage);
    shared.turns.next_plan()
}

/// Runs all schedules of up to so many cuts; how many there are.
fn all_schedules(writing: Writing, reading: Reading, cuts: usize) -> usize {
    let mut plan = Some(first_plan(cuts));
    let mut count = 0;
    while let Some(now) = plan {
        count += 1;
        let ran = std::panic::catch_unwind(|| run(writing, reading, &now));
        plan = ran.unwrap_or_else(|_| panic!("{writing:?} and {reading:?}, turns of {now:?}"));
    }
    count
}

#[test]
fn every_interleaving_of_one_cut() {
    alone(
        "trouble::interleavings::every_interleaving_of_one_cut",
        || {
            table(1, &WRITINGS, &READINGS);
        },
    );
}

#[test]
fn every_interleaving_of_a_follower_and_two_rotations() {
    let name = "trouble::interleavings::every_interleaving_of_a_follower_and_two_rotations";
    alone(name, || {
        table(2, &[Writing::RotateTwice], &[Reading::Follow]);
    });
}

#[test]
fn every_interleaving_of_a_follower_and_a_writer_that_comes_as_it_ends() {
    let name = "trouble::interleavings::every_interleaving_of_a_follower_and_a_writer_that_comes_as_it_ends";
    alone(name, || {
        table(2, &[Writing::Recover], &[Reading::Follow]);
    });
}

#[test]
fn every_interleaving_of_two_cuts() {
    if is_proof() {
        let name = "trouble::interleavings::every_interleaving_of_two_cuts";
        alone(name, || table(2, &WRITINGS, &READINGS));
    }
}

#[test]
fn every_interleaving_of_three_cuts_with_a_follower() {
    if is_proof() {
        let name = "trouble::interleavings::every_interleaving_of_three_cuts_with_a_follower";
        alone(name, || {
            table(3, &[Writing::RotateTwice], &[Reading::Follow])
        });
    }
}

fn table(cuts: usize, writings: &[Writing], readings: &[Reading]) {
    let mut total = 0;
    for writing in writings {
        for reading in readings {
            let count = all_schedules(*writing, *reading, cuts);
            let pair = format!("{writing:?} against {reading:?}");
            println!("{pair:<40}{count:>8} schedules of up to {cuts} cuts");
            total += count;
        }
    }
    println!("{total} schedules, all run, the promise held in each");
}
