//! The example of docs/cursor.md, which other programs are written after.

use silt_log::{Cursor, LogPosition};

#[test]
fn the_example_of_the_page_is_what_it_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/cursor.md");
    let page = std::fs::read_to_string(path).unwrap();
    let example = page.rsplit("```").nth(1).unwrap().trim();
    let expected = Cursor {
        log_id: std::array::from_fn(|index| index as u8),
        position: [
            LogPosition::After {
                sequence: 1041,
                segment: 19,
                offset: 65_536,
                tag: 0x9f3a_01c2,
            },
            LogPosition::Unread,
            LogPosition::Unread,
        ],
    };
    assert_eq!(Cursor::decode(example).unwrap(), expected);
    assert_eq!(expected.encode(), example);
}
