//! Keeps colours and takes out every other control sequence.

use silt_log::strip_controls;

const INTRODUCER: &[u8] = b"\x1b[";

/// Appends `data` with nothing left that steers a terminal but colours and text
/// attributes (SGR). Says whether there were any.
pub(crate) fn keep_colors(data: &[u8], out: &mut Vec<u8>) -> bool {
    let mut rest = data;
    let mut from = 0;
    let mut found = false;
    while let Some(at) = find(&rest[from..]) {
        let start = from + at;
        match sgr_length(&rest[start..]) {
            Some(length) => {
                out.extend_from_slice(&strip_controls(&rest[..start]));
                out.extend_from_slice(&rest[start..start + length]);
                rest = &rest[start + length..];
                from = 0;
                found = true;
            }
            None => from = start + INTRODUCER.len(),
        }
    }
    out.extend_from_slice(&strip_controls(rest));
    found
}

fn find(bytes: &[u8]) -> Option<usize> {
    bytes
        .windows(INTRODUCER.len())
        .position(|window| window == INTRODUCER)
}

/// The length of the SGR sequence at the start of `bytes`, if it is one.
fn sgr_length(bytes: &[u8]) -> Option<usize> {
    let parameters = &bytes[INTRODUCER.len()..];
    let count = parameters
        .iter()
        .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b';' | b':'))
        .count();
    (parameters.get(count) == Some(&b'm')).then_some(INTRODUCER.len() + count + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_stay_and_the_rest_goes() {
        for (data, expected, found) in [
            ("plain\n", "plain\n", false),
            ("\x1b[31mred\x1b[0m\n", "\x1b[31mred\x1b[0m\n", true),
            ("\x1b[2J\x1b[1;1Hx\x1b[38;5;9my", "x\x1b[38;5;9my", true),
            ("\x1b]0;title\x07\x07a\x08\n", "a\n", false),
            ("\x1b[", "", false),
            ("\x1b[31", "", false),
        ] {
            let mut out = Vec::new();
            assert_eq!(keep_colors(data.as_bytes(), &mut out), found);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
