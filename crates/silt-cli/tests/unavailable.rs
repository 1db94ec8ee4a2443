//! What this machine can not do is refused with the mend, and nothing else is done
//! in its place.

mod support;

use silt_faults::{without_control_groups, without_user_namespaces};
use std::fs;
use std::process::{Command, Output};
use support::*;

/// Whether the command that `silt run` was given has run: it leaves a file.
fn has_run(folder: &Folder) -> bool {
    let mark = folder.path().join("work/ran");
    let ran = mark.exists();
    let _ = fs::remove_file(mark);
    ran
}

fn run(folder: &Folder, options: &[&str]) -> Command {
    let work = folder.path().join("work");
    fs::create_dir_all(&work).unwrap();
    let mut run = folder.silt(&["run", "--workdir"]);
    run.arg(work).args(options).args(["--", "touch", "ran"]);
    run
}

fn assert_no_sandbox(folder: &Folder) {
    let left = folder.silt(&["ls", "--json"]).output().unwrap();
    assert_eq!(stdout(&left), "[]\n");
    let folders = fs::read_dir(folder.path().join("home/sandboxes")).unwrap();
    assert_eq!(folders.count(), 0);
}

fn assert_said(output: &Output, told: &[&str]) {
    assert_eq!((code(output), stdout(output).as_str()), (Some(1), ""));
    for told in told {
        assert!(stderr(output).contains(told), "{}", stderr(output));
    }
}

#[test]
fn where_user_namespaces_are_forbidden_the_mend_is_named_and_process_is_not_chosen() {
    let folder = Folder::new();
    let output = run(&folder, &["--rm"]).output().unwrap();
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    assert!(has_run(&folder));

    for options in [&["--name", "refused"][..], &["--rm"], &["-d"]] {
        let output = without_user_namespaces(&run(&folder, options));
        assert_said(
            &output,
            &[
                "the runtime \"namespace\" is not available here",
                "`sysctl user.max_user_namespaces=15000`",
                "ask for the runtime `process` by name, which isolates nothing",
            ],
        );
        assert!(!has_run(&folder));
        assert_no_sandbox(&folder);
    }

    let asked = run(&folder, &["--name", "asked", "--runtime", "process"]);
    let output = without_user_namespaces(&asked);
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    assert!(has_run(&folder));
}

#[test]
fn root_that_may_not_mount_is_told_so_and_not_that_its_workdir_is_wrong() {
    let folder = Folder::new();
    // Root of a user namespace, and of no mount: as in a container without the right to it.
    let below = |run: Command| {
        let mut below = Command::new("unshare");
        below.args(["--user", "--map-root-user"]);
        below.arg(run.get_program()).args(run.get_args());
        below.env("SILT_HOME", folder.path().join("home"));
        below.output().unwrap()
    };
    for options in [&["--name", "refused"][..], &["-d"]] {
        let output = below(run(&folder, options));
        assert_said(
            &output,
            &[
                "the runtime \"namespace\" is not available here",
                "root needs CAP_SYS_ADMIN",
                "ask for the runtime `process` by name, which isolates nothing",
            ],
        );
        assert!(!stderr(&output).contains("--workdir"));
        assert!(!has_run(&folder));
        assert_no_sandbox(&folder);
    }
    let asked = run(&folder, &["--runtime", "process"]);
    assert_eq!(code(&below(asked)), Some(0));
    assert!(has_run(&folder));
}

#[test]
fn a_limit_that_can_not_be_held_is_refused_or_named_in_the_log() {
    let folder = Folder::new();
    let supervisor = without_control_groups(
        env!("CARGO_BIN_EXE_silt").as_ref(),
        &folder.path().join("supervisor"),
    );
    let limited = |options: &[&str]| {
        let mut run = run(&folder, &[&["--memory", "64m"], options].concat());
        run.env("SILT_EXECUTABLE", &supervisor).output().unwrap()
    };
    assert_said(
        &limited(&[]),
        &[
            "the limit memoryBytes can not be held",
            "start it as root",
            "give `--best-effort` to go on without",
        ],
    );
    assert!(!has_run(&folder));
    assert_no_sandbox(&folder);

    let output = limited(&["--name", "best", "--best-effort"]);
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    assert!(has_run(&folder));
    let system = folder.silt(&["logs", "best", "--source", "system"]);
    let system = stdout(&{ system }.output().unwrap());
    let told = "the limit memoryBytes does not hold: ";
    assert_eq!(system.matches(told).count(), 1, "{system}");
}

#[test]
fn a_limit_that_can_be_held_holds() {
    let folder = Folder::new();
    let hold = [
        "--",
        "sh",
        "-c",
        "head -c 200m /dev/zero | tail -c 200m | wc -c",
    ];
    let free = folder.silt(&["run"]).args(hold).output().unwrap();
    assert_eq!(stdout(&free), "209715200\n", "{}", stderr(&free));
    let mut limited = folder.silt(&["run", "--memory", "64m"]);
    let limited = limited.args(hold).output().unwrap();
    if rustix::process::geteuid().is_root() || code(&limited) == Some(0) {
        assert_eq!(stdout(&limited), "0\n", "{}", stderr(&limited));
    } else {
        assert_said(&limited, &["give `--best-effort` to go on without"]);
    }
}
