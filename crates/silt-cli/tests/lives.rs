//! The verbs around a sandbox that lives longer than one command.

mod support;

use serde_json::Value;
use std::io::Read;
use std::path::Path;
use std::process::Output;
use support::*;

fn silt(folder: &Folder, arguments: &[&str]) -> Output {
    folder.silt(arguments).output().unwrap()
}

/// A sandbox whose command waits until it is ended.
fn detached(folder: &Folder, name: &str) {
    let output = silt(
        folder,
        &[
            "run",
            "-d",
            "--name",
            name,
            "--",
            "sh",
            "-c",
            "echo begun; exec sleep 1000",
        ],
    );
    assert_eq!(
        (code(&output), stdout(&output)),
        (Some(0), format!("{name}\n")),
        "{}",
        stderr(&output)
    );
}

fn status(folder: &Folder, name: &str) -> String {
    let text = stdout(&silt(folder, &["inspect", name, "--json"]));
    let info: Value = serde_json::from_str(&text).unwrap();
    info["status"].as_str().unwrap().to_owned()
}

#[test]
fn exec_runs_further_commands_in_the_same_sandbox_and_log() {
    let folder = Folder::new();
    detached(&folder, "box");
    let output = silt(
        &folder,
        &[
            "exec",
            "box",
            "--",
            "sh",
            "-c",
            "echo here >made; echo err >&2; exit 9",
        ],
    );
    assert_eq!(code(&output), Some(9));
    assert_eq!(
        (stdout(&output).as_str(), stderr(&output).as_str()),
        ("", "err\n")
    );
    let output = silt(
        &folder,
        &[
            "exec",
            "--env",
            "A=b",
            "box",
            "sh",
            "-c",
            "cat made; echo $A",
        ],
    );
    assert_eq!(
        (code(&output), stdout(&output)),
        (Some(0), "here\nb\n".to_owned())
    );
    let output = silt(&folder, &["exec", "box", "--", "no-such-program"]);
    assert_eq!(code(&output), Some(127));
    assert!(stderr(&output).contains("no-such-program"));
    // A child left behind does not hold it for longer than a second or so.
    let output = silt(
        &folder,
        &["exec", "box", "--", "sh", "-c", "sleep 100 & echo left"],
    );
    assert_eq!(
        (code(&output), stdout(&output)),
        (Some(0), "left\n".to_owned())
    );
    let output = silt(&folder, &["logs", "box", "--session", "3", "--show-id"]);
    assert_eq!(stdout(&output), "3 here\n3 b\n");
    assert_eq!(status(&folder, "box"), "running");
}

#[test]
fn a_sandbox_stops_starts_again_in_the_same_log_and_goes() {
    let folder = Folder::new();
    detached(&folder, "box");
    until("its output", || {
        stdout(&silt(&folder, &["logs", "box"])) == "begun\n"
    });
    let refused = silt(&folder, &["rm", "box"]);
    assert_eq!(code(&refused), Some(2), "{}", stderr(&refused));
    assert_eq!(code(&silt(&folder, &["stop", "box"])), Some(0));
    assert_eq!(status(&folder, "box"), "stopped");
    let refused = silt(&folder, &["exec", "box", "--", "true"]);
    assert_eq!(code(&refused), Some(1));
    assert!(
        stderr(&refused).contains("silt start box"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(code(&silt(&folder, &["start", "box"])), Some(0));
    assert_eq!(
        code(&silt(&folder, &["exec", "box", "--", "echo", "again"])),
        Some(0)
    );
    assert_eq!(stdout(&silt(&folder, &["logs", "box"])), "begun\nagain\n");
    assert_eq!(code(&silt(&folder, &["kill", "box"])), Some(0));
    assert_eq!(code(&silt(&folder, &["verify", "box"])), Some(0));
    let output = silt(&folder, &["rm", "box"]);
    assert!(
        stdout(&output).contains("removed box with its log"),
        "{}",
        stdout(&output)
    );
    assert_eq!(code(&silt(&folder, &["logs", "box"])), Some(3));
}

#[test]
fn rm_with_force_and_prune_clean_up() {
    let folder = Folder::new();
    for name in ["a", "b", "c"] {
        detached(&folder, name);
    }
    assert_eq!(code(&silt(&folder, &["rm", "--force", "a"])), Some(0));
    assert_eq!(code(&silt(&folder, &["stop", "b"])), Some(0));
    assert!(stdout(&silt(&folder, &["prune"])).starts_with("removed b "));
    let text = stdout(&silt(&folder, &["ls", "--json"]));
    let all: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(all.as_array().map(Vec::len), Some(1), "{text}");
    assert_eq!(
        (all[0]["name"].as_str(), all[0].get("sessions")),
        (Some("c"), None)
    );
    let table = stdout(&silt(&folder, &["ls"]));
    assert!(
        table.starts_with("NAME") && table.contains("running"),
        "{table}"
    );
}

#[test]
fn one_that_is_not_there_does_not_keep_the_others() {
    let folder = Folder::new();
    for name in ["a", "b"] {
        assert_eq!(
            code(&silt(&folder, &["run", "--name", name, "--", "true"])),
            Some(0)
        );
    }
    for verb in ["stop", "kill", "rm"] {
        let output = silt(&folder, &[verb, "nobody", "a", "no-one", "b"]);
        assert_eq!(code(&output), Some(3), "{verb}");
        let told = stderr(&output);
        assert!(told.contains("nobody") && told.contains("no-one"), "{told}");
    }
    assert_eq!(stdout(&silt(&folder, &["ls", "--json"])), "[]\n");
}

#[test]
fn inspect_has_the_documented_fields() {
    let folder = Folder::new();
    detached(&folder, "box");
    let text = stdout(&silt(&folder, &["inspect", "box", "--json"]));
    let info: Value = serde_json::from_str(&text).unwrap();
    for field in [
        "name",
        "status",
        "runtime",
        "createdAt",
        "startedAt",
        "endedAt",
        "durationMs",
        "supervisorPid",
        "workdir",
        "network",
        "limits",
        "logBytes",
        "logMaxBytes",
        "truncated",
        "sessions",
        "error",
    ] {
        assert!(info.get(field).is_some(), "{field}: {text}");
    }
    let session = &info["sessions"][0];
    for field in [
        "sessionId",
        "command",
        "exitCode",
        "signal",
        "startedAt",
        "endedAt",
    ] {
        assert!(session.get(field).is_some(), "{field}: {text}");
    }
    let pid = info["supervisorPid"].as_u64().unwrap();
    assert!(Path::new(&format!("/proc/{pid}")).exists());
    let table = stdout(&silt(&folder, &["inspect", "box"]));
    assert!(table.contains("sleep 1000"), "{table}");
}

#[test]
fn a_follower_ends_when_its_sandbox_is_removed_or_crashes() {
    let folder = Folder::new();
    for (end, said) in [("remove", "removed"), ("crash", "crashed")] {
        detached(&folder, end);
        let mut child = folder
            .silt(&["logs", "-f", end])
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        // Then it follows, and does not find the sandbox gone.
        let mut begun = [0; 6];
        let mut shown = child.stdout.take().unwrap();
        shown.read_exact(&mut begun).unwrap();
        assert_eq!(&begun, b"begun\n");
        if end == "remove" {
            assert_eq!(code(&silt(&folder, &["rm", "--force", end])), Some(0));
        } else {
            let text = stdout(&silt(&folder, &["inspect", end, "--json"]));
            let info: Value = serde_json::from_str(&text).unwrap();
            let pid = info["supervisorPid"].as_i64().unwrap() as i32;
            let pid = rustix::process::Pid::from_raw(pid).unwrap();
            rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
        }
        let mut rest = String::new();
        shown.read_to_string(&mut rest).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!((code(&output), rest.as_str()), (Some(0), ""));
        // A removal may be seen as the stop that came before it.
        let noted = stderr(&output);
        assert!(
            noted.contains(said) || (end == "remove" && noted.is_empty()),
            "{noted}"
        );
    }
    assert_eq!(status(&folder, "crash"), "crashed");
    assert_eq!(code(&silt(&folder, &["verify", "crash"])), Some(0));
    let table = stdout(&silt(&folder, &["inspect", "crash"]));
    assert!(table.contains("unknown"), "{table}");
}

#[test]
fn the_doctor_tries_for_real() {
    let folder = Folder::new();
    let text = stdout(&silt(&folder, &["doctor", "--json"]));
    let report: Value = serde_json::from_str(&text).unwrap();
    let checks = report["checks"].as_array().unwrap();
    let namespace = checks
        .iter()
        .find(|check| check["name"] == "runtime namespace")
        .unwrap();
    assert_eq!(namespace["ok"], report["ok"], "{text}");
    assert!(!namespace["message"].as_str().unwrap().is_empty());
}

#[test]
fn a_detached_sandbox_removes_itself_when_that_was_asked_for() {
    let folder = Folder::new();
    let mut command = folder.silt(&["run", "--rm", "-d", "--runtime", "process"]);
    let output = command
        .args(["--name", "passing", "--", "sh", "-c", "sleep 1000"])
        .output()
        .unwrap();
    assert_eq!(stdout(&output), "passing\n", "{}", stderr(&output));
    let names = || stdout(&folder.silt(&["ls"]).output().unwrap());
    assert!(names().contains("passing"));
    assert_eq!(
        code(&folder.silt(&["stop", "passing"]).output().unwrap()),
        Some(0)
    );
    let sandboxes = folder.path().join("home/sandboxes");
    until("nothing of the sandbox to be left", || {
        std::fs::read_dir(&sandboxes).unwrap().count() == 0
    });
}
