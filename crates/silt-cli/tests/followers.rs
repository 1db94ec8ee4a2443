//! A sandbox that writes fast, and followers of it in processes of their own.

mod support;

use rustix::process::Signal;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use support::*;

const LINES: u64 = 300_000;

/// Waits for a byte before it begins, so that followers are there from the start.
const SCRIPT: &str = "read go; i=0; while [ $i -lt 300000 ]; do echo \"line $i\"; i=$((i+1)); done";

fn begin(folder: &Folder, arguments: &[&str]) -> Child {
    let mut all = vec!["run", "--name", "fast"];
    all.extend(arguments);
    all.extend(["--", "sh", "-c", SCRIPT]);
    let child = folder
        .silt(&all)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    until("the sandbox", || {
        folder
            .silt(&["logs", "fast"])
            .output()
            .unwrap()
            .status
            .success()
    });
    child
}

fn follow(folder: &Folder, arguments: &[&str]) -> Child {
    let mut all = vec!["logs", "-f", "fast"];
    all.extend(arguments);
    folder
        .silt(&all)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Whether a process waits without using the processor: it has reached its wait.
fn is_asleep(child: &Child) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
    let descriptors = format!("/proc/{}/fd", child.id());
    let watches = std::fs::read_dir(descriptors)
        .unwrap()
        .filter_map(|fd| std::fs::read_link(fd.ok()?.path()).ok())
        .any(|target| target.to_string_lossy().contains("inotify"));
    watches
        && stat
            .rsplit(')')
            .next()
            .unwrap()
            .trim_start()
            .starts_with('S')
}

fn go(child: &mut Child) {
    use std::io::Write;
    child.stdin.take().unwrap().write_all(b"\n").unwrap();
}

/// What the sandbox wrote, seen by `run` itself.
fn count_shown(child: &mut Child) -> std::thread::JoinHandle<u64> {
    let shown = BufReader::new(child.stdout.take().unwrap());
    std::thread::spawn(move || {
        let mut next = 0;
        for line in shown.lines() {
            assert_eq!(line.unwrap(), format!("line {next}"));
            next += 1;
        }
        next
    })
}

/// The numbers that a follower got, with the entries lost in gaps between.
fn taken(text: &str) -> (u64, u64) {
    let (mut delivered, mut lost, mut expected) = (0, 0, 1);
    for line in text.lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        if entry["type"] == "gap" {
            assert_eq!(entry["from"], expected);
            lost += entry["lost"].as_u64().unwrap();
            expected = entry["to"].as_u64().unwrap() + 1;
            continue;
        }
        assert_eq!(entry["sequence"], expected);
        assert_eq!(entry["data"], format!("line {}\n", expected - 1));
        expected += 1;
        delivered += 1;
    }
    (delivered, lost)
}

#[test]
fn a_follower_gets_every_line_once_and_in_order_and_ends_by_itself() {
    let folder = Folder::new();
    let mut child = begin(&folder, &["--log-segment-bytes", "262144"]);
    let follower = follow(&folder, &["--json"]);
    until("the follower's wait", || is_asleep(&follower));
    let shown = count_shown(&mut child);
    go(&mut child);
    let output = follower.wait_with_output().unwrap();
    assert_eq!((code(&output), stderr(&output)), (Some(0), String::new()));
    assert_eq!(taken(&stdout(&output)), (LINES, 0));
    assert_eq!(shown.join().unwrap(), LINES);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(
        code(&folder.silt(&["verify", "fast"]).output().unwrap()),
        Some(0)
    );
}

#[test]
fn a_follower_that_was_stopped_is_told_exactly_what_it_missed() {
    for report in [false, true] {
        let folder = Folder::new();
        let mut child = begin(
            &folder,
            &["--log-max-bytes", "2m", "--log-segment-bytes", "128k"],
        );
        // `run` may miss as well, when it is slow; it is not looked at here.
        let mut shown = child.stdout.take().unwrap();
        std::thread::spawn(move || std::io::copy(&mut shown, &mut std::io::sink()));
        let arguments: &[&str] = if report {
            &["--json", "--on-gap", "report"]
        } else {
            &["--json"]
        };
        let follower = follow(&folder, arguments);
        until("the follower's wait", || is_asleep(&follower));
        send(&follower, Signal::STOP);
        go(&mut child);
        assert_eq!(child.wait().unwrap().code(), Some(0));
        send(&follower, Signal::CONT);
        let output = follower.wait_with_output().unwrap();
        let (before, lost) = taken(&stdout(&output));
        if report {
            assert_eq!((code(&output), stderr(&output)), (Some(0), String::new()));
            assert!(lost > 0);
            assert_eq!(before + lost, LINES);
            continue;
        }
        assert_eq!((code(&output), lost), (Some(4), 0));
        let said = stderr(&output);
        // "exec A to B missing: N entries (rotated); go on with: silt logs …"
        let words: Vec<&str> = said.split([' ', '\n']).collect();
        let (from, to): (u64, u64) = (words[2].parse().unwrap(), words[4].parse().unwrap());
        assert_eq!(from, before + 1, "{said}");
        assert_eq!(words[6], (to - from + 1).to_string(), "{said}");
        let cursor = words
            .iter()
            .find(|word| word.starts_with("--cursor="))
            .unwrap();
        let rest = stdout(
            &folder
                .silt(&["logs", "fast", "--json", cursor])
                .output()
                .unwrap(),
        );
        let first: Value = serde_json::from_str(rest.lines().next().unwrap()).unwrap();
        assert_eq!(first["sequence"], to + 1);
        let delivered = before + rest.lines().count() as u64;
        assert_eq!(delivered + (to - from + 1), LINES);
    }
}
