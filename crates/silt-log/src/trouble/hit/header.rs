//! What a segment says of itself.

use super::*;

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
