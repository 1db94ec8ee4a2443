//! Tests that need a process of their own: this test program, run again.

use std::process::{Command, Stdio};

const ALONE: &str = "SILT_TEST_ALONE";

/// Whether the long form of a test is asked for.
pub fn is_proof() -> bool {
    std::env::var_os("SILT_PROOF").is_some()
}

/// This program, to run the test `name` and no other.
pub fn again(name: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", name, "--nocapture"])
        .env(ALONE, name);
    command
}

/// Runs `test`, which is the test `name`, in a process of its own: the calls
/// that it makes are then the same each time.
pub fn alone(name: &str, test: impl FnOnce()) {
    if is_alone(name) {
        return test();
    }
    finish(again(name), name);
}

/// Whether this is the process of its own that the test `name` is to run in.
pub(crate) fn is_alone(name: &str) -> bool {
    std::env::var(ALONE).is_ok_and(|alone| alone == name)
}

/// Runs that process to its end, and fails with it.
pub(crate) fn finish(mut process: Command, name: &str) {
    let output = process.stderr(Stdio::inherit()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    for line in said.lines().filter(|line| !is_of_the_harness(line)) {
        println!("{line}");
    }
    assert!(output.status.success(), "{name} failed in its own process");
}

/// Else those who count results would count this one twice.
fn is_of_the_harness(line: &str) -> bool {
    line.is_empty() || line.starts_with("test ") || line.starts_with("running ")
}
