//! Times, for who begins or ends at one.

use super::*;

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

#[test]
fn a_newest_time_that_was_hit_ends_no_follower_before_its_time() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 10);
    hit_year(&folder.segment(1), 10, "2226");
    let soon = StreamOptions {
        until: Some(crate::sys::now_ns() + 300_000_000),
        ..follow()
    };
    let mut follower = open(&folder.logs, &soon).unwrap();
    let first = drain_now(&mut follower);
    append_lines(&mut writer, 11, 15);
    let (rest, reason) = drain_stream(&mut follower).unwrap();
    assert_eq!([first, rest].concat(), lines(1, 15));
    assert_eq!(reason, EndReason::Until);
}

/// What its writer wrote after it says that it was no later.
#[test]
fn a_last_time_that_was_hit_hides_nothing_of_what_another_writer_adds() {
    for killed in [false, true] {
        let folder = folder();
        let mut writer = folder.writer();
        append_lines(&mut writer, 1, 10);
        if killed {
            writer.end_session(1, &exit());
            drop(writer);
        } else {
            writer.end();
        }
        hit_year(&folder.segment(1), 10, "2226");
        let mut writer = folder.writer();
        append_lines(&mut writer, 11, 15);
        let now = StreamOptions {
            until: Some(crate::sys::now_ns()),
            ..report()
        };
        let (read, reason) = drain(&folder.logs, &now).unwrap();
        assert_eq!(read, lines(1, 15), "killed: {killed}");
        assert_eq!(reason, EndReason::Drained);
    }
}
