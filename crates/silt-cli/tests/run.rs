//! `silt run` and `silt exec`: a command as if it ran here.

mod support;

use rustix::process::Signal;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use support::*;

fn run(folder: &Folder, arguments: &[&str]) -> Command {
    let mut all = vec!["run"];
    all.extend(arguments);
    folder.silt(&all)
}

fn spawn(mut command: Command) -> Child {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn inspect(folder: &Folder, name: &str) -> Value {
    let output = folder.silt(&["inspect", name, "--json"]).output().unwrap();
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

#[test]
fn output_goes_where_it_was_written_to_and_the_status_comes_back() {
    let folder = Folder::new();
    let script = "printf out; printf 'err\\n' >&2; exit 3";
    let output = run(&folder, &["--name", "one", "--", "sh", "-c", script])
        .output()
        .unwrap();
    assert_eq!(code(&output), Some(3));
    assert_eq!(
        (stdout(&output).as_str(), stderr(&output).as_str()),
        ("out", "err\n")
    );
    // The sandbox has stopped with its command; its log stays.
    let info = inspect(&folder, "one");
    assert_eq!(info["status"], "stopped");
    assert_eq!(info["sessions"][0]["exitCode"], 3);
    for (source, written) in [("stdout", "out"), ("stderr", "err\n")] {
        let output = folder
            .silt(&["logs", "one", "--source", source])
            .output()
            .unwrap();
        assert_eq!(stdout(&output), written);
    }
    assert_eq!(
        code(&folder.silt(&["verify", "one"]).output().unwrap()),
        Some(0)
    );
}

#[test]
fn every_byte_is_shown_as_it_was_written() {
    let folder = Folder::new();
    // The command keeps account of what it wrote; Silt never reads that file.
    let work = folder.path().join("work");
    std::fs::create_dir(&work).unwrap();
    let script =
        "head -c 3000000 /dev/urandom | tee written; printf '\\033[31mend' | tee -a written";
    let output = run(
        &folder,
        &[
            "--runtime",
            "process",
            "--workdir",
            work.to_str().unwrap(),
            "--",
            "sh",
            "-c",
            script,
        ],
    )
    .output()
    .unwrap();
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    assert!(output.stdout == std::fs::read(work.join("written")).unwrap());
}

#[test]
fn a_command_that_ends_at_once_keeps_its_status() {
    let folder = Folder::new();
    for _ in 0..10 {
        let output = run(&folder, &["--rm", "--", "sh", "-c", "exit 5"])
            .output()
            .unwrap();
        assert_eq!(code(&output), Some(5), "{}", stderr(&output));
    }
    let output = folder.silt(&["ls", "--json"]).output().unwrap();
    assert_eq!(stdout(&output), "[]\n");
}

#[test]
fn what_can_not_be_started_is_said_as_a_shell_would() {
    let folder = Folder::new();
    let output = run(&folder, &["--", "no-such-program"]).output().unwrap();
    assert_eq!(code(&output), Some(127));
    assert!(
        stderr(&output).contains("no-such-program"),
        "{}",
        stderr(&output)
    );
    let output = run(&folder, &["--", "/etc/hosts"]).output().unwrap();
    assert_eq!(code(&output), Some(126), "{}", stderr(&output));
    assert!(stderr(&output).contains("/etc/hosts"));
}

#[test]
fn signals_and_time_limits_have_their_codes() {
    let folder = Folder::new();
    let output = run(&folder, &["--", "sh", "-c", "kill -9 $$"])
        .output()
        .unwrap();
    assert_eq!(code(&output), Some(128 + 9));
    let output = run(&folder, &["--timeout", "100ms", "--", "sleep", "100"])
        .output()
        .unwrap();
    assert_eq!(code(&output), Some(124), "{}", stderr(&output));
}

#[test]
fn standard_input_is_forwarded_and_its_end_too() {
    let folder = Folder::new();
    let mut child = spawn(run(
        &folder,
        &["--", "sh", "-c", "sha256sum | cut -d' ' -f1"],
    ));
    let bytes: Vec<u8> = (0..5_000_000u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    let expected = {
        use sha2::Digest;
        format!("{:x}\n", sha2::Sha256::digest(&bytes))
    };
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert_eq!(stdout(&output), expected);
}

#[test]
fn output_is_shown_while_the_command_runs() {
    let folder = Folder::new();
    let mut child = spawn(run(&folder, &["--", "cat"]));
    let mut stdin = child.stdin.take().unwrap();
    let mut shown = BufReader::new(child.stdout.take().unwrap());
    for n in 0..20 {
        writeln!(stdin, "line {n}").unwrap();
        let mut line = String::new();
        shown.read_line(&mut line).unwrap();
        assert_eq!(line, format!("line {n}\n"));
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn ctrl_c_goes_to_the_group_and_the_second_one_kills() {
    let folder = Folder::new();
    let script = "trap 'echo caught' INT; echo ready; while :; do sleep 0.01; done";
    let mut child = spawn(run(&folder, &["--", "sh", "-c", script]));
    let mut shown = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    shown.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    send(&child, Signal::INT);
    line.clear();
    shown.read_line(&mut line).unwrap();
    assert_eq!(line, "caught\n");
    send(&child, Signal::INT);
    assert_eq!(child.wait().unwrap().code(), Some(128 + 9));

    let mut child = spawn(run(
        &folder,
        &["--", "sh", "-c", "echo ready; exec sleep 100"],
    ));
    let mut shown = BufReader::new(child.stdout.take().unwrap());
    shown.read_line(&mut line).unwrap();
    send(&child, Signal::TERM);
    assert_eq!(child.wait().unwrap().code(), Some(128 + 15));
}

#[test]
fn a_reader_that_goes_ends_the_command_as_a_pipe_would() {
    let folder = Folder::new();
    let mut child = spawn(run(&folder, &["--", "yes"]));
    let mut shown = child.stdout.take().unwrap();
    shown.read_exact(&mut [0; 100]).unwrap();
    drop(shown);
    assert_eq!(child.wait().unwrap().code(), Some(128 + 13));
}

#[test]
fn values_of_env_are_seen_by_the_command_alone() {
    let folder = Folder::new();
    const SECRET: &str = "hunter2-5f0e91";
    let given = format!("GIVEN={SECRET}");
    let mut command = run(
        &folder,
        &[
            "--name",
            "secret",
            "--env",
            &given,
            "--env",
            "TAKEN",
            "--env",
            "ABSENT",
            "--",
            "sh",
            "-c",
            "printf '%s' \"$GIVEN$TAKEN${ABSENT-none}\" | sha256sum | cut -d' ' -f1; tr '\\0' '\\n' </proc/1/cmdline",
        ],
    );
    command.env("TAKEN", "taken").env_remove("ABSENT");
    let output = command.output().unwrap();
    let expected = {
        use sha2::Digest;
        format!("{:x}", sha2::Sha256::digest(format!("{SECRET}takennone")))
    };
    assert_eq!(stdout(&output).lines().next(), Some(expected.as_str()));
    assert!(!stdout(&output).contains(SECRET));
    for arguments in [
        &["inspect", "secret", "--json"][..],
        &["inspect", "secret"],
        &["logs", "secret", "--source", "all"],
    ] {
        let output = folder.silt(arguments).output().unwrap();
        assert!(!stdout(&output).contains(SECRET));
    }
    let found = Command::new("grep")
        .args(["-r", SECRET, folder.path().to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(stdout(&found), "");
    // Bad uses do not show it either.
    for bad in [
        &["--env", "=hunter2-5f0e91"][..],
        &["--env", "A=hunter2-5f0e91", "--bogus"],
        &["--env", "A=hunter2-5f0e91", "--memory", "x"],
    ] {
        let mut arguments = bad.to_vec();
        arguments.extend(["--", "true"]);
        let output = run(&folder, &arguments).output().unwrap();
        assert_eq!(code(&output), Some(2), "{bad:?}");
        assert!(!stderr(&output).contains("hunter2"), "{}", stderr(&output));
    }
}

#[test]
fn bad_options_are_usage_errors_and_leave_nothing() {
    let folder = Folder::new();
    for (arguments, said) in [
        (&["--timeout", "90"][..], "unit"),
        (&["--memory", "lots"], "512m"),
        (&["--memory", "1k"], "--memory: at least"),
        (&["--mount", "/a"], "SRC:DST"),
        (&["--mount", "/usr:/"], "--mount: "),
        (&["--log-max-bytes", "1k"], "--log-max-bytes: "),
        (&["--runtime", "docker"], "namespace"),
        (&["--network", "outbound"], "none"),
        (&["--name", "../x"], "name"),
        (
            &["--log-max-bytes", "1m", "--log-segment-bytes", "900k"],
            "--log-segment-bytes",
        ),
        (&["--runtime", "process", "--network", "none"], "--network"),
    ] {
        let mut all = arguments.to_vec();
        all.extend(["--", "true"]);
        let output = run(&folder, &all).output().unwrap();
        assert_eq!(code(&output), Some(2), "{arguments:?}: {}", stderr(&output));
        assert!(
            stderr(&output).contains(said),
            "{arguments:?}: {}",
            stderr(&output)
        );
    }
    assert_eq!(code(&run(&folder, &[]).output().unwrap()), Some(2));
    assert_eq!(
        stdout(&folder.silt(&["ls", "--json"]).output().unwrap()),
        "[]\n"
    );
}

#[test]
fn a_terminal_merges_the_streams_and_has_the_size_asked_for() {
    let folder = Folder::new();
    let script = "tty >/dev/null && echo terminal; echo err >&2";
    let output = run(
        &folder,
        &["--name", "pty", "--pty", "--", "sh", "-c", script],
    )
    .output()
    .unwrap();
    assert_eq!(stdout(&output), "terminal\r\nerr\r\n");
    assert_eq!((code(&output), stderr(&output)), (Some(0), String::new()));
    let text = stdout(&folder.silt(&["logs", "pty", "--json"]).output().unwrap());
    assert!(
        text.lines()
            .all(|line| line.contains("\"source\":\"output\"")),
        "{text}"
    );
}

#[test]
fn a_run_that_can_not_go_on_leaves_no_sandbox_behind() {
    let folder = Folder::new();
    let silt = env!("CARGO_BIN_EXE_silt");
    // With one descriptor more each time it comes a step further.
    for (refused, most) in (3..100).enumerate() {
        let line = format!("ulimit -Sn {most} && exec {silt} run --runtime process -- true");
        let mut run = Command::new("sh");
        run.args(["-c", &line])
            .env("SILT_HOME", folder.path().join("home"))
            .stdin(Stdio::null());
        let output = run.output().unwrap();
        if code(&output) == Some(0) {
            assert!(refused > 3, "{refused}");
            return;
        }
        let left = folder.silt(&["ls", "--json"]).output().unwrap();
        assert_eq!(stdout(&left), "[]\n", "{most}: {}", stderr(&output));
    }
    panic!("it never ran");
}
