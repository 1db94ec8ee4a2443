//! A file system that really fills up.

mod reading;

use reading::{Read, account, after, drain, follow, open, report, wait_until};
use silt_faults::on_small_disk;
use silt_log::{Exit, GapReason, LogDirectory, Source, Writer, WriterOptions};
use std::fs;
use std::path::{Path, PathBuf};

struct Small(PathBuf);

impl Small {
    fn logs(&self) -> PathBuf {
        self.0.join("logs")
    }

    /// Leaves no room for anything else.
    fn fill(&self) {
        use std::io::Write;
        let mut file = fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(self.0.join("filler"))
            .unwrap();
        for size in [64 << 10, 4096, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
    }

    fn empty(&self) {
        let _ = fs::remove_file(self.0.join("filler"));
    }
}

/// Until nothing that was written waits to be kept.
fn wait_for_room(writer: &mut Writer) {
    wait_until(|| {
        writer.flush();
        writer.deadline().is_none()
    });
}

fn append(writer: &mut Writer, next: &mut u64, count: u64) {
    for _ in 0..count {
        writer.append(1, Source::Stdout, format!("line {next}\n").as_bytes());
        *next += 1;
        if next.is_multiple_of(50) {
            writer.flush();
        }
    }
    writer.flush();
}

fn segments(logs: &Path) -> Vec<PathBuf> {
    fs::read_dir(logs)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_str().unwrap().contains("exec.log."))
        .collect()
}

fn exits(logs: &Path) -> usize {
    segments(logs)
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(path).unwrap();
            text.matches("{\"s\":\"exit\"").count()
        })
        .sum()
}

#[test]
fn capture_goes_on_and_what_could_not_be_kept_is_a_gap() {
    let name = "capture_goes_on_and_what_could_not_be_kept_is_a_gap";
    on_small_disk(name, 4 << 20, |disk| goes_on(Small(disk)));
}

fn goes_on(small: Small) {
    let options = WriterOptions {
        max_bytes: 256 << 20,
        segment_bytes: Some(256 << 10),
        ..WriterOptions::default()
    };
    let mut writer = Writer::create(&small.logs(), &options).unwrap();
    let mut next = 1;
    append(&mut writer, &mut next, 100);
    let mut follower = open(&small.logs(), &follow()).unwrap();
    let mut followed = reading::drain_now(&mut follower);

    // More than there is room for: the oldest goes, nothing is refused.
    append(&mut writer, &mut next, 100_000);
    let (read, _) = drain(&small.logs(), &report()).unwrap();
    let Some(Read::Entry(first, _)) = read.first() else {
        panic!("{:?}", read.first())
    };
    assert!(*first > 1);
    assert_eq!(account(&read, first - 1).0, next - 1, "newest entries win");
    followed.extend(reading::drain_now(&mut follower));
    assert_eq!(account(&followed, 0).0, next - 1);

    // Others take all the room there is, and the log has none to give up.
    for round in 0..5 {
        let mut held = Vec::new();
        for _ in 0..20 {
            // Open files keep their room when they are removed.
            held.extend(segments(&small.logs()).into_iter().map(fs::File::open));
            small.fill();
            append(&mut writer, &mut next, 500);
        }
        drop(held);
        let cursor = writer.position_cursor();
        assert_eq!(drain(&small.logs(), &after(&cursor)).unwrap().0, []);
        writer.end_session(
            round,
            &Exit {
                code: Some(0),
                signal: None,
                started_ns: 0,
                ended_ns: 1,
                timed_out: false,
            },
        );
        small.empty();
        wait_for_room(&mut writer);
        append(&mut writer, &mut next, 10);
        let (read, _) = drain(&small.logs(), &after(&cursor)).unwrap();
        let Some(Read::Entry(n, _) | Read::Gap(n, ..)) = read.first() else {
            panic!("{read:?}")
        };
        account(&read, n - 1);
        assert!(exits(&small.logs()) > 0, "the exit record survives");
        followed.extend(reading::drain_now(&mut follower));
        assert_eq!(account(&followed, 0).0, next - 1, "round {round}");
    }
    assert!(
        followed
            .iter()
            .any(|read| matches!(read, Read::Gap(.., GapReason::DiskFull))),
        "the disk was never full: the test proves nothing"
    );
    writer.end();
    followed.extend(reading::drain_stream(&mut follower).unwrap().0);
    assert_eq!(account(&followed, 0).0, next - 1);
    let found = LogDirectory::open(small.logs())
        .unwrap()
        .verify(&mut |_| {})
        .unwrap();
    assert!(found.whole, "{found:?}");
}

#[test]
fn a_writer_killed_on_a_full_disk_is_followed_by_one_that_gives_new_numbers() {
    let name = "a_writer_killed_on_a_full_disk_is_followed_by_one_that_gives_new_numbers";
    on_small_disk(name, 4 << 20, |disk| gives_new_numbers(Small(disk)));
}

fn gives_new_numbers(small: Small) {
    let options = WriterOptions {
        segment_bytes: Some(256 << 10),
        ..WriterOptions::default()
    };
    let mut writer = Writer::create(&small.logs(), &options).unwrap();
    let mut next = 1;
    append(&mut writer, &mut next, 3000);
    small.fill();
    let mut held = Vec::new();
    for _ in 0..20 {
        held.extend(segments(&small.logs()).into_iter().map(fs::File::open));
        small.fill();
        append(&mut writer, &mut next, 500);
    }
    drop(writer);
    drop(held);
    small.empty();
    let mut writer = Writer::create(&small.logs(), &options).unwrap();
    let last = writer.last_sequence(silt_log::Log::Exec);
    assert!(last >= next - 1, "{last} was given before, up to {next}");
    writer.append(1, Source::Stdout, b"on\n");
    writer.flush();
    let (read, _) = drain(&small.logs(), &report()).unwrap();
    assert_eq!(read.last(), Some(&Read::Entry(last + 1, "on\n".into())));
}
