//! The inside of JSON strings, both ways. Every entry passes through here
//! twice, so the common line (no escape but its `\n`) is copied in one piece.

const CHUNK: usize = 16;

/// Appends `text` to `out` as the inside of a JSON string, without the quotes.
pub fn escape_json(text: &str, out: &mut Vec<u8>) {
    escape_into(text.as_bytes(), out);
}

/// Appends `text`, which must be valid UTF-8, to `out` as the inside of a JSON
/// string. DEL and everything above ASCII are kept as they are.
pub(crate) fn escape_into(text: &[u8], out: &mut Vec<u8>) {
    out.reserve(text.len() + 8);
    let mut rest = text;
    while let Some(at) = find_special(rest) {
        out.extend_from_slice(&rest[..at]);
        let byte = rest[at];
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0c => out.extend_from_slice(b"\\f"),
            _ => {
                let [high, low] = [byte >> 4, byte & 15].map(|n| b"0123456789abcdef"[n as usize]);
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', high, low]);
            }
        }
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
}

/// Appends the text that `raw`, the inside of a JSON string, stands for.
///
/// False when `raw` is no such thing: invalid UTF-8, an unescaped quote or
/// control character, an unknown or cut escape, half a surrogate pair. `out` is
/// then as it was.
pub(crate) fn unescape_into(raw: &[u8], out: &mut Vec<u8>) -> bool {
    // Escapes are ASCII and stand between characters, so the whole is valid
    // exactly when the pieces are.
    if std::str::from_utf8(raw).is_err() {
        return false;
    }
    let before = out.len();
    out.reserve(raw.len());
    let mut rest = raw;
    while let Some(at) = find_special(rest) {
        out.extend_from_slice(&rest[..at]);
        let Some(length) = unescape_one(&rest[at..], out) else {
            out.truncate(before);
            return false;
        };
        rest = &rest[at + length..];
    }
    out.extend_from_slice(rest);
    true
}

/// Decodes the escape at the start of `raw` and returns its length.
#[inline]
fn unescape_one(raw: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    let [b'\\', kind, tail @ ..] = raw else {
        return None;
    };
    out.push(match kind {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'"' | b'\\' | b'/' => *kind,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'u' => return unescape_unicode(tail, out),
        _ => return None,
    });
    Some(2)
}

/// Decodes what follows `\u`, with the second half of a surrogate pair, and
/// returns the length of the whole escape.
fn unescape_unicode(tail: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    let first = hex4(tail)?;
    let (code, length) = match first {
        0xd800..=0xdbff => {
            let second = hex4(tail[4..].strip_prefix(b"\\u")?)?;
            if !(0xdc00..=0xdfff).contains(&second) {
                return None;
            }
            (0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00), 12)
        }
        _ => (first, 6),
    };
    let character = char::from_u32(code)?;
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    Some(length)
}

fn hex4(text: &[u8]) -> Option<u32> {
    text.get(..4)?.iter().try_fold(0, |value, &digit| {
        Some(value << 4 | char::from(digit).to_digit(16)?)
    })
}

#[inline(always)]
fn is_special(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\')
}

/// Where the first byte is that can not stand in a JSON string as it is.
#[inline]
fn find_special(text: &[u8]) -> Option<usize> {
    let (chunks, tail) = text.as_chunks::<CHUNK>();
    for (index, chunk) in chunks.iter().enumerate() {
        // Without a branch on single bytes, so that it compiles to vectors.
        let marks = u128::from_le_bytes(chunk.map(|byte| if is_special(byte) { 0xff } else { 0 }));
        if marks != 0 {
            return Some(index * CHUNK + marks.trailing_zeros() as usize / 8);
        }
    }
    let at = tail.iter().position(|&byte| is_special(byte))?;
    Some(chunks.len() * CHUNK + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn escaped(text: &str) -> String {
        let mut out = Vec::new();
        escape_into(text.as_bytes(), &mut out);
        String::from_utf8(out).unwrap()
    }

    fn unescaped(raw: &[u8]) -> Option<String> {
        let mut out = b"kept".to_vec();
        let fine = unescape_into(raw, &mut out);
        assert!(out.starts_with(b"kept"));
        if !fine {
            assert_eq!(out, b"kept", "restored after a failure");
            return None;
        }
        Some(String::from_utf8(out.split_off(4)).unwrap())
    }

    #[test]
    fn every_ascii_character_is_written_as_serde_json_does() {
        for byte in 0..=0x7f {
            let text = format!("a{}b", char::from(byte));
            assert_eq!(
                format!("\"{}\"", escaped(&text)),
                serde_json::to_string(&text).unwrap()
            );
        }
    }

    #[test]
    fn special_bytes_are_found_at_every_offset() {
        for length in 0..70 {
            for at in 0..length {
                let mut text = vec![b'x'; length];
                text[at] = b'\n';
                assert_eq!(find_special(&text), Some(at));
                text[at] = 0xff;
                assert_eq!(find_special(&text), None);
            }
        }
    }

    #[test]
    fn every_escape_is_read() {
        assert_eq!(
            unescaped(br#"\"\\\/\b\f\n\r\t\u0041\u00E9\ud83d\uDE00\u0000"#).unwrap(),
            "\"\\/\u{8}\u{c}\n\r\tA\u{e9}\u{1f600}\0"
        );
    }

    #[test]
    fn what_is_no_json_string_is_refused() {
        let refused: [&[u8]; 20] = [
            b"a\"b",
            b"a\nb",
            b"a\0",
            b"\x1f",
            b"\\",
            b"abc\\",
            b"\\x",
            b"\\u",
            b"\\u12",
            b"\\u12g4",
            b"\\u+123",
            b"\\ud83d",
            b"\\ud83d\\n",
            b"\\ud83d\\u0041",
            b"\\ud83dxxxxxx",
            b"\\ude00",
            b"\\ud83d\\ude0",
            b"\\U0041",
            b"\xff",
            b"caf\xc3",
        ];
        for raw in refused {
            assert_eq!(unescaped(raw), None, "{}", raw.escape_ascii());
        }
    }

    proptest! {
        #[test]
        fn escape_then_unescape_is_identity(text in any::<String>()) {
            let raw = escaped(&text);
            prop_assert_eq!(unescaped(raw.as_bytes()).unwrap(), text.as_str());
            prop_assert_eq!(format!("\"{raw}\""), serde_json::to_string(&text).unwrap());
        }

        #[test]
        fn unescape_agrees_with_serde_json(
            pieces in prop::collection::vec(prop_oneof![
                "[ -~é\u{1f600}]{0,20}".prop_map(String::into_bytes),
                r#"\\[nrtbfu"/\\x]"#.prop_map(String::into_bytes),
                r"\\u[0-9a-fA-F]{4}".prop_map(String::into_bytes),
                r"\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}".prop_map(String::into_bytes),
                prop::collection::vec(any::<u8>(), 0..3),
            ], 0..8)
        ) {
            let raw = pieces.concat();
            let quoted = [b"\"", raw.as_slice(), b"\""].concat();
            let expected = serde_json::from_slice::<String>(&quoted).ok();
            prop_assert_eq!(unescaped(&raw), expected);
        }
    }
}
