//! `silt verify`: 0 for what is whole, 6 for damage, named by its entries.

mod support;

use serde_json::Value;
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
    assert!(text.contains("exec: 1000 entries in"), "{text}");
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
    let range = format!("entries {} to {}", numbers[0], numbers[numbers.len() - 1]);
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
