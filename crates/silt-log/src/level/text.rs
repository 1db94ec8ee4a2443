//! The severest level word of a line.

use super::of_word;
use crate::Level;

const CHUNK: usize = 16;

/// The level of the severest level word in `line`, if there is one.
pub(super) fn severest(line: &[u8]) -> Option<Level> {
    let mut severest = None;
    let mut start = 0;
    while line.len() - start > CHUNK {
        let window = line[start..]
            .first_chunk()
            .expect("more than a chunk is left");
        severest = severest.max(in_window(line, start, window));
        start += CHUNK;
    }
    let mut window = [0; CHUNK + 1];
    let rest = &line[start..];
    window[..rest.len()].copy_from_slice(rest);
    severest.max(in_window(line, start, &window))
}

/// The severest of the words whose telling pair starts in `window`, which is at
/// `start` in `line`. One byte more than a chunk: pairs overlap.
#[inline]
fn in_window(line: &[u8], start: usize, window: &[u8; CHUNK + 1]) -> Option<Level> {
    let mut marks = [0; CHUNK];
    // Without a branch on single bytes, so that it compiles to vectors.
    for (at, mark) in marks.iter_mut().enumerate() {
        *mark = if is_telling_pair(window[at] | 0x20, window[at + 1] | 0x20) {
            0xff
        } else {
            0
        };
    }
    let mut marks = u128::from_le_bytes(marks);
    let mut severest = None;
    while marks != 0 {
        let at = marks.trailing_zeros() as usize / 8;
        marks &= !(0xff << (8 * at));
        severest = severest.max(word_around(line, start + at));
    }
    severest
}

/// Each level word holds one of these pairs of letters, chosen to be rare in
/// other text. Letter case is folded by the caller, loosely: a hit is looked at
/// again.
#[inline(always)]
fn is_telling_pair(first: u8, second: u8) -> bool {
    (second == b'a') & ((first == b'w') | (first == b'r') | (first == b'f'))
        | (second == b'r') & ((first == b'r') | (first == b'c'))
        | (first == b'n') & (second == b'f')
        | (first == b'b') & (second == b'u')
        | (first == b'x') & (second == b'c')
}

/// The level of the word whose telling pair is at `pair`.
fn word_around(line: &[u8], pair: usize) -> Option<Level> {
    let (before, length) = match [line[pair] | 0x20, line.get(pair + 1)? | 0x20] {
        [b'w', b'a'] => (0, 4), // WArn, WArning
        [b'n', b'f'] => (1, 4), // iNFo
        [b'r', b'r'] => (1, 5), // eRRor
        [b'b', b'u'] => (2, 5), // deBUg
        [b'r', b'a'] => (1, 5), // tRAce
        [b'f', b'a'] => (0, 5), // FAtal
        [b'c', b'r'] => (0, 8), // CRitical
        [b'x', b'c'] => (1, 9), // eXCeption
        _ => return None,
    };
    let start = pair.checked_sub(before)?;
    let mut end = start + length;
    let level = of_word(line.get(start..end)?)?;
    if level == Level::Warning
        && line
            .get(end..end + 3)
            .is_some_and(|ing| ing.eq_ignore_ascii_case(b"ing"))
    {
        end += 3;
    }
    if starts_with_word_character(&line[end..]) {
        return None;
    }
    let is_suffix = matches!(&line[start..end], b"Error" | b"Exception");
    (is_suffix || !ends_with_word_character(&line[..start])).then_some(level)
}

fn starts_with_word_character(text: &[u8]) -> bool {
    match text {
        [] => false,
        [byte @ 0..0x80, ..] => is_word_byte(*byte),
        _ => text[..text.len().min(4)]
            .utf8_chunks()
            .next()
            .and_then(|chunk| chunk.valid().chars().next())
            .is_some_and(char::is_alphanumeric),
    }
}

fn ends_with_word_character(text: &[u8]) -> bool {
    match text {
        [] => false,
        [.., byte @ 0..0x80] => is_word_byte(*byte),
        _ => (1..=text.len().min(4))
            .find_map(|length| std::str::from_utf8(&text[text.len() - length..]).ok())
            .and_then(|tail| tail.chars().next())
            .is_some_and(char::is_alphanumeric),
    }
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
