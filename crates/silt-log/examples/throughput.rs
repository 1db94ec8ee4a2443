//! Entries a second through the writer and through a stream, on this machine:
//! `cargo run --release -p silt-log --example throughput`.

use silt_log::{BatchLimits, LogDirectory, Next, Source, StreamOptions, Writer, WriterOptions};
use std::path::Path;
use std::time::{Duration, Instant};

fn main() {
    let folder = std::env::args()
        .nth(1)
        .map_or_else(std::env::temp_dir, Into::into)
        .join(format!("silt-throughput-{}", std::process::id()));
    std::fs::create_dir(&folder).expect("a folder to write in");
    let short = write(&folder.join("short"), b"hello world\n", 20_000_000);
    report("append, 12 bytes a line", 20_000_000, short);
    let mut line = vec![b'x'; 99];
    line.push(b'\n');
    let long = write(&folder.join("long"), &line, 500_000);
    report("append, 100 bytes a line", 500_000, long);
    for _ in 0..3 {
        let (count, time) = drain(&folder.join("long"), &StreamOptions::default());
        report("drain, 100 bytes a line", count, time);
    }
    let tail = StreamOptions {
        tail: Some(10),
        ..StreamOptions::default()
    };
    let (count, time) = drain(&folder.join("long"), &tail);
    println!("tail of {count}: {time:?}");
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
}

/// Appends as a supervisor does: reads of 64 KiB, flushed after each.
fn write(logs: &Path, line: &[u8], count: usize) -> Duration {
    let mut writer = Writer::create(logs, &WriterOptions::default()).expect("a new log");
    let block = line.repeat((64 << 10) / line.len());
    let lines = block.len() / line.len();
    let start = Instant::now();
    let mut written = 0;
    while written < count {
        let now = lines.min(count - written);
        writer.append(1, Source::Stdout, &block[..now * line.len()]);
        writer.flush();
        written += now;
    }
    let time = start.elapsed();
    writer.end();
    time
}

fn drain(logs: &Path, options: &StreamOptions) -> (usize, Duration) {
    let start = Instant::now();
    let mut stream = LogDirectory::open(logs)
        .and_then(|logs| logs.stream(options))
        .expect("a log");
    let mut count = 0;
    while let Next::Batch(batch) = stream.next(BatchLimits::default()).expect("a whole log") {
        count += batch.items.len();
    }
    (count, start.elapsed())
}

fn report(what: &str, count: usize, time: Duration) {
    let rate = count as f64 / time.as_secs_f64() / 1e6;
    println!("{what}: {rate:.2} million entries/s ({count} in {time:?})");
}
