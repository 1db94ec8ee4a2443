//! Output that can not be written, or that nobody reads any more, hides nothing
//! and leaves nothing running.

mod support;

use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};
use support::*;

/// Takes no byte.
fn full() -> Stdio {
    File::options()
        .write(true)
        .open("/dev/full")
        .unwrap()
        .into()
}

/// Whose reader has gone.
fn unread() -> Stdio {
    let (reader, writer) = rustix::pipe::pipe().unwrap();
    drop(reader);
    writer.into()
}

fn into(output: Stdio, mut command: Command) -> Output {
    command.stdout(output).output().unwrap()
}

fn json(folder: &Folder, arguments: &[&str]) -> Value {
    let output = folder.silt(arguments).output().unwrap();
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

fn assert_could_not_write(output: &Output) {
    assert_eq!(code(output), Some(1), "{}", stderr(output));
    let said = stderr(output);
    assert!(
        said.contains("could not write the output: No space"),
        "{said}"
    );
}

/// A log of which entries are missing.
fn leave_a_hole(folder: &Folder) {
    let mut writer = folder.writer(&small_segments());
    append_lines(&mut writer, 1, 1, 1000);
    writer.end();
    std::fs::remove_file(folder.logs().join("exec.log.000003")).unwrap();
}

const RUN: [&str; 5] = ["run", "--runtime", "process", "--name", "box"];
const LASTING: [&str; 4] = ["--", "sh", "-c", "echo shown; exec sleep 86431"];

#[test]
fn a_run_that_can_not_show_its_output_stops_its_sandbox() {
    let folder = Folder::new();
    for (options, left) in [(&[][..], 1), (&["--rm"], 0)] {
        let run = folder.silt(&[&RUN, options, &LASTING].concat());
        assert_could_not_write(&into(full(), run));
        let sandboxes = json(&folder, &["ls", "--json"]);
        assert_eq!(sandboxes.as_array().unwrap().len(), left);
        if left > 0 {
            assert_eq!(sandboxes[0]["status"], "stopped");
            let shown = folder.silt(&["logs", "box"]).output().unwrap();
            assert_eq!(stdout(&shown), "shown\n");
            let removed = folder.silt(&["rm", "box"]).output().unwrap();
            assert_eq!(code(&removed), Some(0));
        }
    }
}

#[test]
fn a_run_that_can_not_say_its_name_stops_its_sandbox() {
    let folder = Folder::new();
    let run = folder.silt(&[&RUN, &["-d"][..], &LASTING].concat());
    assert_could_not_write(&into(full(), run));
    assert_eq!(
        json(&folder, &["inspect", "box", "--json"])["status"],
        "stopped"
    );
    let removed = folder.silt(&["rm", "box"]).output().unwrap();
    assert_eq!(code(&removed), Some(0));

    let run = folder.silt(&[&RUN, &["-d", "--rm"][..], &LASTING].concat());
    assert_could_not_write(&into(full(), run));
    until("the removal", || {
        json(&folder, &["ls", "--json"]) == Value::Array(Vec::new())
    });

    // A reader that has gone does not want the name.
    let run = folder.silt(&[&RUN, &["-d"][..], &LASTING].concat());
    assert_eq!(code(&into(unread(), run)), Some(0));
    assert_eq!(
        json(&folder, &["inspect", "box", "--json"])["status"],
        "running"
    );
}

#[test]
fn an_exec_that_can_not_show_its_output_ends_its_command_and_no_other() {
    let folder = Folder::new();
    let run = folder.silt(&[&RUN, &["-d"][..], &LASTING].concat());
    assert_eq!(code(&into(Stdio::null(), run)), Some(0));
    let exec = folder.silt(&[&["exec", "box"], &LASTING[..]].concat());
    assert_could_not_write(&into(full(), exec));
    until("the end of the command", || {
        let info = json(&folder, &["inspect", "box", "--json"]);
        assert_eq!(info["status"], "running");
        assert_eq!(info["sessions"][0]["endedAt"], Value::Null);
        info["sessions"][1]["signal"] == "SIGKILL"
    });
}

#[test]
fn damage_is_told_to_who_does_not_read_the_report() {
    let folder = Folder::new();
    leave_a_hole(&folder);
    let logs = folder.logs();
    for options in [&[][..], &["--json"]] {
        let verify = ["verify", "--dir", logs.to_str().unwrap()];
        let verify = |output| into(output, folder.silt(&[&verify, options].concat()));
        assert_eq!(code(&verify(unread())), Some(6));
        let output = verify(full());
        assert_eq!(code(&output), Some(6));
        let said = stderr(&output);
        assert!(said.contains("could not write the output"), "{said}");
    }
}

#[test]
fn a_whole_log_of_which_nobody_reads_is_fine() {
    let folder = Folder::new();
    folder.writer(&small_segments()).end();
    let logs = folder.logs();
    let verify = ["verify", "--dir", logs.to_str().unwrap()];
    assert_eq!(code(&into(unread(), folder.silt(&verify))), Some(0));
    assert_could_not_write(&into(full(), folder.silt(&verify)));
}

#[test]
fn a_sandbox_that_could_not_be_removed_is_told_to_who_does_not_read_of_the_others() {
    let folder = Folder::new();
    let run = folder.silt(&[&RUN[..], &["--", "true"]].concat());
    assert_eq!(code(&into(Stdio::null(), run)), Some(0));
    let output = into(unread(), folder.silt(&["rm", "box", "missing"]));
    assert_eq!(code(&output), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("missing"));
    assert_eq!(json(&folder, &["ls", "--json"]), Value::Array(Vec::new()));
}

#[test]
fn help_that_could_not_be_written_is_no_success() {
    let folder = Folder::new();
    for asked in [&["--help"][..], &["--version"], &["run", "--help"]] {
        assert_could_not_write(&into(full(), folder.silt(asked)));
        assert_eq!(code(&into(unread(), folder.silt(asked))), Some(0));
        let output = folder.silt(asked).output().unwrap();
        assert_eq!((code(&output), stderr(&output)), (Some(0), String::new()));
        assert!(stdout(&output).contains("silt"), "{}", stdout(&output));
    }
    let wrong = folder.silt(&["--no-such-option"]).output().unwrap();
    assert_eq!((code(&wrong), stdout(&wrong)), (Some(2), String::new()));
}

#[test]
fn what_a_command_says_on_one_stream_is_shown_though_nobody_reads_the_other() {
    let folder = Folder::new();
    let run = |both: (Stdio, Stdio)| {
        let script = "trap '' PIPE; for i in 1 2 3 4 5; do echo out; echo err >&2; done; exit 3";
        let arguments = ["run", "--rm", "--runtime", "process", "--"];
        let mut run = folder.silt(&[&arguments[..], &["sh", "-c", script]].concat());
        let run = run.stdout(both.0).stderr(both.1).spawn().unwrap();
        run.wait_with_output().unwrap()
    };
    let output = run((unread(), Stdio::piped()));
    assert_eq!(
        (code(&output), stderr(&output)),
        (Some(3), "err\n".repeat(5))
    );
    let output = run((Stdio::piped(), unread()));
    assert_eq!(
        (code(&output), stdout(&output)),
        (Some(3), "out\n".repeat(5))
    );
}

#[test]
fn a_command_that_writes_to_where_nobody_reads_is_told_so() {
    let folder = Folder::new();
    for to in ["", ">&2"] {
        let script = format!("while echo line {to}; do :; done");
        let arguments = ["run", "--rm", "--runtime", "process", "--"];
        let mut run = folder.silt(&[&arguments[..], &["sh", "-c", &script]].concat());
        let mut run = run.stdout(unread()).stderr(unread()).spawn().unwrap();
        until("the end of the command", || {
            run.try_wait().unwrap().is_some()
        });
        assert_eq!(run.wait().unwrap().code(), Some(128 + 13));
    }
}

#[test]
fn a_gap_that_can_not_be_told_is_no_success() {
    let folder = Folder::new();
    let options = ["--log-max-bytes", "1m", "--log-segment-bytes", "64k"];
    let run = folder
        .silt(&[&RUN, &options[..], &["--", "seq", "400000"]].concat())
        .stdout(Stdio::piped())
        .stderr(full())
        .spawn()
        .unwrap();
    // It is held up, and retention takes what it has not shown.
    until("the end of the command", || {
        let inspect = folder.silt(&["inspect", "box", "--json"]).output().unwrap();
        let info: Value = serde_json::from_str(&stdout(&inspect)).unwrap_or_default();
        info["status"] == "stopped" && info["sessions"][0]["exitCode"] == 0
    });
    let output = run.wait_with_output().unwrap();
    assert!(stdout(&output).lines().count() < 400_000);
    assert_eq!(code(&output), Some(1));

    leave_a_hole(&folder);
    let logs = folder.logs();
    let mut read = folder.silt(&["logs", "--dir", logs.to_str().unwrap()]);
    let output = read.stderr(full()).output().unwrap();
    assert_ne!(code(&output), Some(0));
    let mut read = folder.silt(&["logs", "--digest", "--dir", logs.to_str().unwrap()]);
    let output = read.arg("--tail=3").stderr(full()).output().unwrap();
    assert_eq!(code(&output), Some(1));
}

#[test]
fn a_reader_that_has_gone_takes_no_missing_entries_away() {
    let folder = Folder::new();
    leave_a_hole(&folder);
    let logs = folder.logs();
    for how in ["--on-gap=error", "--follow"] {
        let read = folder.silt(&["logs", "--dir", logs.to_str().unwrap(), how]);
        assert_eq!(code(&into(unread(), read)), Some(4), "{how}");
    }
}

#[test]
fn output_that_was_closed_before_the_start_is_no_success() {
    let folder = Folder::new();
    let mut writer = folder.writer(&small_segments());
    append_lines(&mut writer, 1, 1, 1000);
    writer.end();
    let logs = folder.logs();
    let closed = |what: &str, arguments: &[&str]| {
        let mut shell = Command::new("sh");
        let line = format!("exec \"$@\" {what}>&-");
        shell.args(["-c", &line, "sh", env!("CARGO_BIN_EXE_silt")]);
        shell.args(arguments).stdin(Stdio::null());
        shell.env("SILT_HOME", folder.path().join("home"));
        shell.output().unwrap()
    };
    let run = ["run", "--rm", "--runtime", "process", "--", "echo", "shown"];
    let read = ["logs", "--dir", logs.to_str().unwrap()];
    for arguments in [&read[..], &run, &["--help"]] {
        let output = closed("", arguments);
        assert_eq!(code(&output), Some(1), "{arguments:?}");
        let said = stderr(&output);
        assert!(
            said.contains("could not write the output: Bad file"),
            "{said}"
        );
    }
    // Who has nothing to say needs no output.
    let quiet = ["run", "--rm", "--runtime", "process", "--", "true"];
    assert_eq!(code(&closed("", &quiet)), Some(0));
    assert_eq!(code(&closed("2", &quiet)), Some(0));

    let run = [
        "run",
        "--rm",
        "--runtime",
        "process",
        "--",
        "ls",
        "/nowhere",
    ];
    assert_eq!(code(&closed("2", &run)), Some(1));
    std::fs::remove_file(logs.join("exec.log.000003")).unwrap();
    assert_eq!(
        code(&closed(
            "2",
            &[&read[..], &["--digest", "--tail=3"]].concat()
        )),
        Some(1)
    );
    // The entries that are gone are more than the output that is.
    let output = closed("", &[&read[..], &["--on-gap=error"]].concat());
    assert_eq!(code(&output), Some(4));
    assert!(
        stderr(&output).contains("go on with"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn what_silt_itself_says_where_nobody_reads_ends_no_command() {
    let folder = Folder::new();
    let workdir = folder.path().join("work");
    std::fs::create_dir(&workdir).unwrap();
    let script = "seq 400000; touch printed; until test -e go; do sleep 0.01; done; echo done";
    let mut run = folder
        .silt(
            &[
                &RUN[..],
                &["--log-max-bytes=1m", "--log-segment-bytes=64k", "--workdir"],
            ]
            .concat(),
        )
        .arg(&workdir)
        .args(["--", "sh", "-c", script])
        .stdout(Stdio::piped())
        .stderr(unread())
        .spawn()
        .unwrap();
    until("what retention takes", || workdir.join("printed").exists());
    // The gap is told before what is left is shown.
    let mut lines = BufReader::new(run.stdout.take().unwrap()).lines();
    let mut next = || lines.next().map(Result::unwrap);
    let shown = std::iter::from_fn(&mut next).take_while(|line| line != "400000");
    assert!(shown.count() < 399_999);
    std::fs::write(workdir.join("go"), "").unwrap();
    assert_eq!((next().as_deref(), next()), (Some("done"), None));
    assert_eq!(run.wait().unwrap().code(), Some(0));
}

#[test]
fn an_exec_whose_end_nobody_reads_of_ends() {
    let folder = Folder::new();
    let run = folder.silt(&[&RUN, &["-d"][..], &LASTING].concat());
    assert_eq!(code(&into(Stdio::null(), run)), Some(0));
    let (_unread, full) = full_pipe();
    let script = ["sh", "-c", "sleep 86431 & echo out; exit 7"];
    let mut exec = folder.silt(&[&["exec", "box", "--"], &script[..]].concat());
    let exec = exec.stderr(full).stdout(Stdio::piped()).spawn().unwrap();
    let (say, said) = std::sync::mpsc::channel();
    std::thread::spawn(move || say.send(exec.wait_with_output().unwrap()));
    let output = said
        .recv_timeout(std::time::Duration::from_secs(60))
        .unwrap();
    assert_eq!(
        (code(&output), stdout(&output)),
        (Some(7), "out\n".to_owned())
    );
    let mut exec = folder.silt(&[&["exec", "box", "--"], &script[..]].concat());
    assert!(stderr(&exec.output().unwrap()).contains("still holds the output"));
}
