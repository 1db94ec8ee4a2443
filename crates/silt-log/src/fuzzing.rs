//! What reads bytes from outside, for the fuzzer and its committed corpora.

use crate::Cursor;
use crate::control::Control;
use crate::line::{self, RawEntry};

/// A line of a segment: the fast path and the general one agree on every line
/// that both can read.
pub fn line(bytes: &[u8]) {
    let _ = Control::parse(bytes);
    let mut data = Vec::new();
    let Some(entry) = line::parse_with_data(bytes, &mut data) else {
        assert!(data.is_empty(), "a line that was refused left data behind");
        return;
    };
    let Some(general) = line::parse_general(bytes) else {
        return;
    };
    let mut general_data = Vec::new();
    assert!(general.data.decode_into(general.utf8, &mut general_data));
    assert_eq!(known(&entry), known(&general));
    assert_eq!(data, general_data);
}

fn known(entry: &RawEntry<'_>) -> impl PartialEq + std::fmt::Debug + use<> {
    (
        (entry.time_ns, entry.source, entry.session, entry.sequence),
        (entry.part, entry.level, entry.utf8),
    )
}

/// A cursor: what is read is written, and read, as the same.
pub fn cursor(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(cursor) = Cursor::decode(text) {
        let again = Cursor::decode(&cursor.encode()).expect("what was encoded can be decoded");
        assert_eq!(cursor, again);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// Gives each file of a corpus to its target.
    fn replay(target: &str, run: impl Fn(&[u8])) {
        let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
        let mut files = 0;
        for file in std::fs::read_dir(corpora.join(target)).unwrap() {
            run(&std::fs::read(file.unwrap().path()).unwrap());
            files += 1;
        }
        assert!(files > 0, "the corpus of {target} is empty");
    }

    #[test]
    fn the_corpus_of_lines_is_read_alike_by_both_paths() {
        replay("line", super::line);
    }

    #[test]
    fn the_corpus_of_cursors_is_read_back() {
        replay("cursor", super::cursor);
    }
}
