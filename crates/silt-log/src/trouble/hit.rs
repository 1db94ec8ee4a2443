//! Numbers that rot has changed into others that could stand there.

use super::*;

/// What a header says: `first` or `limit`.
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

/// Nor what a later writer gives.
#[test]
fn a_number_that_only_a_later_segment_can_give_hides_none_of_its_entries() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 200);
    let path = folder.segment(1);
    let text = std::fs::read_to_string(&path).unwrap();
    let limit = text.split("\"limit\":").nth(1).unwrap().split(',').next();
    let number: u64 = limit.unwrap().parse().unwrap();
    assert!((50..200).contains(&number), "{number}");
    let hit = text.replacen("\"n\":2,", &format!("\"n\":{number},"), 1);
    std::fs::write(&path, hit).unwrap();
    let gap = vec![Read::Gap(2, 2, Some(1), GapReason::Damage)];
    let expected = [lines(1, 1), gap.clone(), lines(3, 200)].concat();
    assert_eq!(drain(&folder.logs, &report()).unwrap().0, expected);
    // Wherever reading begins.
    for count in [190, 198, 199] {
        let tail = StreamOptions {
            tail: Some(count),
            ..report()
        };
        let (read, _) = drain(&folder.logs, &tail).unwrap();
        assert!(read.ends_with(&lines(3, 200)[198 - count.min(198) as usize..]));
        assert!(read.len() as u64 <= count + 1, "{count}");
    }
}

#[test]
fn a_header_that_begins_too_low_gives_a_tail_no_more_than_was_asked_for() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 200);
    let newest = *folder.segments().last().unwrap();
    let path = folder.segment(newest);
    let text = std::fs::read_to_string(&path).unwrap();
    let first = text.split("\"first\":").nth(1).unwrap().split(',').next();
    let first = format!("\"first\":{}", first.unwrap());
    std::fs::write(&path, text.replacen(&first, "\"first\":1", 1)).unwrap();
    assert_tails(&folder, &report(), &[1, 20, 100], 200);
}

/// Nor where reading begins by a time.
#[test]
fn a_number_that_was_hit_hides_nothing_from_who_reads_since_then() {
    let folder = folder();
    let mut writer = folder.writer();
    let mut since = Vec::new();
    for n in 1..=20 {
        since.push(crate::sys::now_ns());
        append_lines(&mut writer, n, n);
    }
    let path = folder.segment(1);
    let text = std::fs::read_to_string(&path).unwrap();
    for hit in [19, 2] {
        let hit = text.replacen("\"n\":10,", &format!("\"n\":{hit},"), 1);
        std::fs::write(&path, hit).unwrap();
        let options = StreamOptions {
            since: Some(since[10]),
            ..report()
        };
        let (read, _) = drain(&folder.logs, &options).unwrap();
        assert!(read.ends_with(&lines(11, 20)), "{read:?}");
    }
}

#[test]
fn a_header_that_begins_too_low_tells_who_reads_since_then_of_no_gap() {
    let (folder, last) = two_segments(4096);
    let first = of_header(
        &std::fs::read_to_string(folder.segment(2)).unwrap(),
        "first",
    );
    let options = StreamOptions {
        since: Some(time_of(&folder, first - 5)),
        ..report()
    };
    replace(
        &folder.segment(2),
        &format!("\"first\":{first},"),
        "\"first\":3,",
    );
    let (read, _) = drain(&folder.logs, &options).unwrap();
    assert_eq!(read, lines(first - 5, last));
}

#[test]
fn a_header_that_begins_too_low_hides_nothing_after_a_line_that_can_not_be_read() {
    let (folder, last) = two_segments(4096);
    let first = of_header(
        &std::fs::read_to_string(folder.segment(2)).unwrap(),
        "first",
    );
    let low = first - 3;
    replace(
        &folder.segment(2),
        &format!("\"first\":{first},"),
        &format!("\"first\":{low},"),
    );
    replace(&folder.segment(1), "\"line 5\\n\"", "\"line 5\\n");
    let gap = vec![Read::Gap(5, 5, Some(1), GapReason::Damage)];
    let expected = [lines(1, 4), gap, lines(6, last)].concat();
    assert_eq!(drain(&folder.logs, &report()).unwrap().0, expected);
    assert_tails(&folder, &report(), &[last - first + 3, last - 6], last);
}

/// Those are read in blocks, of which only the first has something before it.
#[test]
fn a_number_that_was_hit_where_a_block_begins_hides_nothing_from_a_tail() {
    let (folder, last) = two_segments(64 << 10);
    let path = folder.segment(1);
    let text = std::fs::read_to_string(&path).unwrap();
    let first = of_header(
        &std::fs::read_to_string(folder.segment(2)).unwrap(),
        "first",
    );
    let (limit, size) = (of_header(&text, "limit"), text.len() as u64);
    let number = first_number_from(&path, size - (16 << 10));
    assert!(
        number < first - 50 && limit > last,
        "{number} {first} {limit}"
    );
    hit(&path, number, limit);
    assert_tails(
        &folder,
        &report(),
        &[last - first + 21, last - number],
        last,
    );
}

/// The search for a time looks into the middle of a long segment first.
#[test]
fn a_number_that_was_hit_where_a_search_looks_hides_nothing_from_who_reads_since_then() {
    let (folder, last) = two_segments(256 << 10);
    let path = folder.segment(1);
    let text = std::fs::read_to_string(&path).unwrap();
    let header = text.find('\n').unwrap() as u64 + 1;
    let middle = header + (text.len() as u64 - header) / 2;
    let number = first_number_from(&path, middle);
    let options = StreamOptions {
        since: Some(time_of(&folder, number + 1)),
        ..report()
    };
    hit(&path, number, number + 50);
    assert_eq!(first_number_from(&path, middle), number + 50);
    let (read, _) = drain(&folder.logs, &options).unwrap();
    assert_eq!(read, lines(number + 1, last));
}

#[test]
fn a_newest_number_that_no_segment_can_give_hides_nothing_from_who_reads_since_then() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 10);
    let path = folder.segment(1);
    let limit = of_header(&std::fs::read_to_string(&path).unwrap(), "limit");
    let options = StreamOptions {
        since: Some(crate::sys::now_ns()),
        ..follow()
    };
    hit(&path, 10, limit + 500);
    let mut follower = open(&folder.logs, &options).unwrap();
    append_lines(&mut writer, 11, 300);
    let gap = vec![Read::Gap(10, 10, Some(1), GapReason::Damage)];
    assert_eq!(drain_now(&mut follower), [gap, lines(11, 300)].concat());
}

/// Of long lines it sees few at once.
#[test]
fn a_number_that_was_hit_among_long_lines_hides_nothing_from_who_reads_since_then() {
    for byte in [b'\0', b'"'] {
        let folder = folder();
        let options = WriterOptions {
            segment_bytes: Some(2 << 20),
            ..WriterOptions::default()
        };
        let mut writer = Writer::create(&folder.logs, &options).unwrap();
        let mut last = 0;
        while folder.segments().len() < 2 {
            writer.append(
                1,
                Source::Stdout,
                &[[byte; 16_000].as_slice(), b"\n"].concat(),
            );
            writer.flush();
            last += 1;
        }
        writer.end();
        let text = std::fs::read_to_string(folder.segment(1)).unwrap();
        for number in 2..last - 1 {
            let options = StreamOptions {
                since: Some(time_of(&folder, number + 1)),
                ..report()
            };
            hit(&folder.segment(1), number, number + 50);
            let (read, _) = drain(&folder.logs, &options).unwrap();
            let numbers: Vec<u64> = read
                .iter()
                .filter_map(|read| match read {
                    Read::Entry(number, _) => Some(*number),
                    Read::Gap(..) => None,
                })
                .collect();
            assert!(
                numbers.ends_with(&(number + 1..=last).collect::<Vec<_>>()),
                "{number}: {numbers:?}"
            );
            std::fs::write(folder.segment(1), &text).unwrap();
        }
    }
}

#[test]
fn a_header_that_begins_too_low_gives_a_tail_after_a_cursor_no_more_than_was_asked_for() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 77);
    let cursor = end_cursor(&folder.logs);
    append_lines(&mut writer, 78, 200);
    writer.end();
    for segment in folder.segments() {
        let path = folder.segment(segment);
        let text = std::fs::read_to_string(&path).unwrap();
        let first = of_header(&text, "first");
        if first > 77 {
            replace(&path, &format!("\"first\":{first},"), "\"first\":72,");
            assert_tails(&folder, &after(&cursor), &[1, 59, 110], 200);
            std::fs::write(&path, &text).unwrap();
        }
    }
}
