//! What can befall the files of a folder.

use super::one_in;
use super::plan::Plan;
use crate::segment_name;
use arbitrary::{Result, Unstructured};

/// Numbers at the edges of what readers take.
const NUMBERS: [&str; 10] = [
    "0",
    "1",
    "2",
    "9",
    "1001",
    "9007199254740991",
    "9007199254740992",
    "18446744073709551615",
    "18446744073709551616",
    "-1",
];

const TEXTS: [&[u8]; 6] = [
    b"\n",
    b"\0\0\0\0",
    b"{\"s\":\"end\",\"t\":\"\"}\n",
    b"{\"s\":\"sum\",\"c\":\"00000000\"}\n",
    b"{\"t\":\"2026-05-01T10:00:00.000000001Z\",\"s\":\"stdout\",\"n\":3,\"d\":\"x\"}\n",
    b"\"p\":\"last\",",
];

/// Damages the folder up to four times, or not at all.
pub(super) fn inflict(plan: &mut Plan, choices: &mut Unstructured<'_>) -> Result<()> {
    for _ in 0..choices.int_in_range(0..=4)? {
        plan.expected = None;
        let index = choices.int_in_range(0..=plan.files.len().max(1) - 1)?;
        let Some((name, mut bytes)) = take(plan, index) else {
            return Ok(());
        };
        let mut name = name;
        match choices.int_in_range(0..=9)? {
            0 => continue,
            1 => name = another_name(&name, choices)?,
            2 => {
                // A copy, under another number.
                let other = another_name(&name, choices)?;
                plan.files.insert(other, bytes.clone());
            }
            3 => number(&mut bytes, choices)?,
            4 => lines(&mut bytes, choices)?,
            _ => range(&mut bytes, choices)?,
        }
        if name == segment_name::LOCK && !one_in(choices, 4)? {
            seal_again(&mut bytes);
        }
        plan.files.insert(name, bytes);
    }
    Ok(())
}

fn take(plan: &mut Plan, index: usize) -> Option<(String, Vec<u8>)> {
    let name = plan.files.keys().nth(index)?.clone();
    plan.files.remove_entry(&name)
}

fn another_name(name: &str, choices: &mut Unstructured<'_>) -> Result<String> {
    let number = choices.choose(&["000001", "000002", "000009", "9007199254740992"])?;
    let largest = "18446744073709551615";
    let number = if one_in(choices, 8)? { largest } else { number };
    let log = choices.choose(&["exec", "exec", "runtime", "kernel"])?;
    let end = if name.ends_with(".zst") { ".zst" } else { "" };
    Ok(format!("{log}.log.{number}{end}"))
}

/// Replaces one of the decimal numbers.
fn number(bytes: &mut Vec<u8>, choices: &mut Unstructured<'_>) -> Result<()> {
    let begins = |at: usize| {
        bytes[at].is_ascii_digit() && at > 0 && matches!(bytes[at - 1], b':' | b'[' | b',')
    };
    let places: Vec<usize> = (0..bytes.len()).filter(|at| begins(*at)).take(64).collect();
    if places.is_empty() {
        return Ok(());
    }
    let from = *choices.choose(&places)?;
    let digits = bytes[from..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit());
    let to = from + digits.count();
    let number = choices.choose(&NUMBERS)?;
    bytes.splice(from..to, number.bytes());
    Ok(())
}

/// Repeats, swaps or drops a line.
fn lines(bytes: &mut Vec<u8>, choices: &mut Unstructured<'_>) -> Result<()> {
    let mut lines: Vec<Vec<u8>> = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    let at = choices.int_in_range(0..=lines.len() - 1)?;
    let to = choices.int_in_range(0..=lines.len() - 1)?;
    match choices.int_in_range(0..=2)? {
        0 => lines.insert(to, lines[at].clone()),
        1 => lines.swap(at, to),
        _ => drop(lines.remove(at)),
    }
    *bytes = lines.concat();
    Ok(())
}

/// Overwrites, takes out, puts in or cuts off.
fn range(bytes: &mut Vec<u8>, choices: &mut Unstructured<'_>) -> Result<()> {
    let from = choices.int_in_range(0..=bytes.len())?;
    let to = (from + choices.int_in_range(0..=40)?).min(bytes.len());
    let put = match choices.int_in_range(0..=4)? {
        0 => {
            bytes.truncate(from);
            return Ok(());
        }
        1 => Vec::new(),
        2 => choices.choose(&TEXTS)?.to_vec(),
        _ => {
            let length = choices.int_in_range(0..=16)?.min(choices.len());
            choices.bytes(length)?.to_vec()
        }
    };
    let to = if one_in(choices, 2)? { from } else { to };
    bytes.splice(from..to, put);
    Ok(())
}

/// Gives `.lock` the checksum of what it holds now.
fn seal_again(bytes: &mut Vec<u8>) {
    let json = bytes.get(9..).unwrap_or_default().trim_ascii_end();
    let mut slot = format!("{:08x} ", crc32c::crc32c(json)).into_bytes();
    slot.extend_from_slice(json);
    slot.resize(slot.len().max(1023), b' ');
    slot.push(b'\n');
    *bytes = slot;
}
