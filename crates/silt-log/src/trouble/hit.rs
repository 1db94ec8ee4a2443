//! Numbers that rot has changed into others that could stand there.

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
    folder.take_checksum_off(newest);
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
    folder.take_checksum_off(2);
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
    folder.take_checksum_off(2);
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
            folder.take_checksum_off(segment);
            replace(&path, &format!("\"first\":{first},"), "\"first\":72,");
            assert_tails(&folder, &after(&cursor), &[1, 59, 110], 200);
            std::fs::write(&path, &text).unwrap();
        }
    }
}

#[test]
fn a_time_that_was_hit_in_a_header_hides_nothing_from_who_reads_since_then() {
    let (folder, last) = two_segments(4096);
    let text = std::fs::read_to_string(folder.segment(2)).unwrap();
    let first = of_header(&text, "first");
    let greatest = of_header(&text, "greatest");
    let since = StreamOptions {
        since: Some(time_of(&folder, first - 5)),
        ..report()
    };
    let until = StreamOptions {
        tail: Some(3),
        until: since.since,
        ..report()
    };
    // Some days earlier.
    let hit = greatest - 1_000_000_000_000_000;
    replace(
        &folder.segment(2),
        &format!("\"greatest\":{greatest},"),
        &format!("\"greatest\":{hit},"),
    );
    assert_eq!(
        drain(&folder.logs, &since).unwrap().0,
        lines(first - 5, last)
    );
    assert_eq!(
        drain(&folder.logs, &until).unwrap().0,
        lines(first - 8, first - 6)
    );
}

#[test]
fn a_beginning_that_was_hit_in_a_header_hides_nothing_from_who_begins_there() {
    let (folder, last) = two_segments(4096);
    replace(&folder.segment(1), "\"first\":1,", "\"first\":9,");
    assert_eq!(drain(&folder.logs, &report()).unwrap().0, lines(1, last));
    assert_tails(&folder, &report(), &[last, last - 2], last);
    let since = StreamOptions {
        since: Some(time_of(&folder, 3)),
        ..report()
    };
    assert_eq!(drain(&folder.logs, &since).unwrap().0, lines(3, last));
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

/// The next line speaks against it.
#[test]
fn a_number_that_was_hit_upwards_costs_no_more_than_its_line() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 20);
    hit(&folder.segment(1), 10, 15);
    let gap = vec![Read::Gap(10, 10, Some(1), GapReason::Damage)];
    let expected = [lines(1, 9), gap, lines(11, 20)].concat();
    assert_eq!(drain(&folder.logs, &report()).unwrap().0, expected);
    assert_tails(&folder, &report(), &[0, 1, 5, 10], 20);
    drop(writer);
    append_lines(&mut folder.writer(), 21, 30);
    let expected = [expected, lines(21, 30)].concat();
    assert_eq!(drain(&folder.logs, &report()).unwrap().0, expected);
}

/// While its writer goes on, nothing says yet whether it was hit: wherever a reader
/// begins, and wherever one goes on that stood there.
#[test]
fn a_newest_number_that_was_hit_hides_nothing_of_what_comes() {
    let now = || StreamOptions {
        since: Some(crate::sys::now_ns()),
        ..follow()
    };
    let tail = |count| StreamOptions {
        tail: Some(count),
        ..follow()
    };
    for (newest, to) in [(10, 50), (10, 5), (1, 50)] {
        for (options, before) in [
            (follow(), newest - 1),
            (now(), 0),
            (tail(0), 0),
            (tail(1), 1),
        ] {
            let folder = folder();
            let mut writer = folder.writer();
            append_lines(&mut writer, 1, newest);
            hit(&folder.segment(1), newest, to);
            let options = match options.since {
                Some(_) => now(),
                None => options,
            };
            let mut follower = open(&folder.logs, &options).unwrap();
            let first = drain_now(&mut follower);
            let before = before.min(newest - 1);
            assert_eq!(first, lines(newest - before, newest - 1));
            let cursor = follower.position().encode();
            let mut resumed = open(
                &folder.logs,
                &StreamOptions {
                    follow: true,
                    ..after(&cursor)
                },
            )
            .unwrap();
            assert_eq!(drain_now(&mut resumed), []);
            append_lines(&mut writer, newest + 1, 60);
            let gap = vec![Read::Gap(newest, newest, Some(1), GapReason::Damage)];
            let expected = [gap, lines(newest + 1, 60)].concat();
            assert_eq!(drain_now(&mut follower), expected);
            assert_eq!(drain_now(&mut resumed), expected);
        }
    }
}

/// Nobody goes on there that could say more.
#[test]
fn a_newest_number_that_was_hit_is_told_once_its_writer_is_gone() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 10);
    hit(&folder.segment(1), 10, 50);
    let mut follower = open(&folder.logs, &follow()).unwrap();
    assert_eq!(drain_now(&mut follower), lines(1, 9));
    drop(writer);
    let gap = Read::Gap(10, 49, Some(40), GapReason::Damage);
    let expected = [gap, Read::Entry(50, "line 10\n".to_owned())];
    assert_eq!(drain_stream(&mut follower).unwrap().0, expected);
    append_lines(&mut folder.writer(), 51, 60);
    let expected = [&lines(1, 9)[..], &expected, &lines(51, 60)].concat();
    assert_eq!(drain(&folder.logs, &report()).unwrap().0, expected);
}

#[test]
fn a_cursor_of_an_entry_whose_number_was_hit_is_good() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 10);
    let cursor = end_cursor(&folder.logs);
    for to in [5, 50, 900_000] {
        let text = std::fs::read_to_string(folder.segment(1)).unwrap();
        hit(&folder.segment(1), 10, to);
        let resume = StreamOptions {
            follow: true,
            ..after(&cursor)
        };
        let mut resumed = open(&folder.logs, &resume).unwrap();
        assert_eq!(drain_now(&mut resumed), []);
        std::fs::write(folder.segment(1), text).unwrap();
    }
}

/// Such lines fill what a search looks at before the place that it found.
#[test]
fn since_now_of_a_sound_log_of_long_lines_tells_of_no_gap() {
    for (byte, length) in [
        (b'\x01', 8000),
        (b'"', 16_000),
        (b'\x01', 16_000),
        (b'x', 200),
    ] {
        let folder = folder();
        let options = WriterOptions {
            segment_bytes: Some(4 << 20),
            ..WriterOptions::default()
        };
        let mut writer = Writer::create(&folder.logs, &options).unwrap();
        let line = [vec![byte; length], b"\n".to_vec()].concat();
        for count in 1..=12 {
            writer.append(1, Source::Stdout, &line);
            writer.flush();
            let since = StreamOptions {
                since: Some(crate::sys::now_ns()),
                ..follow()
            };
            let mut follower = open(&folder.logs, &since).unwrap();
            assert_eq!(drain_now(&mut follower), []);
            writer.append(1, Source::Stdout, b"next\n");
            writer.flush();
            let next = Read::Entry(2 * count, "next\n".to_owned());
            assert_eq!(drain_now(&mut follower), [next]);
        }
    }
}

/// Of the entries around it no more than its own can be left out.
#[test]
fn a_time_that_was_hit_hides_no_other_entry_from_who_reads_since_or_until_then() {
    let other = |hit: u64, read: Vec<Read>| -> Vec<Read> {
        let line = format!("line {hit}\n");
        let is_other = |read: &Read| !matches!(read, Read::Entry(_, text) if *text == line);
        read.into_iter().filter(is_other).collect()
    };
    for segment_bytes in [4096, 256 << 10] {
        let (folder, last) = two_segments(segment_bytes);
        let path = folder.segment(1);
        let text = std::fs::read_to_string(&path).unwrap();
        let end = of_header(
            &std::fs::read_to_string(folder.segment(2)).unwrap(),
            "first",
        ) - 1;
        let header = text.find('\n').unwrap() as u64 + 1;
        let middle = header + (text.len() as u64 - header) / 2;
        let probe = first_number_from(&path, middle);
        for number in [probe, probe + 1, probe + 2, 9, 2, end - 2, end - 1, end] {
            for near in [
                number.saturating_sub(9).max(1),
                number - 1,
                number + 1,
                number + 2,
                number + 9,
                last,
            ] {
                let near = near.min(last);
                let time = Some(time_of(&folder, near));
                for year in ["2025", "2226"] {
                    hit_year(&path, number, year);
                    let read = |since, until, tail| {
                        let options = StreamOptions {
                            since,
                            until,
                            tail,
                            ..report()
                        };
                        other(number, drain(&folder.logs, &options).unwrap().0)
                    };
                    let context = format!("{year} in {number}, {near}");
                    assert_eq!(
                        read(time, None, None),
                        other(number, lines(near, last)),
                        "{context}"
                    );
                    let before = other(number, lines(1, near - 1));
                    let mut until = read(None, time, None);
                    // Where two times contradict each other nobody knows which was hit.
                    until.retain(|read| !matches!(read, Read::Entry(n, _) if *n == near && number == near + 1));
                    assert_eq!(until, before, "{context}");
                    let tail = read(None, time, Some(4));
                    let least = before.len().min(3);
                    assert!(
                        tail.ends_with(&before[before.len() - least..]) || number == near + 1,
                        "{context}: {tail:?}"
                    );
                }
                std::fs::write(&path, &text).unwrap();
            }
        }
    }
}

#[test]
fn a_time_that_was_hit_in_one_log_leaves_nothing_of_another_out_of_a_tail() {
    for hit in 1..=10 {
        for year in ["2025", "2226"] {
            let folder = folder();
            let mut writer = folder.writer();
            for n in 1..=10 {
                writer.event(crate::Log::Runtime, &format!("event {n}"));
            }
            append_lines(&mut writer, 1, 10);
            writer.end();
            hit_year(&folder.logs.join("runtime.log.000001"), hit, year);
            let tail = StreamOptions {
                tail: Some(5),
                sources: crate::SourceSet::ALL,
                ..report()
            };
            let (read, _) = drain(&folder.logs, &tail).unwrap();
            let last = match (hit, year) {
                // Of those left it stands behind all others.
                (9 | 10, "2226") => 3,
                _ => 5,
            };
            let exec: Vec<Read> = read
                .into_iter()
                .filter(|read| matches!(read, Read::Entry(_, text) if text.starts_with("line")))
                .collect();
            assert!(exec.len() >= last, "{hit} {year}: {exec:?}");
            assert!(lines(1, 10).ends_with(&exec));
        }
    }
}
