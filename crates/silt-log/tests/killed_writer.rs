//! A writer process is killed, again and again, while it writes at full speed
//! and is followed: nothing that it had flushed is lost, nothing that a reader
//! was given changes, and numbers stay contiguous.

mod reading;

use reading::{Read, after, drain, folder, open, report, wait_until};
use silt_log::{BatchLimits, Next, Source, Writer, WriterOptions};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const FOLDER: &str = "SILT_TEST_WRITER_FOLDER";
const TRUTH: &str = "SILT_TEST_WRITER_TRUTH";
const RUN: &str = "SILT_TEST_WRITER_RUN";

/// The process that is killed: the first test, run again with a folder given.
fn write_if_asked_to() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let run = std::env::var(RUN).unwrap();
    let mut truth = OpenOptions::new()
        .append(true)
        .create(true)
        .open(std::env::var(TRUTH).unwrap())
        .unwrap();
    let options = WriterOptions {
        segment_bytes: Some(64 << 10),
        ..WriterOptions::default()
    };
    let mut writer = Writer::create(Path::new(&folder), &options).unwrap();
    let mut count = 0u64;
    loop {
        let mut text = String::new();
        for _ in 0..1 + count % 97 {
            count += 1;
            text += &format!("run {run} line {count}\n");
        }
        // Lines are cut at the ends of reads like anywhere else.
        let (first, rest) = text.as_bytes().split_at(text.len() / 3);
        writer.append(1, Source::Stdout, first);
        writer.append(1, Source::Stdout, rest);
        writer.flush();
        // What was flushed survives a kill.
        truth.write_all(format!("{count}\n").as_bytes()).unwrap();
    }
}

fn start(folder: &Path, truth: &Path, run: u32) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", FIRST_TEST])
        .env(FOLDER, folder)
        .env(TRUTH, truth)
        .env(RUN, run.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

/// The last whole line of what the killed process wrote about itself.
fn flushed(truth: &Path) -> u64 {
    let text = fs::read_to_string(truth).unwrap();
    let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
    whole.lines().last().map_or(0, |line| line.parse().unwrap())
}

const FIRST_TEST: &str = "kills_at_random_moments_lose_repeat_and_change_nothing";

#[test]
fn kills_at_random_moments_lose_repeat_and_change_nothing() {
    write_if_asked_to();
    const RUNS: u32 = 20;
    let folder = folder();
    let logs = folder.logs.clone();
    let done = Arc::new(AtomicBool::new(false));
    let mut child = start(&logs, &folder.beside("truth-1"), 1);
    wait_until(|| logs.exists());

    let follower = std::thread::spawn({
        let (logs, done) = (logs.clone(), Arc::clone(&done));
        move || {
            let mut all = Vec::new();
            let mut options = report();
            options.follow = true;
            loop {
                let last_time = done.load(Ordering::Acquire);
                let mut stream = open(&logs, &options).unwrap();
                loop {
                    match stream.next(BatchLimits::default()).unwrap() {
                        Next::Batch(batch) => reading::collect(&batch, &mut all),
                        Next::Pending => {
                            stream.wait(None);
                        }
                        Next::End(_) => break,
                    }
                }
                options.from_cursor = Some(stream.position().encode());
                if last_time {
                    return all;
                }
            }
        }
    });

    let mut seed = std::process::id();
    for run in 1..=RUNS {
        let truth = folder.beside(&format!("truth-{run}"));
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let moment = u64::from(seed >> 16) % 4096 + 1;
        wait_until(|| size(&truth) >= moment);
        child.kill().unwrap();
        child.wait().unwrap();
        if run < RUNS {
            child = start(
                &logs,
                &folder.beside(&format!("truth-{}", run + 1)),
                run + 1,
            );
        }
    }
    done.store(true, Ordering::Release);
    let followed = follower.join().unwrap();

    let (read, _) = drain(&logs, &report()).unwrap();
    assert_eq!(followed.len(), read.len());
    assert!(followed == read, "what was followed is what is there");
    let mut counts = vec![0u64; RUNS as usize + 1];
    for (index, item) in read.iter().enumerate() {
        let Read::Entry(n, text) = item else {
            panic!("{item:?}")
        };
        assert_eq!(*n, index as u64 + 1);
        // The last line of a run may be cut where it was killed, at its own end.
        let mut words = text.trim_end().split(' ');
        let mut number = |word| {
            assert_eq!(words.next(), Some(word), "{text}");
            words.next().unwrap().parse::<u64>().unwrap()
        };
        let run = number("run") as usize;
        counts[run] += 1;
        assert_eq!(number("line"), counts[run]);
    }
    for run in 1..=RUNS {
        let flushed = flushed(&folder.beside(&format!("truth-{run}")));
        assert!(flushed > 0 && counts[run as usize] >= flushed, "run {run}");
    }
    let report = silt_log::LogDirectory::open(&logs)
        .unwrap()
        .verify(&mut |_| {})
        .unwrap();
    assert!(report.whole, "{report:?}");
    // The next writer goes on.
    let mut writer = Writer::create(&logs, &WriterOptions::default()).unwrap();
    assert_eq!(writer.last_sequence(silt_log::Log::Exec), read.len() as u64);
    let cursor = writer.position_cursor();
    writer.append(1, Source::Stdout, b"on\n");
    writer.flush();
    assert_eq!(
        drain(&logs, &after(&cursor)).unwrap().0,
        [Read::Entry(read.len() as u64 + 1, "on\n".into())]
    );
}
