//! `silt logs -f`: live, to the end, and out of the way when nobody reads.

mod support;

use rustix::process::Signal;
use silt_log::{Source, WriterOptions};
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use support::*;

fn follow(folder: &Folder, arguments: &[&str]) -> Child {
    let logs = folder.logs();
    let mut all = vec!["logs", "-f", "--dir", logs.to_str().unwrap()];
    all.extend(arguments);
    folder
        .silt(&all)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn it_shows_what_comes_at_once_and_ends_when_the_writer_stops() {
    let folder = Folder::new();
    let mut writer = folder.writer(&small_segments());
    append_lines(&mut writer, 1, 1, 10);
    let mut child = follow(&folder, &[]);
    let mut shown = BufReader::new(child.stdout.take().unwrap()).lines();
    for n in 1..=10 {
        assert_eq!(shown.next().unwrap().unwrap(), format!("line {n}"));
    }
    // One at a time, each read before the next is written.
    for n in 11..=200 {
        append_lines(&mut writer, 1, n, n);
        assert_eq!(shown.next().unwrap().unwrap(), format!("line {n}"));
    }
    append_lines(&mut writer, 1, 201, 5000);
    writer.end();
    for n in 201..=5000 {
        assert_eq!(shown.next().unwrap().unwrap(), format!("line {n}"));
    }
    assert!(shown.next().is_none());
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), stderr(&output)), (Some(0), String::new()));
}

#[test]
fn an_end_by_crash_is_said_in_one_line_and_is_no_failure() {
    let folder = Folder::new();
    let mut writer = folder.writer(&small_segments());
    append_lines(&mut writer, 1, 1, 3);
    drop(writer);
    let output = follow(&folder, &[]).wait_with_output().unwrap();
    assert_eq!(code(&output), Some(0));
    assert_eq!(stdout(&output), "line 1\nline 2\nline 3\n");
    assert_eq!(stderr(&output).lines().count(), 1);
    assert!(stderr(&output).contains("crashed"));
}

#[test]
fn ctrl_c_ends_it_with_all_that_was_shown_and_nothing_said() {
    let folder = Folder::new();
    let mut writer = folder.writer(&small_segments());
    append_lines(&mut writer, 1, 1, 3);
    let mut child = follow(&folder, &[]);
    let mut shown = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    for _ in 0..3 {
        shown.read_line(&mut line).unwrap();
    }
    send(&child, Signal::INT);
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), stderr(&output)), (Some(0), String::new()));
    assert_eq!(line, "line 1\nline 2\nline 3\n");
    append_lines(&mut writer, 1, 4, 4);
    let mut rest = String::new();
    shown.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
}

#[test]
fn ctrl_c_ends_it_while_its_reader_does_not_read() {
    let folder = Folder::new();
    let mut writer = folder.writer(&WriterOptions::default());
    append_lines(&mut writer, 1, 1, 300_000);
    let mut child = follow(&folder, &[]);
    let mut first = [0; 1];
    child
        .stdout
        .as_mut()
        .unwrap()
        .read_exact(&mut first)
        .unwrap();
    // It blocks in a write: the log is larger than any pipe.
    send(&child, Signal::INT);
    until("its end", || child.try_wait().unwrap().is_some());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = Folder::new();
    let mut writer = folder.writer(&WriterOptions::default());
    append_lines(&mut writer, 1, 1, 300_000);
    for arguments in [
        &[][..],
        &["--json"],
        &["--timestamps"],
        &["-f"],
        &["-f", "--json"],
    ] {
        let logs = folder.logs();
        let mut all = vec!["logs", "--dir", logs.to_str().unwrap()];
        all.extend(arguments);
        let mut child = folder
            .silt(&all)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut shown = BufReader::new(child.stdout.take().unwrap());
        shown.read_line(&mut line).unwrap();
        assert!(line.contains("line 1"));
        drop(shown);
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            (code(&output), stderr(&output)),
            (Some(0), String::new()),
            "{arguments:?}"
        );
    }
}

#[test]
fn a_reader_that_goes_ends_it_though_the_log_is_quiet() {
    let folder = Folder::new();
    let mut writer = folder.writer(&small_segments());
    writer.append(1, Source::Stdout, b"only\n");
    writer.flush();
    let mut child = follow(&folder, &[]);
    let mut shown = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    shown.read_line(&mut line).unwrap();
    drop(shown);
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), stderr(&output)), (Some(0), String::new()));
}

#[test]
fn until_ends_it_on_a_quiet_log() {
    let folder = Folder::new();
    let mut writer = folder.writer(&small_segments());
    append_lines(&mut writer, 1, 1, 2);
    // Whatever is captured after this instant is not wanted.
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let soon = silt_log::format_time(now.as_nanos() as i64 + 300_000_000);
    let output = follow(&folder, &["--until", &soon])
        .wait_with_output()
        .unwrap();
    assert_eq!(stdout(&output), "line 1\nline 2\n");
    assert_eq!(code(&output), Some(0));
}

#[test]
fn one_interrupt_ends_it_though_nobody_reads_its_colours() {
    let folder = Folder::new();
    let mut writer = folder.writer(&WriterOptions::default());
    for _ in 0..100_000 {
        writer.append(
            1,
            Source::Stdout,
            b"\x1b[31mline of a colour that stays on\n",
        );
    }
    writer.flush();
    let mut child = follow(&folder, &["--color=always"]);
    let shown = child.stdout.take().unwrap();
    let held = || rustix::io::ioctl_fionread(&shown).unwrap();
    until("a full pipe", || {
        let first = held();
        first > 4096 && (0..10_000).all(|_| held() == first)
    });
    send(&child, Signal::INT);
    until("the end", || child.try_wait().unwrap().is_some());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
