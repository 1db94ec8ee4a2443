//! `silt logs --json`: one entry a line, and nothing is lost.

mod support;

use base64::Engine;
use serde_json::Value;
use silt_log::{Log, Source};
use support::*;

fn entries(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn bytes(entry: &Value) -> Vec<u8> {
    let data = entry["data"].as_str().unwrap();
    match entry["encoding"].as_str() {
        None => data.as_bytes().to_vec(),
        Some("base64") => base64::engine::general_purpose::STANDARD
            .decode(data)
            .unwrap(),
        Some(other) => panic!("{other}"),
    }
}

#[test]
fn an_entry_has_the_documented_shape() {
    let folder = Folder::new();
    let mut writer = folder.writer(&small_segments());
    writer.append(3, Source::Stderr, b"an ERROR: \"caf\xc3\xa9\" \x1b[0m\t\n");
    writer.event(Log::Runtime, "mark");
    writer.end();
    let text = stdout(&folder.logs_of(&["--json", "--source", "all"]));
    let lines: Vec<&str> = text.lines().collect();
    let timestamp = |line: &str| line["{\"timestamp\":\"".len()..][..30].to_owned();
    assert_eq!(
        lines[0],
        format!(
            "{{\"timestamp\":\"{}\",\"log\":\"exec\",\"source\":\"stderr\",\"sessionId\":3,\"sequence\":1,\"level\":\"ERROR\",\"data\":\"an ERROR: \\\"café\\\" \\u001b[0m\\t\\n\"}}",
            timestamp(lines[0])
        )
    );
    assert_eq!(
        lines[1],
        format!(
            "{{\"timestamp\":\"{}\",\"log\":\"runtime\",\"source\":\"system\",\"sessionId\":null,\"sequence\":1,\"level\":\"INFO\",\"data\":\"mark\\n\"}}",
            timestamp(lines[1])
        )
    );
}

#[test]
fn every_byte_comes_back_through_base64_and_parts() {
    let folder = Folder::new();
    let mut writer = folder.writer(&small_segments());
    let mut written = Vec::new();
    let mut state = 1u64;
    for length in [1, 7, 100, 20_000, 50_000, 3] {
        let chunk: Vec<u8> = (0..length)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                // Line ends are rare, so that there are long lines.
                let byte = (state >> 56) as u8;
                if byte == b'\n' && state & 0x3f00 != 0 {
                    0
                } else {
                    byte
                }
            })
            .collect();
        writer.append(1, Source::Stdout, &chunk);
        written.extend(chunk);
    }
    writer.end();
    let entries = entries(&stdout(&folder.logs_of(&["--json"])));
    let joined: Vec<u8> = entries.iter().flat_map(bytes).collect();
    assert_eq!(joined, written);
    assert!(entries.iter().any(|entry| entry["part"] == "first"));
    assert!(entries.iter().any(|entry| entry["encoding"] == "base64"));
}

#[test]
fn cursors_are_given_where_asked_for_and_go_on_after_their_entry() {
    let folder = Folder::new();
    let mut writer = folder.writer(&small_segments());
    append_lines(&mut writer, 1, 1, 700);
    writer.end();
    assert!(!stdout(&folder.logs_of(&["--json"])).contains("cursor"));
    let all = entries(&stdout(&folder.logs_of(&["--json", "--with-cursors"])));
    assert_eq!(all.len(), 700);
    for n in [1, 255, 256, 257, 699, 700] {
        let cursor = format!("--cursor={}", all[n - 1]["cursor"].as_str().unwrap());
        let text = stdout(&folder.logs_of(&[&cursor]));
        let expected: String = (n + 1..=700).map(|n| format!("line {n}\n")).collect();
        assert_eq!(text, expected, "after {n}");
    }
}
