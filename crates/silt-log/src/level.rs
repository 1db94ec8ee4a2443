//! The severity that a line states.

mod json;
mod text;

use crate::Level;
use crate::ansi::strip_ansi;

/// The level of one line, ANSI sequences removed.
///
/// - A line that is one JSON object: its `level`, else `severity`, else `lvl`,
///   if that is a level word, letter case ignored, or a number (from 20 debug,
///   30 info, 40 warning, 50 error, 60 fatal; below, trace). Values of other
///   types count as absent. An unknown word sends the line to the text rule.
/// - Else the severest level word in the line, letter case ignored: CRITICAL
///   and FATAL; ERROR and EXCEPTION, or a word that ends in `Error` or
///   `Exception` in this spelling; WARNING and WARN; INFO; DEBUG and TRACE,
///   which are [`Level::Debug`]. A word stands between characters that are not
///   letters, digits or `_`, in any script; bytes that are not UTF-8 are none
///   of these.
/// - Else [`Level::Info`].
///
/// Does not allocate for a text line without escape sequences.
pub fn level_of(line: &[u8]) -> Level {
    let line = strip_ansi(line);
    json::stated(&line)
        .or_else(|| text::severest(&line))
        .unwrap_or(Level::Info)
}

/// The level words. `word` is whole; letter case is ignored.
fn of_word(word: &[u8]) -> Option<Level> {
    let level = match word.len() {
        4 if word.eq_ignore_ascii_case(b"info") => Level::Info,
        4 if word.eq_ignore_ascii_case(b"warn") => Level::Warning,
        5 if word.eq_ignore_ascii_case(b"error") => Level::Error,
        5 if word.eq_ignore_ascii_case(b"debug") => Level::Debug,
        5 if word.eq_ignore_ascii_case(b"trace") => Level::Debug,
        5 if word.eq_ignore_ascii_case(b"fatal") => Level::Critical,
        7 if word.eq_ignore_ascii_case(b"warning") => Level::Warning,
        8 if word.eq_ignore_ascii_case(b"critical") => Level::Critical,
        9 if word.eq_ignore_ascii_case(b"exception") => Level::Error,
        _ => return None,
    };
    Some(level)
}
