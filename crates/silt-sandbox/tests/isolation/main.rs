//! Isolation by trying: each act is first shown to succeed outside, then to have no
//! effect from inside. Checked is what happened, not what was said.
//!
//! Everything runs as the user that started it and, where that is root, once more
//! as an ordinary one. This executable is the tests, the supervisor, the agent,
//! and the program that commits the acts.

mod acts;
mod files;
mod host;
mod lifetime;
mod limits;
mod network;
mod own_folder;
mod processes;
mod rights;
#[path = "../sandboxed/mod.rs"]
mod sandboxed;
#[path = "../supervised/mod.rs"]
mod supervised;
mod unavailable;

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::panic::catch_unwind;
use std::process::{Command, ExitCode};

/// Marks the run as an ordinary user.
const ORDINARY: &str = "SILT_TEST_ORDINARY";
const ORDINARY_ID: u32 = 54_321;

fn main() -> ExitCode {
    if let Some(code) = silt_sandbox::hidden_verb(std::env::args_os().skip(1)) {
        return code;
    }
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        ["act", name, rest @ ..] => acts::commit(name, rest),
        // What `cargo test -- --list` asks for.
        [.., "--list"] => ExitCode::SUCCESS,
        _ => run(args
            .iter()
            .find(|a| !a.starts_with('-'))
            .map_or("", String::as_str)),
    }
}

fn run(filter: &str) -> ExitCode {
    let cases: Vec<(&str, fn())> = [
        files::CASES,
        processes::CASES,
        network::CASES,
        rights::CASES,
        lifetime::CASES,
    ]
    .concat()
    .into_iter()
    .chain(limits::CASES.iter().copied())
    .chain(unavailable::CASES.iter().copied())
    .chain(own_folder::CASES.iter().copied())
    .filter(|(name, _)| name.contains(filter))
    .collect();
    let who = if host::is_root() {
        "root"
    } else {
        "an ordinary user"
    };
    let mut failed = 0;
    for (name, case) in cases {
        let passed = catch_unwind(case).is_ok();
        failed += usize::from(!passed);
        println!(
            "as {who}: {name} ... {}",
            if passed { "ok" } else { "FAILED" }
        );
    }
    let again = !host::is_root() || std::env::var_os(ORDINARY).is_some() || again(filter);
    if failed == 0 && again {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The same as an ordinary user, from a copy that this user can reach.
fn again(filter: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let home = folder.path().join("home");
    std::fs::create_dir(&home).unwrap();
    std::os::unix::fs::chown(&home, Some(ORDINARY_ID), Some(ORDINARY_ID)).unwrap();
    let copy = folder.path().join("isolation");
    std::fs::copy(std::env::current_exe().unwrap(), &copy).unwrap();
    let status = Command::new(&copy)
        .arg(filter)
        .uid(ORDINARY_ID)
        .gid(ORDINARY_ID)
        .current_dir("/")
        .env(ORDINARY, "1")
        .env("HOME", &home)
        .env("SILT_TEST_AGENT", &copy)
        .status()
        .unwrap();
    status.success()
}
