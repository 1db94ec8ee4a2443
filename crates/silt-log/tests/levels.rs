//! The level rule, held against the table that every client is held against.

use proptest::prelude::*;
use silt_log::{Level, level_of};

#[derive(serde::Deserialize)]
struct Case {
    line: String,
    level: String,
}

fn table() -> Vec<Case> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance/levels.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn every_line_of_the_table_has_its_level() {
    let cases = table();
    assert!(cases.len() >= 90, "only {} lines", cases.len());
    let wrong: Vec<String> = cases
        .iter()
        .filter(|case| level_of(case.line.as_bytes()).name() != case.level)
        .map(|case| {
            let found = level_of(case.line.as_bytes()).name();
            format!("{:?}: {found} instead of {}", case.line, case.level)
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_text_line_has_its_level_at_every_offset() {
    // The search goes in steps; a word may lie across two of them.
    for case in table() {
        let is_json = case.line.trim_ascii().starts_with('{');
        if is_json || case.line.contains(['\x1b', '\u{9b}']) {
            continue;
        }
        for shift in 1..40 {
            let line = format!(
                "{}{}{}",
                " ".repeat(shift),
                case.line,
                " ".repeat(shift % 7)
            );
            assert_eq!(level_of(line.as_bytes()).name(), case.level, "{line:?}");
        }
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_no_letters() {
    for (line, level) in [
        (&b"\xfferror\xff"[..], Level::Error),
        (b"\x80error\x80", Level::Error),
        (b"error\xc3", Level::Error),
        (b"\xc3\xa9error", Level::Info),
        (b"error\xc3\xa9", Level::Info),
        (b"error\xc3(", Level::Error),
        (b"\xa9fatal", Level::Critical),
        (
            b"{\"level\":\"debug\",\"msg\":\"\xff fatal\"}",
            Level::Debug,
        ),
        (
            b"{\"\xff\":1,\"level\":\"debug\",\"msg\":\"fatal\"}",
            Level::Debug,
        ),
        (b"{\"level\":\"\xff\",\"msg\":\"fatal\"}", Level::Critical),
    ] {
        assert_eq!(level_of(line), level, "{}", line.escape_ascii());
    }
}

#[test]
fn deep_nesting_is_read_without_a_deep_stack() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let line = format!("{{\"a\":{deep},\"level\":\"warn\",\"msg\":\"fatal\"}}");
    assert_eq!(level_of(line.as_bytes()), Level::Warning);
}

/// The text rule as the contract words it, character by character.
fn plain_rule(line: &str) -> Level {
    let words = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let levels = words.filter_map(|word| match word.to_ascii_uppercase().as_str() {
        "CRITICAL" | "FATAL" => Some(Level::Critical),
        "ERROR" | "EXCEPTION" => Some(Level::Error),
        _ if word.ends_with("Error") || word.ends_with("Exception") => Some(Level::Error),
        "WARNING" | "WARN" => Some(Level::Warning),
        "INFO" => Some(Level::Info),
        "DEBUG" | "TRACE" => Some(Level::Debug),
        _ => None,
    });
    levels.max().unwrap_or(Level::Info)
}

proptest! {
    #[test]
    fn the_fast_search_finds_what_the_plain_rule_finds(
        pieces in prop::collection::vec(
            prop_oneof![
                "(?i)(critical|fatal|error|exception|warn|warning|info|debug|trace)",
                "(Error|Exception|Err|war|ing|cri|tra|rr|xc|wa|bu)",
                "[ -~]{0,9}",
                "[éя日٣ ·_:.-]{0,2}",
                any::<char>().prop_filter("no escapes", |c| !c.is_control()).prop_map(String::from),
            ],
            0..9,
        )
    ) {
        let line = pieces.concat();
        prop_assume!(!line.trim_ascii().starts_with('{'));
        prop_assert_eq!(level_of(line.as_bytes()), plain_rule(&line), "{:?}", line);
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        level_of(&bytes);
    }
}
