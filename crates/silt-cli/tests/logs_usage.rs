//! Bad options, bad cursors, bad folders: the exit code and what is said.

mod support;

use support::*;

#[test]
fn bad_options_end_with_2_and_say_what_to_do() {
    let folder = Folder::new();
    folder.writer(&small_segments()).end();
    for (arguments, said) in [
        (&["--tail", "many"][..], "whole number"),
        (&["--tail", "-1"], "whole number"),
        (&["--tail", "99999999999999999999"], "whole number"),
        (&["--since", "5"], "unit"),
        (&["--since", "1700000000"], "RFC 3339"),
        (&["--until", "2026-05-01T10:00:00"], "zone"),
        (&["--since", "5m", "--cursor", "abc"], "--cursor"),
        (&["--source", "stdin"], "stdout, stderr, output, system"),
        (&["--level", "loud"], "debug, info, warning"),
        (&["--grep", "("], "--grep"),
        (&["--session", "x"], "numbered 1"),
        (&["--session", "0"], "numbered 1"),
        (&["--color", "sometimes"], "never"),
        (&["--on-gap", "ignore"], "report"),
        (&["--raw", "--json"], "--json"),
        (&["--bogus"], "--bogus"),
        (&["name-too"], "--dir"),
    ] {
        let output = folder.logs_of(arguments);
        assert_eq!(code(&output), Some(2), "{arguments:?}");
        assert_eq!(stdout(&output), "");
        assert!(
            stderr(&output).contains(said),
            "{arguments:?}: {}",
            stderr(&output)
        );
    }
    for arguments in [
        &["logs"][..],
        &["fly"],
        &["logs", "../x"],
        &["logs", ""],
        &[],
    ] {
        let output = folder.silt(arguments).output().unwrap();
        assert_eq!(code(&output), Some(2), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn options_that_exclude_each_other_are_refused_before_the_sandbox_is_looked_for() {
    let folder = Folder::new();
    let output = folder
        .silt(&["logs", "nobody", "--since", "5m", "--cursor", "abc"])
        .output()
        .unwrap();
    assert_eq!(code(&output), Some(2));
}

#[test]
fn what_is_not_there_ends_with_3() {
    let folder = Folder::new();
    for verb in ["logs", "verify", "inspect", "stop", "kill", "rm", "start"] {
        let output = folder.silt(&[verb, "nobody"]).output().unwrap();
        assert_eq!(code(&output), Some(3), "{verb}: {}", stderr(&output));
        assert!(stderr(&output).contains("nobody"));
    }
    let output = folder
        .silt(&["exec", "nobody", "--", "true"])
        .output()
        .unwrap();
    assert_eq!(code(&output), Some(3));
    assert_eq!(code(&folder.logs_of(&[])), Some(3));
}

#[test]
fn cursors_that_can_not_be_used_end_with_5_and_the_reason() {
    let (folder, other) = (Folder::new(), Folder::new());
    let mut writer = folder.writer(&small_segments());
    append_lines(&mut writer, 1, 1, 5);
    let mut foreign = other.writer(&small_segments());
    append_lines(&mut foreign, 1, 1, 5);
    let foreign = foreign.position_cursor();
    let own = writer.position_cursor();
    let mut changed = own.clone();
    let at = changed.len() / 2;
    let letter = if &own[at..=at] == "A" { "B" } else { "A" };
    changed.replace_range(at..=at, letter);
    for (cursor, reason) in [
        ("nonsense!", "malformed"),
        ("", "malformed"),
        (changed.as_str(), "checksum"),
        (foreign.as_str(), "other-log"),
    ] {
        let output = folder.logs_of(&[&format!("--cursor={cursor}")]);
        assert_eq!(code(&output), Some(5), "{cursor}: {}", stderr(&output));
        assert_eq!(stdout(&output), "");
        assert!(stderr(&output).contains(reason), "{}", stderr(&output));
    }
    assert_eq!(code(&folder.logs_of(&["--cursor", &own])), Some(0));
}

#[test]
fn a_folder_without_a_readable_header_ends_with_6() {
    let folder = Folder::new();
    std::fs::create_dir(folder.logs()).unwrap();
    std::fs::write(folder.logs().join("exec.log.000001"), "nonsense\n").unwrap();
    assert_eq!(code(&folder.logs_of(&[])), Some(6));
}

#[test]
fn help_tells_the_exit_codes_and_version_is_one_line() {
    let folder = Folder::new();
    let output = folder.silt(&["--help"]).output().unwrap();
    let help = stdout(&output);
    assert_eq!(code(&output), Some(0));
    for told in ["Exit codes", "missed rotation", "SILT_HOME", "@silt/server"] {
        assert!(help.contains(told), "{told}");
    }
    assert!(!help.contains("__supervise"));
    let output = folder.silt(&["--version"]).output().unwrap();
    assert_eq!(
        stdout(&output),
        format!("silt {}\n", env!("CARGO_PKG_VERSION"))
    );
}
