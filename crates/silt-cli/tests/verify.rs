//! `silt verify`: 0 for what is whole, 6 for damage, named by its entries.

mod support;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::Value;
use std::fs::File;
use std::io::Read;
use std::process::Stdio;
use support::*;

fn verify(folder: &Folder, arguments: &[&str]) -> std::process::Output {
    let logs = folder.logs();
    let mut all = vec!["verify", "--dir", logs.to_str().unwrap()];
    all.extend(arguments);
    folder.silt(&all).output().unwrap()
}

#[test]
fn a_whole_log_and_a_live_one_end_with_0() {
    let folder = Folder::new();
    let mut writer = folder.writer(&small_segments());
    append_lines(&mut writer, 1, 1, 1000);
    let output = verify(&folder, &[]);
    assert_eq!(code(&output), Some(0));
    writer.end_session(1, &exit());
    writer.end();
    let output = verify(&folder, &[]);
    assert_eq!((code(&output), stderr(&output)), (Some(0), String::new()));
    let text = stdout(&output);
    let row: Vec<&str> = text.lines().nth(1).unwrap().split_whitespace().collect();
    assert_eq!(row[..5], ["exec", "1000", "1", "to", "1000"], "{text}");
    assert!(
        text.contains("sessions: 1 as their exit records say"),
        "{text}"
    );
    assert!(text.ends_with("whole\n"), "{text}");
    let json: Value = serde_json::from_str(&stdout(&verify(&folder, &["--json"]))).unwrap();
    assert_eq!(
        (json["whole"].as_bool(), json["writer"].as_str()),
        (Some(true), Some("stopped"))
    );
}

#[test]
fn damage_ends_with_6_and_is_named() {
    let folder = Folder::new();
    let mut writer = folder.writer(&small_segments());
    append_lines(&mut writer, 1, 1, 1000);
    writer.end();
    let path = folder.logs().join("exec.log.000003");
    let text = std::fs::read_to_string(&path).unwrap();
    let numbers: Vec<u64> = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).unwrap()["n"].as_u64())
        .collect();
    std::fs::remove_file(path).unwrap();
    let output = verify(&folder, &[]);
    assert_eq!(code(&output), Some(6));
    let range = format!("exec    {} to {}", numbers[0], numbers[numbers.len() - 1]);
    let text = stdout(&output);
    assert!(
        text.contains(&range) && text.contains("segment 3 is missing"),
        "{text}"
    );
    assert!(text.ends_with("DAMAGED\n"), "{text}");
    let output = verify(&folder, &["--json"]);
    assert_eq!(code(&output), Some(6));
    let json: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(json["whole"], false);
    assert_eq!(json["damage"][0]["from"], numbers[0]);
}

/// Flips one bit of the line of entry `n`, at the first `byte` in it.
fn flip(folder: &Folder, segment: u64, n: u64, byte: u8) {
    let path = folder.logs().join(format!("exec.log.{segment:06}"));
    let mut bytes = std::fs::read(&path).unwrap();
    let key = format!("\"n\":{n},");
    let at = String::from_utf8_lossy(&bytes).find(&key).unwrap();
    let start = bytes[..at].iter().rposition(|b| *b == b'\n').unwrap() + 1;
    let found = bytes[start..].iter().position(|b| *b == byte).unwrap();
    bytes[start + found] ^= 1 << 1;
    std::fs::write(&path, bytes).unwrap();
}

/// The numbers in a segment, read without Silt.
fn numbers(folder: &Folder, segment: u64) -> Vec<u64> {
    let path = folder.logs().join(format!("exec.log.{segment:06}"));
    let text = std::fs::read_to_string(path).unwrap();
    let numbers = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).unwrap()["n"].as_u64());
    numbers.collect()
}

fn lines(from: u64, to: u64) -> String {
    (from..=to).map(|n| format!("line {n}\n")).collect()
}

fn thousand_lines() -> (Folder, u64) {
    let folder = Folder::new();
    let mut writer = folder.writer(&small_segments());
    let session = writer.begin_session().unwrap();
    append_lines(&mut writer, session, 1, 1000);
    writer.end_session(session, &exit());
    writer.end();
    let held = numbers(&folder, 3);
    let middle = held[held.len() / 2];
    (folder, middle)
}

/// Whether damage that `verify --json` named holds entry `n`.
fn is_named(folder: &Folder, n: u64) -> bool {
    let output = verify(folder, &["--json"]);
    assert_eq!(code(&output), Some(6));
    let json: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let damage = json["damage"].as_array().unwrap();
    damage.iter().any(|damage| {
        damage["log"] == "exec"
            && damage["from"].as_u64().is_some_and(|from| from <= n)
            && damage["to"].as_u64().is_some_and(|to| n <= to)
    })
}

#[test]
fn one_flipped_bit_is_named_and_readers_go_on_after_it_or_end() {
    let (folder, n) = thousand_lines();
    flip(&folder, 3, n, b'{');
    assert!(is_named(&folder, n));
    let reported = folder.logs_of(&["--on-gap", "report"]);
    let gap = format!("--- exec {n} to {n} missing: 1 entry (damage) ---\n");
    let expected = lines(1, n - 1) + &gap + &lines(n + 1, 1000);
    assert_eq!((code(&reported), stdout(&reported)), (Some(0), expected));
    let ended = folder.logs_of(&["--on-gap", "error"]);
    assert_eq!((code(&ended), stdout(&ended)), (Some(4), lines(1, n - 1)));
    let said = stderr(&ended);
    assert!(said.contains(&format!("exec {n} to {n} missing")), "{said}");
}

#[test]
fn a_flipped_bit_that_leaves_the_line_valid_is_named_by_verify_and_by_the_digest() {
    let (folder, n) = thousand_lines();
    // `line` becomes `nine`.
    flip(&folder, 3, n, b'l');
    assert!(is_named(&folder, n));
    let output = folder.logs_of(&["--digest"]);
    let expected = lines(1, 1000).replacen(&format!("line {n}\n"), &format!("nine {n}\n"), 1);
    assert_eq!((code(&output), stdout(&output)), (Some(0), expected));
    let said = stderr(&output);
    assert!(said.starts_with("silt: session 1: NOT complete"), "{said}");
}

#[test]
fn what_can_not_be_read_as_a_log_ends_with_6() {
    let folder = Folder::new();
    folder.writer(&small_segments()).end();
    for entry in std::fs::read_dir(folder.logs()).unwrap() {
        let path = entry.unwrap().path();
        if path.to_str().unwrap().contains(".log.") {
            std::fs::write(path, "no header\n").unwrap();
        }
    }
    for output in [folder.logs_of(&[]), verify(&folder, &[])] {
        assert_eq!((code(&output), stdout(&output)), (Some(6), String::new()));
        let said = stderr(&output);
        assert!(said.contains("no header of any segment"), "{said}");
    }
}

#[test]
fn a_log_of_a_newer_release_ends_with_6_and_says_what_to_do() {
    let (folder, _) = thousand_lines();
    let path = folder.logs().join("exec.log.000003");
    let text = std::fs::read_to_string(&path).unwrap();
    let (header, lines) = text.split_once('\n').unwrap();
    // Without its checksum, which was of this one.
    let header = &header[..header.rfind(",\"c\":").unwrap()];
    let newer = header.replacen("\"v\":", "\"v\":99", 1);
    std::fs::write(path, format!("{newer}}}\n{lines}")).unwrap();
    let output = folder.logs_of(&[]);
    assert_eq!(code(&output), Some(6));
    let said = stderr(&output);
    assert!(said.contains("update Silt"), "{said}");
}

#[test]
fn a_terminal_is_shown_how_far_the_checking_has_come() {
    let (folder, _) = thousand_lines();
    let segments = std::fs::read_dir(folder.logs()).unwrap().flatten();
    let segments = segments
        .filter(|entry| entry.file_name().to_str().unwrap().contains(".log."))
        .count();
    assert!(segments > 5);
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let path = ptsname(&master, Vec::new()).unwrap();
    let terminal = File::options()
        .read(true)
        .write(true)
        .open(path.to_str().unwrap())
        .unwrap();
    let logs = folder.logs();
    let mut child = folder
        .silt(&["verify", "--dir", logs.to_str().unwrap()])
        .stdout(Stdio::null())
        .stderr(terminal)
        .spawn()
        .unwrap();
    let mut shown = Vec::new();
    // EIO is how a terminal ends.
    let _ = File::from(master).read_to_end(&mut shown);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let shown = String::from_utf8(shown).unwrap();
    let steps: Vec<String> = (1..=segments)
        .map(|checked| format!("checked {checked} of {segments} segments"))
        .collect();
    let lines: Vec<&str> = shown.split('\r').filter(|line| !line.is_empty()).collect();
    // At last the line is wiped.
    let (wiped, lines) = lines.split_last().unwrap();
    assert_eq!(
        (lines, *wiped),
        (
            &steps.iter().map(String::as_str).collect::<Vec<_>>()[..],
            "\x1b[K"
        )
    );
}
