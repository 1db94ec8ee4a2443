//! Terminal escape sequences, taken out of text.

use std::borrow::Cow;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
const CANCEL: u8 = 0x18;
const SUBSTITUTE: u8 = 0x1a;

/// `bytes` without ANSI escape sequences: CSI (colours, cursor movement), OSC
/// (titles, links) and the other control strings, escapes of two and more
/// bytes, and the C1 controls as UTF-8 writes them. Everything else stays,
/// invalid UTF-8 too.
///
/// A sequence cut off by the end is dropped. A control string ends at a line
/// feed at the latest, which stays: it can hide the rest of its line, never the
/// next one. Does not allocate when there is nothing to remove.
pub fn strip_ansi(bytes: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = find_introducer(bytes) else {
        return Cow::Borrowed(bytes);
    };
    let mut out = Vec::with_capacity(bytes.len());
    let (mut text, mut rest) = bytes.split_at(first);
    loop {
        out.extend_from_slice(text);
        rest = &rest[sequence_length(rest)..];
        let Some(next) = find_introducer(rest) else {
            break;
        };
        (text, rest) = rest.split_at(next);
    }
    out.extend_from_slice(rest);
    Cow::Owned(out)
}

/// `bytes` as they can be shown on a terminal without steering it: without
/// [ANSI escape sequences](strip_ansi), and without control characters other
/// than tab, line feed and carriage return. Of invalid UTF-8 the bytes go that
/// an eight-bit terminal would take for controls (0x80 to 0x9f).
pub fn strip_controls(bytes: &[u8]) -> Cow<'_, [u8]> {
    let steers = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r') || byte >= 0x7f;
    if !bytes.iter().any(|&byte| steers(byte)) {
        return Cow::Borrowed(bytes);
    }
    let stripped = strip_ansi(bytes);
    let mut out = Vec::with_capacity(stripped.len());
    for chunk in stripped.utf8_chunks() {
        for character in chunk.valid().chars() {
            if !character.is_control() || matches!(character, '\t' | '\n' | '\r') {
                out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        out.extend(
            chunk
                .invalid()
                .iter()
                .filter(|byte| !(0x80..=0x9f).contains(*byte)),
        );
    }
    if out.len() == bytes.len() {
        return Cow::Borrowed(bytes);
    }
    Cow::Owned(out)
}

/// Where the next sequence starts.
#[inline]
fn find_introducer(bytes: &[u8]) -> Option<usize> {
    // 0xc2 also leads ordinary characters, such as the no-break space.
    memchr::memchr2_iter(ESC, 0xc2, bytes)
        .find(|&at| bytes[at] == ESC || matches!(bytes.get(at + 1), Some(0x80..=0x9f)))
}

/// How long the sequence at the start of `bytes` is, at least 1.
fn sequence_length(bytes: &[u8]) -> usize {
    // A C1 control is short for ESC and a character of `@` to `_`; either takes
    // two bytes.
    let kind = match bytes {
        [ESC, kind, ..] => *kind,
        [0xc2, control, ..] => control - 0x40,
        _ => return bytes.len(),
    };
    match kind {
        b'[' => 2 + control_sequence(&bytes[2..]),
        b']' => 2 + control_string(&bytes[2..], true),
        b'P' | b'X' | b'^' | b'_' => 2 + control_string(&bytes[2..], false),
        0x20..=0x2f => 1 + intermediate_and_final(&bytes[1..]),
        0x30..=0x7e => 2,
        // Another ESC, a control or a letter beyond ASCII: not part of it.
        _ => 1,
    }
}

/// Parameters, intermediates and the final byte of a CSI. A byte that does not
/// belong ends it and stays.
fn control_sequence(bytes: &[u8]) -> usize {
    let parameters = count(bytes, 0x30..=0x3f);
    parameters + intermediate_and_final(&bytes[parameters..])
}

fn intermediate_and_final(bytes: &[u8]) -> usize {
    let intermediates = count(bytes, 0x20..=0x2f);
    let finished = matches!(bytes.get(intermediates), Some(0x30..=0x7e));
    intermediates + usize::from(finished)
}

fn count(bytes: &[u8], range: std::ops::RangeInclusive<u8>) -> usize {
    bytes.iter().take_while(|byte| range.contains(byte)).count()
}

/// The text of a control string with its terminator: ST in both spellings,
/// BEL where `bell` says so, CAN and SUB. Another ESC and a line feed end it
/// too, and are not part of it.
fn control_string(bytes: &[u8], bell: bool) -> usize {
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            BEL if bell => return at + 1,
            CANCEL | SUBSTITUTE => return at + 1,
            ESC if bytes.get(at + 1) == Some(&b'\\') => return at + 2,
            0xc2 if bytes.get(at + 1) == Some(&0x9c) => return at + 2,
            ESC | b'\n' => return at,
            _ => {}
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stripped(text: &str) -> String {
        String::from_utf8(strip_ansi(text.as_bytes()).into_owned()).unwrap()
    }

    #[test]
    fn sequences_go_and_text_stays() {
        for (text, expected) in [
            ("plain", "plain"),
            ("\x1b[31mred\x1b[0m", "red"),
            ("\x1b[38;2;1;2;3mrgb\x1b[m\n", "rgb\n"),
            ("\x1b[38:5:1mcolon\x1b[?25l\x1b[2 q\x1b[!p", "colon"),
            ("a\x1b[2K\x1b[1Gb", "ab"),
            ("\x1b]0;title\x07text", "text"),
            ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\!", "link!"),
            ("\x1b]0;title\u{9c}text", "text"),
            ("\x1bPq#0\x07still\x1b\\text", "text"),
            ("\x1b_app\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\text", "text"),
            ("\u{9b}31mred\u{9b}0m \u{85}\u{9d}0;t\x07x", "red x"),
            ("\x1b(B\x1b)0\x1b#8\x1b% Gtext", "text"),
            ("\x1b7\x1b8\x1b=\x1b>\x1bM\x1bctext", "text"),
            ("\u{a0}\u{e9}\u{c2} \u{3b1}", "\u{a0}\u{e9}\u{c2} \u{3b1}"),
        ] {
            assert_eq!(stripped(text), expected, "{}", text.escape_debug());
        }
    }

    #[test]
    fn a_sequence_cut_off_by_the_end_is_dropped() {
        for cut in [
            "\x1b",
            "\x1b[",
            "\x1b[3",
            "\x1b[31;",
            "\x1b[2 ",
            "\x1b]",
            "\x1b]0;ti",
            "\x1b]0;ti\x1b",
            "\x1b(",
            "\x1bP",
            "\u{9b}",
            "\u{9b}31",
            "\u{9d}x",
        ] {
            assert_eq!(
                stripped(&format!("text{cut}")),
                "text",
                "{}",
                cut.escape_debug()
            );
        }
    }

    #[test]
    fn what_does_not_belong_to_a_sequence_stays() {
        for (text, expected) in [
            ("\x1b\x1b[31mx", "x"),
            ("\x1b[31\nnext", "\nnext"),
            ("\x1b[31\u{e9}", "\u{e9}"),
            ("\x1b\u{e9}", "\u{e9}"),
            ("\x1b\n", "\n"),
            ("\x1b]0;title\nnext", "\nnext"),
            ("\x1b]0;title\x1b[31mred", "red"),
            ("\x1b]0;title\x18text", "text"),
        ] {
            assert_eq!(stripped(text), expected, "{}", text.escape_debug());
        }
        assert_eq!(*strip_ansi(b"\xff\x1b[1m\x9b\xc2"), *b"\xff\x9b\xc2");
    }

    #[test]
    fn text_without_sequences_is_borrowed() {
        for text in ["", "plain", "caf\u{e9}\u{a0}\u{ab}"] {
            assert!(matches!(strip_ansi(text.as_bytes()), Cow::Borrowed(_)));
            assert!(matches!(strip_controls(text.as_bytes()), Cow::Borrowed(_)));
        }
    }

    #[test]
    fn controls_go_but_tab_and_line_ends_stay() {
        let text = "a\0\x08\x07\x7f\tb\r\n\u{80}\u{9f}\x1b[31mc\u{e9}";
        assert_eq!(
            *strip_controls(text.as_bytes()),
            *"a\tb\r\nc\u{e9}".as_bytes()
        );
        assert_eq!(*strip_controls(b"x\x9b31m\xff"), *b"x31m\xff");
        assert_eq!(
            *strip_controls(b"\xc2\x1b[m\x9b31m"),
            *b"31m",
            "no control made of two halves"
        );
    }

    proptest! {
        #[test]
        fn nothing_that_steers_is_left(
            pieces in prop::collection::vec(prop_oneof![
                prop::collection::vec(any::<u8>(), 0..4),
                prop::sample::select(vec![
                    "\x1b[", "\x1b]", "\u{9b}", "31m", "\x07", "\x1b\\", "\n", "text", "\u{e9}",
                ]).prop_map(|text| text.as_bytes().to_vec()),
            ], 0..12)
        ) {
            let bytes = pieces.concat();
            prop_assert!(!strip_ansi(&bytes).contains(&ESC));
            let safe = strip_controls(&bytes);
            prop_assert!(!safe.iter().any(|byte| *byte < 0x20 && !b"\t\n\r".contains(byte)));
            let mut characters = safe.utf8_chunks().flat_map(|chunk| chunk.valid().chars());
            let steers = characters.any(|c| ('\x7f'..='\u{9f}').contains(&c));
            prop_assert!(!steers);
            prop_assert_eq!(strip_controls(&safe), &*safe, "nothing is left to remove");
        }
    }
}
