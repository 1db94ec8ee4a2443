//! What `silt logs` says where entries are missing.

mod support;

use serde_json::Value;
use silt_log::{Log, WriterOptions};
use support::*;

/// A log whose first entries are gone, and a cursor from before they went.
fn rotated() -> (Folder, String, u64) {
    let folder = Folder::new();
    let options = WriterOptions {
        max_bytes: 16 << 10,
        segment_bytes: Some(2048),
        ..WriterOptions::default()
    };
    let mut writer = folder.writer(&options);
    append_lines(&mut writer, 1, 1, 3);
    let text = stdout(&folder.logs_of(&["--json", "--with-cursors"]));
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    append_lines(&mut writer, 1, 4, 2000);
    writer.end();
    let kept = stdout(&folder.logs_of(&["--json"]));
    let first: Value = serde_json::from_str(kept.lines().next().unwrap()).unwrap();
    let cursor = last["cursor"].as_str().unwrap().to_owned();
    (folder, cursor, first["sequence"].as_u64().unwrap())
}

fn lines(from: u64, to: u64) -> String {
    (from..=to).map(|n| format!("line {n}\n")).collect()
}

/// Makes an entry of a segment unreadable: its number, which is returned, becomes
/// a gap.
fn damage(folder: &Folder, segment: &str, line: usize) -> u64 {
    let path = folder.logs().join(segment);
    let text = std::fs::read_to_string(&path).unwrap();
    let line = text.lines().nth(line).unwrap();
    let entry: Value = serde_json::from_str(line).unwrap();
    std::fs::write(&path, text.replace(line, &line.replace('{', "#"))).unwrap();
    entry["n"].as_u64().unwrap()
}

#[test]
fn a_missed_rotation_names_the_range_and_the_command_that_goes_on() {
    let (folder, cursor, first) = rotated();
    for follow in [&[][..], &["--follow"], &["--on-gap=error"]] {
        let cursor = format!("--cursor={cursor}");
        let mut arguments = vec!["--source", "stdout", "--grep", "line|it's", &cursor];
        arguments.extend(follow);
        let output = folder.logs_of(&arguments);
        assert_eq!(code(&output), Some(4));
        assert_eq!(stdout(&output), "");
        let said = stderr(&output);
        let range = format!(
            "exec 4 to {} missing: {} entries (rotated)",
            first - 1,
            first - 4
        );
        assert!(said.contains(&range), "{said}");
        // The command is run as it stands, by a shell.
        let (_, command) = said.trim_end().split_once("go on with: silt ").unwrap();
        let shell = std::process::Command::new("sh")
            .args(["-c", &format!("exec \"$SILT\" {command}")])
            .env("SILT", env!("CARGO_BIN_EXE_silt"))
            .output()
            .unwrap();
        assert_eq!(stdout(&shell), lines(first, 2000), "{said}");
        assert_eq!(code(&shell), Some(0));
        assert_eq!(command.contains("--follow"), follow == ["--follow"]);
    }
}

#[test]
fn gaps_are_reported_in_band_on_request() {
    let (folder, cursor, first) = rotated();
    let cursor = format!("--cursor={cursor}");
    let output = folder.logs_of(&["--on-gap", "report", &cursor]);
    let expected = format!(
        "--- exec 4 to {} missing: {} entries (rotated) ---\n{}",
        first - 1,
        first - 4,
        lines(first, 2000)
    );
    assert_eq!((code(&output), stdout(&output)), (Some(0), expected));
    let output = folder.logs_of(&["--on-gap", "report", "--json", "-f", &cursor]);
    let text = stdout(&output);
    let gap: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(gap["type"], "gap");
    assert_eq!(
        (gap["log"].as_str(), gap["reason"].as_str()),
        (Some("exec"), Some("rotated"))
    );
    assert_eq!(gap["from"], 4);
    assert_eq!(gap["to"], first - 1);
    assert_eq!(gap["lost"], first - 4);
    assert_eq!(text.lines().count() as u64, 1 + 2000 - (first - 1));
    let resume = format!("--cursor={}", gap["resumeCursor"].as_str().unwrap());
    assert_eq!(stdout(&folder.logs_of(&[&resume])), lines(first, 2000));
}

#[test]
fn a_beginning_that_is_gone_is_told_and_no_error() {
    let (folder, _, first) = rotated();
    let output = folder.logs_of(&[]);
    assert_eq!(
        (code(&output), stdout(&output)),
        (Some(0), lines(first, 2000))
    );
    assert!(stderr(&output).contains("the beginning of this log is gone"));
    let output = folder.logs_of(&["--tail", "1"]);
    assert_eq!(stderr(&output), "");
}

#[test]
fn a_recorded_gap_is_told_by_a_snapshot_and_ends_a_follower() {
    let folder = Folder::new();
    let mut writer = folder.writer(&small_segments());
    append_lines(&mut writer, 1, 1, 1000);
    writer.end();
    let n = damage(&folder, "exec.log.000002", 5);

    let output = folder.logs_of(&[]);
    let expected = lines(1, n - 1) + &lines(n + 1, 1000);
    assert_eq!((code(&output), stdout(&output)), (Some(0), expected));
    let said = stderr(&output);
    assert!(
        said.contains(&format!("exec {n} to {n} missing: 1 entry (damage)")),
        "{said}"
    );

    let output = folder.logs_of(&["-f"]);
    assert_eq!((code(&output), stdout(&output)), (Some(4), lines(1, n - 1)));
}

#[test]
fn a_recorded_gap_before_a_missed_rotation_is_told_too() {
    let folder = Folder::new();
    for life in 0..3 {
        let mut writer = folder.writer(&WriterOptions::default());
        writer.event(Log::Runtime, "started");
        append_lines(&mut writer, 1, life * 10 + 1, life * 10 + 10);
        writer.end();
    }
    let text = stdout(&folder.logs_of(&["--source=all", "--json", "--with-cursors"]));
    let items: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let first = items.iter().find(|item| item["log"] == "exec").unwrap();
    let cursor = format!("--cursor={}", first["cursor"].as_str().unwrap());
    // As retention takes them; of what the commands wrote one line is gone.
    std::fs::remove_file(folder.logs().join("runtime.log.000001")).unwrap();
    std::fs::remove_file(folder.logs().join("runtime.log.000002")).unwrap();
    assert_eq!(damage(&folder, "exec.log.000001", 2), 2);

    let output = folder.logs_of(&["--source=all", &cursor]);
    assert_eq!(code(&output), Some(4));
    let said = stderr(&output);
    assert!(
        said.contains("runtime 2 to 2 missing: 1 entry (rotated); go on with"),
        "{said}"
    );
    // What the command goes on with says nothing of it any more.
    let (_, resumed) = said.trim_end().rsplit_once("--cursor=").unwrap();
    let rest = folder.logs_of(&["--source=all", &format!("--cursor={resumed}")]);
    let told = said.clone() + &stderr(&rest);
    let recorded = "exec 2 to 2 missing: 1 entry (damage)";
    assert_eq!(told.matches(recorded).count(), 1, "{told}");
    assert_eq!(code(&rest), Some(0));
    let shown = stdout(&output) + &stdout(&rest);
    assert_eq!(shown.replacen("started\n", "", 1), lines(3, 30));
}
