//! The end of a log was cut off, spoiled or removed: its numbers are not given
//! again, or who read them is told.

use super::*;
use crate::{CursorReason, Damage, DamageKind, Log};
use std::fs;

/// The newest segment as somebody left it whose log stopped in order.
fn spoiled(folder: &Folder, spoil: impl Fn(&str) -> Vec<u8>) -> String {
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 20);
    writer.end();
    let cursor = end_cursor(&folder.logs);
    let path = folder.segment(1);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, spoil(&text)).unwrap();
    cursor
}

/// Where an entry's line begins.
fn start_of(text: &str, number: u64) -> usize {
    let data = text.find(&format!("\"line {number}\\n\"")).unwrap();
    text[..data].rfind('\n').unwrap() + 1
}

fn goes_on(folder: &Folder, cursor: &str, missing: (u64, u64)) {
    let (from, to) = missing;
    let gap = Read::Gap(from, to, Some(to + 1 - from), GapReason::Damage);
    let was = [lines(1, from - 1), vec![gap.clone()], lines(to + 1, 20)].concat();
    for options in [report(), follow()] {
        assert_eq!(drain(&folder.logs, &options).unwrap().0, was, "{options:?}");
    }
    let error = drain(&folder.logs, &StreamOptions::default()).unwrap_err();
    assert!(matches!(error, Error::MissedRotation { .. }), "{error:?}");
    assert_eq!(drain(&folder.logs, &after(cursor)).unwrap().0, []);

    let mut writer = folder.writer();
    append_lines(&mut writer, 21, 25);
    writer.end();
    assert_eq!(
        drain(&folder.logs, &after(cursor)).unwrap().0,
        lines(21, 25)
    );
    let all = [was, lines(21, 25)].concat();
    assert_eq!(drain(&folder.logs, &report()).unwrap().0, all);
}

#[test]
fn the_numbers_of_an_end_that_was_cut_off_are_not_given_again() {
    let folder = folder();
    let cursor = spoiled(&folder, |text| {
        text.as_bytes()[..start_of(text, 15)].to_vec()
    });
    goes_on(&folder, &cursor, (15, 20));
}

#[test]
fn the_number_of_a_last_entry_that_can_not_be_read_is_not_given_again() {
    let folder = folder();
    let cursor = spoiled(&folder, |text| {
        let mut bytes = text.as_bytes().to_vec();
        bytes[start_of(text, 20)] = 0;
        bytes
    });
    goes_on(&folder, &cursor, (20, 20));
}

/// What somebody makes of a segment's text.
type Spoil = fn(&str) -> Vec<u8>;

/// In the line of that entry.
fn hit(text: &str, number: u64, from: &str, to: &str) -> Vec<u8> {
    let (before, line) = text.split_at(start_of(text, number));
    assert!(line.contains(from), "{line}");
    format!("{before}{}", line.replacen(from, to, 1)).into_bytes()
}

/// The newest segment as somebody left it whose writer was killed.
fn spoiled_after_a_kill(folder: &Folder, spoil: impl Fn(&str) -> Vec<u8>) -> String {
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 20);
    drop(writer);
    let cursor = end_cursor(&folder.logs);
    let path = folder.segment(1);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, spoil(&text)).unwrap();
    cursor
}

#[test]
fn no_number_of_last_entries_that_can_not_be_read_is_given_again_after_a_kill() {
    let spoils: [(Spoil, u64); 4] = [
        (|text| hit(text, 20, "{", "\0"), 20),
        (
            |text| {
                let text = &text[..start_of(text, 19)];
                hit(text, 18, "\"n\":18", "\"n\":\0\0")
            },
            18,
        ),
        // What no reader takes.
        (|text| hit(text, 20, "\"n\":20", "\"n\":20000000"), 20),
        (|text| hit(text, 20, "\"n\":20", "\"n\":10"), 20),
    ];
    for (spoil, hit) in spoils {
        let folder = folder();
        let cursor = spoiled_after_a_kill(&folder, spoil);
        let mut writer = folder.writer();
        let last = writer.last_sequence(Log::Exec);
        assert!(last >= 20, "{last}");
        append_lines(&mut writer, last + 1, last + 5);
        let new = lines(last + 1, last + 5);
        let gap = |from| vec![Read::Gap(from, last, None, GapReason::Damage)];
        let (read, _) = drain(&folder.logs, &after(&cursor)).unwrap();
        assert_eq!(read, [gap(21), new.clone()].concat());
        let (read, _) = drain(&folder.logs, &report()).unwrap();
        assert_eq!(read, [lines(1, hit - 1), gap(hit), new].concat());
    }
}

#[test]
fn a_cursor_of_entries_that_were_cut_off_after_a_kill_is_refused() {
    let cut: Spoil = |text| text.as_bytes()[..start_of(text, 15)].to_vec();
    let joined: Spoil = |text| text.trim_end().as_bytes().to_vec();
    for (spoil, kept) in [(cut, 14), (joined, 19)] {
        let folder = folder();
        let cursor = spoiled_after_a_kill(&folder, spoil);
        let mut writer = folder.writer();
        append_lines(&mut writer, kept + 1, kept + 1);
        let new = end_cursor(&folder.logs);
        for until in [kept + 2, 20, 100] {
            let next = writer.last_sequence(Log::Exec) + 1;
            append_lines(&mut writer, next, until);
            let refused = open(&folder.logs, &after(&cursor)).err();
            let Some(Error::InvalidCursor { reason, .. }) = refused else {
                panic!("{refused:?} at {until}");
            };
            assert_eq!(reason, CursorReason::OtherLog);
        }
        let (read, _) = drain(&folder.logs, &after(&new)).unwrap();
        assert_eq!(read, lines(kept + 2, 100));
        // Also once retention has taken the segment that it was cut off from.
        fs::remove_file(folder.segment(1)).unwrap();
        assert!(open(&folder.logs, &after(&cursor)).is_err());
    }
}

#[test]
fn a_follower_of_entries_that_were_cut_off_after_a_kill_is_told() {
    for anew in [false, true] {
        let folder = folder();
        let mut writer = folder.writer();
        append_lines(&mut writer, 1, 20);
        let mut follower = open(&folder.logs, &follow()).unwrap();
        assert_eq!(drain_now(&mut follower), lines(1, 20));
        drop(writer);
        let path = folder.segment(1);
        let text = fs::read_to_string(&path).unwrap();
        if anew {
            fs::remove_file(&path).unwrap();
        }
        fs::write(&path, &text[..start_of(&text, 15)]).unwrap();
        let mut writer = folder.writer();
        append_lines(&mut writer, 15, 30);
        let error = drain_stream(&mut follower).unwrap_err();
        assert!(matches!(error, Error::Corruption { .. }), "{error:?}");
        assert!(error.to_string().contains("15 to 20"), "{error}");
    }
}

/// What a reader had begun is told to its end.
#[test]
fn a_reader_within_a_log_that_somebody_removes_is_told_of_the_rest() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 200);
    writer.end();
    let mut stream = open(&folder.logs, &report()).unwrap();
    let limits = BatchLimits {
        entries: 1,
        ..BatchLimits::default()
    };
    stream.next(limits).unwrap();
    for number in folder.segments() {
        fs::remove_file(folder.segment(number)).unwrap();
    }
    let (read, _) = drain_stream(&mut stream).unwrap();
    assert_eq!(account(&[lines(1, 1), read.clone()].concat()), 200);
    let gap = |one: &Read| matches!(one, Read::Gap(_, 200, Some(_), GapReason::Rotated));
    assert!(read.iter().any(gap), "{read:?}");
}

#[test]
fn a_newest_segment_without_entries_that_somebody_removed_is_named_and_not_made_again() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 20);
    writer.end();
    folder.writer().end();
    let newest = *folder.segments().last().unwrap();
    fs::remove_file(folder.segment(newest)).unwrap();
    let verify = || {
        crate::LogDirectory::open(&folder.logs)
            .unwrap()
            .verify(&mut |_| ())
            .unwrap()
    };
    let named = |one: &Damage| {
        one.segment == newest && one.kind == DamageKind::Segment && one.log == Log::Exec
    };
    assert!(verify().damage.iter().any(named), "{:?}", verify().damage);
    let writer = folder.writer();
    assert_eq!(folder.segments().last(), Some(&(newest + 1)));
    assert!(verify().damage.iter().any(named), "{:?}", verify().damage);
    drop(writer);
}

#[test]
fn segments_that_somebody_removed_after_an_orderly_end_leave_no_hole_in_the_numbers() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 200);
    writer.end();
    let (early, late) = (
        {
            let mut stream = open(&folder.logs, &report()).unwrap();
            let limits = BatchLimits {
                entries: 190,
                ..BatchLimits::default()
            };
            stream.next(limits).unwrap();
            stream.position().encode()
        },
        end_cursor(&folder.logs),
    );
    for number in folder.segments() {
        fs::remove_file(folder.segment(number)).unwrap();
    }
    let mut writer = folder.writer();
    append_lines(&mut writer, 201, 205);
    let (read, _) = drain(&folder.logs, &after(&late)).unwrap();
    assert_eq!(read, lines(201, 205));
    let (read, _) = drain(&folder.logs, &after(&early)).unwrap();
    let gap = Read::Gap(191, 200, Some(10), GapReason::Rotated);
    assert_eq!(read, [vec![gap], lines(201, 205)].concat());
}

/// A follower that had read it waits for the one after it.
#[test]
fn the_newest_segment_that_somebody_removed_is_not_made_again() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 200);
    writer.end();
    let cursor = end_cursor(&folder.logs);
    let newest = *folder.segments().last().unwrap();
    fs::remove_file(folder.segment(newest)).unwrap();
    let found = crate::LogDirectory::open(&folder.logs)
        .unwrap()
        .verify(&mut |_| ())
        .unwrap();
    assert!(found.damage.iter().any(|one| one.to == Some(200)));
    let mut writer = folder.writer();
    assert_eq!(folder.segments().last(), Some(&(newest + 1)));
    append_lines(&mut writer, 201, 205);
    let (read, _) = drain(&folder.logs, &after(&cursor)).unwrap();
    assert_eq!(read, lines(201, 205));
    let (read, _) = drain(&folder.logs, &report()).unwrap();
    assert_eq!(account(&read), 205);
    assert!(
        read.iter()
            .any(|one| matches!(one, Read::Gap(_, 200, None, GapReason::Damage)))
    );
}
