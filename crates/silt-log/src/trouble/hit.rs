//! Numbers and times that rot has changed into others that could stand there.

mod header;
mod newest;
mod number;
mod time;

use super::*;

/// What a header says: `first`, `limit` or `greatest`.
fn of_header(text: &str, name: &str) -> u64 {
    let value = text.split(&format!("\"{name}\":")).nth(1).unwrap();
    value.split(',').next().unwrap().parse().unwrap()
}

fn replace(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from}");
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
}

fn hit(path: &Path, number: u64, to: u64) {
    replace(path, &format!("\"n\":{number},"), &format!("\"n\":{to},"));
}

/// A log of two segments of this size, with a few lines in the second; the number
/// of lines.
fn two_segments(segment_bytes: u64) -> (Folder, u64) {
    let folder = folder();
    let options = WriterOptions {
        segment_bytes: Some(segment_bytes),
        ..WriterOptions::default()
    };
    let mut writer = Writer::create(&folder.logs, &options).unwrap();
    let mut last = 0;
    while folder.segments().len() < 2 {
        append_lines(&mut writer, last + 1, last + 10);
        last += 10;
    }
    writer.end();
    (folder, last)
}

/// The time of an entry of the first segment.
fn time_of(folder: &Folder, number: u64) -> i64 {
    let mut stream = open(&folder.logs, &report()).unwrap();
    loop {
        let Next::Batch(batch) = stream.next(BatchLimits::default()).unwrap() else {
            panic!("{number} is not there")
        };
        let found = batch.items.iter().find(|item| item.sequence == number);
        if let Some(item) = found {
            return item.time_ns;
        }
    }
}

/// Of these sizes, up to the newest entry.
fn assert_tails(folder: &Folder, from: &StreamOptions, counts: &[u64], last: u64) {
    for &count in counts {
        let tail = StreamOptions {
            tail: Some(count),
            ..from.clone()
        };
        let (read, _) = drain(&folder.logs, &tail).unwrap();
        assert_eq!(read, lines(last + 1 - count, last));
    }
}

/// The number of the first whole line from an offset on.
fn first_number_from(path: &Path, offset: u64) -> u64 {
    let text = std::fs::read_to_string(path).unwrap();
    let rest = &text[offset as usize..];
    let line = &rest[rest.find('\n').unwrap() + 1..];
    line.split("\"n\":")
        .nth(1)
        .unwrap()
        .split(',')
        .next()
        .unwrap()
        .parse()
        .unwrap()
}

/// The year in the line of an entry.
fn hit_year(path: &Path, number: u64, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    let place = text.find(&format!("\"n\":{number},")).unwrap();
    let line = text[..place].rfind('\n').unwrap() + 1;
    let year = line + "{\"t\":\"".len();
    let text = [&text[..year], to, &text[year + 4..]].concat();
    std::fs::write(path, text).unwrap();
}
