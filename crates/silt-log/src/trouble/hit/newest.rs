//! The newest number there is, while nothing follows it.

use super::*;

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
    for to in ["5", "11", "50", "900000", "00", "x"] {
        let text = std::fs::read_to_string(folder.segment(1)).unwrap();
        replace(&folder.segment(1), "\"n\":10,", &format!("\"n\":{to},"));
        let resume = StreamOptions {
            follow: true,
            ..after(&cursor)
        };
        let mut resumed = open(&folder.logs, &resume).unwrap();
        assert_eq!(drain_now(&mut resumed), []);
        std::fs::write(folder.segment(1), text).unwrap();
    }
}

/// Whatever its hint is worth.
#[test]
fn who_goes_on_beside_a_number_that_was_hit_misses_nothing_else() {
    let folder = folder();
    let mut writer = folder.writer();
    let mut cursors = Vec::new();
    for n in 1..=20 {
        append_lines(&mut writer, n, n);
        cursors.push(end_cursor(&folder.logs));
    }
    let text = std::fs::read_to_string(folder.segment(1)).unwrap();
    // Moves all lines after the header, so that no hint holds.
    for moved in [
        text.clone(),
        text.replacen("\"line 1\\n\"", "\"longer line 1\\n\"", 1),
    ] {
        for number in 2..=19 {
            for to in [number + 1, number + 30, number - 1, 1] {
                std::fs::write(folder.segment(1), &moved).unwrap();
                hit(&folder.segment(1), number, to);
                for (last, cursor) in (1..).zip(&cursors) {
                    let (read, _) = drain(&folder.logs, &after(cursor)).unwrap();
                    let expected: Vec<Read> = (last + 1..=20)
                        .flat_map(|n| match n == number {
                            true => vec![Read::Gap(n, n, Some(1), GapReason::Damage)],
                            false => lines(n, n),
                        })
                        .collect();
                    assert_eq!(read, expected, "{number} to {to}, after {last}");
                }
            }
        }
    }
}

/// At the end of a reading there is nothing more to wait for.
#[test]
fn a_newest_number_that_was_hit_is_told_of_where_reading_ends() {
    for to in [11, 50] {
        let folder = folder();
        let mut writer = folder.writer();
        append_lines(&mut writer, 1, 10);
        hit(&folder.segment(1), 10, to);
        let gap = vec![Read::Gap(10, 10, Some(1), GapReason::Damage)];
        let expected = [lines(1, 9), gap.clone()].concat();
        let mut stream = open(&folder.logs, &report()).unwrap();
        assert_eq!(drain_stream(&mut stream).unwrap().0, expected);
        let soon = StreamOptions {
            until: Some(crate::sys::now_ns() + 100_000_000),
            ..follow()
        };
        assert_eq!(drain(&folder.logs, &soon).unwrap().0, expected);
        // Who reads on to a number.
        let mut follower = open(&folder.logs, &follow()).unwrap();
        assert_eq!(drain_now(&mut follower), lines(1, 9));
        assert!(follower.report_missing(crate::Log::Exec, 10).unwrap());
        assert_eq!(drain_now(&mut follower), gap);
        append_lines(&mut writer, 11, 20);
        for told in [&stream, &follower] {
            let resume = after(&told.position().encode());
            assert_eq!(drain(&folder.logs, &resume).unwrap().0, lines(11, 20));
        }
        assert_eq!(drain_now(&mut follower), lines(11, 20));
    }
}
