//! Numbers of entries that others follow.

use super::*;

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
