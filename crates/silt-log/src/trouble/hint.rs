//! The number of a cursor is the truth; where it stands is only a hint.

use super::*;
use crate::{Cursor, Log, LogPosition};

#[test]
fn a_cursor_goes_on_after_its_number_whatever_its_hint_says() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 10);
    let cursor = Cursor::decode(&end_cursor(&folder.logs)).unwrap();
    append_lines(&mut writer, 11, 12);
    let length = std::fs::metadata(folder.segment(1)).unwrap().len();
    for hint in 0..length + 10 {
        let mut cursor = cursor.clone();
        let LogPosition::After { offset, .. } = &mut cursor.position[Log::Exec as usize] else {
            panic!("the log was read")
        };
        *offset = hint;
        let (read, _) = drain(&folder.logs, &after(&cursor.encode())).unwrap();
        assert_eq!(read, lines(11, 12), "with the hint {hint}");
    }
}

#[test]
fn a_position_is_published_only_once_it_is_written() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 3);
    writer.append(1, Source::Stdout, b"line 4\n");
    let cursor = writer.position_cursor();
    // As seen by one who is told of it at once.
    assert_eq!(drain(&folder.logs, &after(&cursor)).unwrap().0, []);
    assert_eq!(drain(&folder.logs, &report()).unwrap().0, lines(1, 4));
}
