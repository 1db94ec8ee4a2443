//! How `silt logs` shows entries as text.

mod support;

use silt_log::{Log, Source};
use support::*;

#[test]
fn the_whole_log_comes_in_order_through_rotation() {
    let folder = Folder::new();
    let mut writer = folder.writer(&small_segments());
    append_lines(&mut writer, 1, 1, 5000);
    writer.end();
    let output = folder.logs_of(&[]);
    let expected: String = (1..=5000).map(|n| format!("line {n}\n")).collect();
    assert_eq!(stdout(&output), expected);
    assert_eq!((code(&output), stderr(&output)), (Some(0), String::new()));
    assert_eq!(
        stdout(&folder.logs_of(&["--tail", "2"])),
        "line 4999\nline 5000\n"
    );
    assert_eq!(stdout(&folder.logs_of(&["-n", "0"])), "");
}

#[test]
fn sources_sessions_levels_and_patterns_filter() {
    let folder = Folder::new();
    let mut writer = folder.writer(&small_segments());
    writer.append(1, Source::Stdout, b"out INFO\n");
    writer.append(1, Source::Stderr, b"err WARN\n");
    writer.append(2, Source::Output, b"pty ERROR\n");
    writer.event(Log::Exec, "--- a mark ---");
    writer.event(Log::Runtime, "started");
    writer.end();
    for (arguments, expected) in [
        (&[][..], "out INFO\nerr WARN\npty ERROR\n"),
        (&["--source", "stderr"], "err WARN\n"),
        (&["--source", "stdout,output"], "out INFO\npty ERROR\n"),
        (
            &["--source", "stdout", "--source", "stderr"],
            "out INFO\nerr WARN\n",
        ),
        (&["--source", "system"], "--- a mark ---\nstarted\n"),
        (
            &["--source", "all"],
            "out INFO\nerr WARN\npty ERROR\n--- a mark ---\nstarted\n",
        ),
        (&["--session", "2"], "pty ERROR\n"),
        (
            &["--session", "1", "--session", "2", "--level", "warn"],
            "err WARN\npty ERROR\n",
        ),
        (&["--level", "ERROR"], "pty ERROR\n"),
        (&["--grep", "^(out|pty) "], "out INFO\npty ERROR\n"),
        (&["--grep", "E", "--tail", "1"], "pty ERROR\n"),
        (&["--since", "1h"], "out INFO\nerr WARN\npty ERROR\n"),
        (&["--until", "1h"], ""),
        (&["--since", "2200-01-01T00:00:00Z"], ""),
    ] {
        let output = folder.logs_of(arguments);
        assert_eq!(
            stdout(&output),
            expected,
            "{arguments:?}: {}",
            stderr(&output)
        );
        assert_eq!(code(&output), Some(0));
    }
}

#[test]
fn prefixes_come_in_the_order_timestamp_session_cursor() {
    let folder = Folder::new();
    let mut writer = folder.writer(&small_segments());
    writer.append(3, Source::Stdout, b"text\n");
    writer.event(Log::Exec, "mark");
    writer.end();
    let text = stdout(&folder.logs_of(&[
        "--source",
        "all",
        "--show-id",
        "--timestamps",
        "--with-cursors",
    ]));
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(' ').collect()).collect();
    for (line, id, data) in [(&lines[0], "3", "text"), (&lines[1], "-", "mark")] {
        assert_eq!(line.len(), 4, "{text}");
        assert!(line[0].ends_with('Z') && line[0].len() == 30, "{text}");
        assert_eq!((line[1], line[3]), (id, data));
    }
    // A cursor that was shown goes on just after its line.
    let after = format!("--cursor={}", lines[0][2]);
    let output = folder.logs_of(&["--source", "all", &after]);
    assert_eq!(stdout(&output), "mark\n");
    assert_eq!(stdout(&folder.logs_of(&["--show-id"])), "3 text\n");
}

#[test]
fn parts_of_a_line_are_joined_and_only_lines_get_prefixes() {
    let folder = Folder::new();
    let mut writer = folder.writer(&small_segments());
    let long = "x".repeat(40_000);
    writer.append(1, Source::Stdout, format!("{long}\n").as_bytes());
    // Their own line ends keep two unfinished lines apart, with prefixes.
    let longer = "y".repeat(20_000);
    writer.append(1, Source::Stderr, longer.as_bytes());
    writer.append(1, Source::Stdout, b"between\n");
    writer.append(1, Source::Stderr, b"end\n");
    writer.end();
    assert_eq!(
        stdout(&folder.logs_of(&["--source", "stdout", "--show-id"])),
        format!("1 {long}\n1 between\n")
    );
    let text = stdout(&folder.logs_of(&["--show-id"]));
    assert!(text.lines().all(|line| line.starts_with("1 ")), "{text}");
    assert_eq!(text.lines().filter(|line| *line == "1 between").count(), 1);
    assert_eq!(text.matches('y').count(), 20_000);
}

#[test]
fn control_sequences_go_unless_colour_is_on_and_raw_changes_nothing() {
    let folder = Folder::new();
    let mut writer = folder.writer(&small_segments());
    let wild = b"\x1b[32mgreen\x1b[0m\x1b[2J\x07 caf\xc3\xa9 \xff\xfe\n";
    writer.append(1, Source::Stdout, wild);
    writer.append(1, Source::Stderr, b"red\n");
    writer.end();
    let plain = b"green caf\xc3\xa9 \xff\xfe\nred\n";
    // A pipe is no terminal.
    assert_eq!(folder.logs_of(&[]).stdout, plain);
    assert_eq!(folder.logs_of(&["--color", "never"]).stdout, plain);
    assert_eq!(folder.logs_of(&["--no-color"]).stdout, plain);
    assert_eq!(
        folder.logs_of(&["--raw"]).stdout,
        [wild, b"red\n".as_slice()].concat()
    );
    let colored = folder.logs_of(&["--color=always"]).stdout;
    assert_eq!(
        colored,
        b"\x1b[32mgreen\x1b[0m caf\xc3\xa9 \xff\xfe\n\x1b[31mred\x1b[0m\n\x1b[0m"
    );
}

#[test]
fn colour_is_for_terminals_and_no_color_turns_it_off() {
    let folder = Folder::new();
    let mut writer = folder.writer(&small_segments());
    writer.append(1, Source::Stderr, b"red\n");
    writer.end();
    let logs = folder.logs();
    let on_terminal = |variable: Option<(&str, &str)>, arguments: &[&str]| {
        let mut all = vec!["logs", "--dir", logs.to_str().unwrap()];
        all.extend(arguments);
        let mut command = folder.silt(&all);
        command.env("TERM", "xterm");
        if let Some((name, value)) = variable {
            command.env(name, value);
        }
        terminal_output(command)
    };
    assert!(on_terminal(None, &[]).contains("\x1b[31mred"));
    assert!(!on_terminal(None, &["--no-color"]).contains('\x1b'));
    assert!(!on_terminal(Some(("NO_COLOR", "1")), &[]).contains('\x1b'));
    assert!(on_terminal(Some(("NO_COLOR", "")), &[]).contains('\x1b'));
    assert!(on_terminal(Some(("NO_COLOR", "1")), &["--color=always"]).contains('\x1b'));
    assert!(!on_terminal(Some(("TERM", "dumb")), &[]).contains('\x1b'));
}

/// What a command writes to a terminal.
fn terminal_output(mut command: std::process::Command) -> String {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    let main = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&main).unwrap();
    unlockpt(&main).unwrap();
    let name = ptsname(&main, Vec::new()).unwrap();
    let side = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(name.to_str().unwrap())
        .unwrap();
    let mut child = command.stdout(side.try_clone().unwrap()).spawn().unwrap();
    drop((side, command));
    let mut text = Vec::new();
    let mut chunk = [0; 1024];
    // EIO: the last writer has closed it.
    while let Ok(count) = rustix::io::read(&main, &mut chunk) {
        if count == 0 {
            break;
        }
        text.extend_from_slice(&chunk[..count]);
    }
    assert!(child.wait().unwrap().success());
    String::from_utf8(text).unwrap()
}

#[test]
fn every_cursor_that_is_shown_goes_on_just_after_what_was_shown_with_it() {
    let folder = Folder::new();
    let mut writer = folder.writer(&small_segments());
    writer.append(
        1,
        Source::Stdout,
        format!("{}\n", "x".repeat(40_000)).as_bytes(),
    );
    writer.append(1, Source::Stdout, b"after\n");
    writer.end();
    let whole = stdout(&folder.logs_of(&[]));
    let text = stdout(&folder.logs_of(&["--with-cursors"]));
    let mut shown = String::new();
    for line in text.lines() {
        let (cursor, data) = line.split_once(' ').unwrap();
        shown.push_str(data);
        let rest = stdout(&folder.logs_of(&[&format!("--cursor={cursor}")]));
        let rest = rest.replace('\n', "");
        assert_eq!(format!("{shown}{rest}"), whole.replace('\n', ""));
    }
    assert_eq!(text.lines().count(), 4);
}

#[test]
fn parts_of_two_lines_are_not_joined_where_what_stood_between_was_left_out() {
    let folder = Folder::new();
    let mut writer = folder.writer(&small_segments());
    let (first, second) = ("a".repeat(20_000), "b".repeat(20_000));
    let text = format!("HIT {first}\nplain\n{second}HIT end\n");
    writer.append(1, Source::Stdout, text.as_bytes());
    writer.end();
    let text = stdout(&folder.logs_of(&["--grep", "HIT", "--show-id"]));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines.len(),
        2,
        "{}",
        text.replace("aa", "").replace("bb", "")
    );
    assert!(lines[0].starts_with("1 HIT a") && !lines[0].contains('b'));
    assert!(lines[1].starts_with("1 b") && lines[1].ends_with("HIT end"));
}
