//! What commands write: no two times the same.

use crate::sys::memory::Dice;

/// Some bytes, as a number says; `unique` is in them.
pub(super) fn some_bytes(shape: u16, size: u16, unique: u64) -> Vec<u8> {
    let mut dice = Dice(u64::from(size) << 40 | unique);
    let mut bytes = Vec::new();
    let lines = |count: u64, dice: &mut Dice, bytes: &mut Vec<u8>| {
        for index in 0..count {
            let word =
                ["", "ERROR ", "WARN ", "debug: ", "\x1b[31merr\x1b[0m "][dice.below(5) as usize];
            let rest = "xyz7 ".repeat(dice.below(20) as usize);
            bytes.extend_from_slice(format!("{word}{unique}.{index} {rest}\n").as_bytes());
        }
    };
    match shape % 32 {
        0..=11 => lines(1 + u64::from(size % 4), &mut dice, &mut bytes),
        12..=15 => lines(8 + u64::from(size % 40), &mut dice, &mut bytes),
        16..=19 => bytes.extend_from_slice(format!("unfinished {unique} xxx").as_bytes()),
        20..=22 => bytes.extend_from_slice(format!("y rest {unique}\nand {unique}").as_bytes()),
        23 => bytes.extend_from_slice(b"\n"),
        24 => bytes.extend_from_slice(format!("{unique}\r\n\n").as_bytes()),
        // A character in pieces, with and without its rest.
        25 => bytes.extend_from_slice(&"€".as_bytes()[..1 + usize::from(size % 2)]),
        26 => bytes.extend_from_slice(&"€".as_bytes()[1 + usize::from(size % 2)..]),
        27 => bytes.extend_from_slice(format!("größe {unique} 𝄞").as_bytes()),
        28..=29 => bytes.extend((0..40).map(|_| dice.next() as u8)),
        30 => bytes.extend_from_slice(b"\0\x01\"\\\x7f\n"),
        _ => {
            // Split lines are long: now and then only.
            let length = if size.is_multiple_of(8) {
                16_000 + 5 * usize::from(size)
            } else {
                300
            };
            let text = format!("{unique} ERROR long ");
            bytes.extend(text.bytes().cycle().take(length));
            if size.is_multiple_of(16) {
                bytes.push(b'\n');
            }
        }
    }
    bytes
}
