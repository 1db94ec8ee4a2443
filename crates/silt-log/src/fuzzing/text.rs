//! Levels and control sequences against plain readings of what they promise.

use crate::json::{escape_into, unescape_into};
use crate::{Level, level_of, strip_ansi, strip_controls};
use serde_json::Value;

/// A line of text: its level, its control sequences, and its way into JSON.
pub fn text(bytes: &[u8]) {
    let stripped = strip_ansi(bytes);
    assert!(!stripped.contains(&0x1b));
    let line_ends = |text: &[u8]| memchr::memchr_iter(b'\n', text).count();
    assert_eq!(line_ends(&stripped), line_ends(bytes));
    if let Ok(text) = std::str::from_utf8(bytes) {
        assert!(std::str::from_utf8(&stripped).is_ok());
        assert_eq!(strip_ansi(&stripped), stripped, "nothing is left to remove");
        let mut raw = Vec::new();
        escape_into(bytes, &mut raw);
        let quoted = [b"\"", &*raw, b"\""].concat();
        assert_eq!(
            serde_json::from_slice::<String>(&quoted).ok().as_deref(),
            Some(text)
        );
    }
    let safe = strip_controls(bytes);
    assert_eq!(strip_controls(&safe), safe, "nothing is left to remove");

    let quoted = [b"\"", bytes, b"\""].concat();
    let mut unescaped = Vec::new();
    let read = unescape_into(bytes, &mut unescaped);
    let expected = serde_json::from_slice::<String>(&quoted).ok();
    assert_eq!(
        read.then_some(&*unescaped),
        expected.as_deref().map(str::as_bytes)
    );

    if let Some(level) = expected_level(&stripped) {
        assert_eq!(level_of(bytes), level);
    }
}

/// `None` for an object that only the level's own reader takes.
fn expected_level(line: &[u8]) -> Option<Level> {
    let trimmed = line.trim_ascii();
    if trimmed.starts_with(b"{") && trimmed.ends_with(b"}") {
        match serde_json::from_slice::<Value>(trimmed) {
            Ok(object) => {
                if let Some(level) = stated(&object) {
                    return Some(level);
                }
            }
            Err(_) => return None,
        }
    }
    Some(severest(line))
}

fn stated(object: &Value) -> Option<Level> {
    let value = ["level", "severity", "lvl"]
        .iter()
        .map(|key| &object[key])
        .find(|value| value.is_string() || value.is_number())?;
    match value.as_f64() {
        Some(number) if number >= 60.0 => Some(Level::Critical),
        Some(number) if number >= 50.0 => Some(Level::Error),
        Some(number) if number >= 40.0 => Some(Level::Warning),
        Some(number) if number >= 30.0 => Some(Level::Info),
        Some(_) => Some(Level::Debug),
        None => word_level(value.as_str()?),
    }
}

fn severest(line: &[u8]) -> Level {
    let mut words = vec![String::new()];
    for chunk in line.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character.is_alphanumeric() || character == '_' {
                words.last_mut().expect("never empty").push(character);
            } else {
                words.push(String::new());
            }
        }
        words.push(String::new());
    }
    let level = |word: &String| {
        let ends = word.ends_with("Error") || word.ends_with("Exception");
        word_level(word).or(ends.then_some(Level::Error))
    };
    words.iter().filter_map(level).max().unwrap_or(Level::Info)
}

fn word_level(word: &str) -> Option<Level> {
    Some(match word.to_ascii_uppercase().as_str() {
        "CRITICAL" | "FATAL" => Level::Critical,
        "ERROR" | "EXCEPTION" => Level::Error,
        "WARNING" | "WARN" => Level::Warning,
        "INFO" => Level::Info,
        "DEBUG" | "TRACE" => Level::Debug,
        _ => return None,
    })
}
