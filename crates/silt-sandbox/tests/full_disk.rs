//! A sandbox on a disk that its own output has filled.

mod supervised;

use silt_faults::on_small_disk;
use silt_log::LogDirectory;
use silt_sandbox::{Home, SandboxSpec, SessionInfo, Status};
use std::path::PathBuf;
use std::time::Duration;
use supervised::{Lab, eventually, how_many, shell};

/// A file system of a few megabytes.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// A home on it, for sandboxes whose logs may take more than there is.
    fn lab(&self) -> Lab {
        Lab {
            home: Home::at(&self.0),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Takes the room that is left, down to the last page.
    fn fill(&self) {
        use std::io::Write;
        let path = self.0.join("filler");
        let mut file = std::fs::File::options()
            .append(true)
            .create(true)
            .open(path)
            .unwrap();
        while file.write_all(&[0; 4096]).is_ok() {}
    }
}

fn spec(lab: &Lab) -> SandboxSpec {
    let mut spec = lab.spec("full");
    spec.workdir = Some(lab.folder.path().to_owned());
    spec.logs.max_bytes = Some(1 << 30);
    spec.logs.segment_bytes = Some(64 << 10);
    spec
}

fn session(lab: &Lab, id: u64) -> SessionInfo {
    let sessions = lab.info("full").sessions;
    sessions
        .into_iter()
        .find(|one| one.session_id == id)
        .unwrap()
}

fn assert_whole(logs: &LogDirectory) {
    let found = logs.verify(&mut |_| {}).unwrap();
    assert!(found.whole, "{:?}", found.damage);
}

#[test]
fn an_end_that_was_told_stays_true_though_the_disk_was_full() {
    let name = "an_end_that_was_told_stays_true_though_the_disk_was_full";
    on_small_disk(name, 4 << 20, |disk| told_while_full(SmallDisk(disk)));
}

fn told_while_full(disk: SmallDisk) {
    let lab = disk.lab();
    let mut sandbox = lab.create_with(spec(&lab));
    // With segments that can go for it, and with none.
    for output in ["seq 20000", "true"] {
        let go = lab.folder.path().join("go");
        let waits = format!("{output}; until [ -e go ]; do sleep 0.01; done; exit 7");
        // More than the last page of the record has room for.
        let all: Vec<u64> = (0..40).map(|_| sandbox.spawn(shell(&waits))).collect();
        let are_on_record = || all.iter().all(|id| session(&lab, *id).exit_code == Some(7));
        eventually(|| how_many("until [ -e go ]") == all.len());
        disk.fill();
        std::fs::write(&go, "").unwrap();
        for id in &all {
            assert_eq!(sandbox.wait(*id).exit_code, Some(7));
        }
        assert!(output == "true" || are_on_record());
        std::fs::remove_file(disk.0.join("filler")).unwrap();
        eventually(are_on_record);
        // Also once the log has no exit records of them any more.
        assert_eq!(sandbox.sh("seq 20000").exit_code, Some(0));
        sandbox.crash();
        sandbox = lab.start("full");
        assert!(are_on_record());
        std::fs::remove_file(&go).unwrap();
    }
}

#[test]
fn a_sandbox_starts_again_on_a_disk_that_its_log_has_filled() {
    let name = "a_sandbox_starts_again_on_a_disk_that_its_log_has_filled";
    on_small_disk(name, 4 << 20, |disk| starts_again(SmallDisk(disk)));
}

fn starts_again(disk: SmallDisk) {
    let lab = disk.lab();
    let mut sandbox = lab.create_with(spec(&lab));
    for _ in 0..5 {
        assert_eq!(sandbox.sh("seq 200000").exit_code, Some(0));
        let held_up = sandbox.spawn(shell("exec sleep 1000"));
        disk.fill();
        sandbox.crash();
        sandbox = lab.start("full");
        assert!(session(&lab, held_up).crashed);
        assert_eq!(lab.info("full").status, Status::Running);
        assert!(lab.info("full").supervisor_pid.is_some());
        assert_whole(&lab.logs("full"));

        assert_eq!(sandbox.sh("seq 200000").exit_code, Some(0));
        disk.fill();
        sandbox.stop();
        assert!(lab.info("full").ended_at.is_some());
        sandbox = lab.start("full");
        assert_whole(&lab.logs("full"));
    }
}

#[test]
fn what_a_full_disk_holds_up_does_not_keep_a_supervisor_busy_that_was_moved() {
    let name = "what_a_full_disk_holds_up_does_not_keep_a_supervisor_busy_that_was_moved";
    on_small_disk(name, 4 << 20, |disk| moved_while_full(SmallDisk(disk)));
}

fn moved_while_full(disk: SmallDisk) {
    let (here, there) = (disk.0.join("here"), disk.0.join("there"));
    let lab = SmallDisk(here.clone()).lab();
    let sandbox = lab.create_with(spec(&lab));
    let supervisor = lab.info("full").supervisor_pid.unwrap();
    let go = lab.folder.path().join("go");
    let waits = "until [ -e go ]; do sleep 0.01; done; exit 7";
    let all: Vec<u64> = (0..40).map(|_| sandbox.spawn(shell(waits))).collect();
    eventually(|| how_many("until [ -e go ]") == all.len());
    disk.fill();
    std::fs::write(&go, "").unwrap();
    for id in &all {
        assert_eq!(sandbox.wait(*id).exit_code, Some(7));
    }
    let is_held_up = |id: &u64| session(&lab, *id).exit_code.is_none();
    assert!(all.iter().any(is_held_up));
    std::fs::rename(&here, &there).unwrap();
    let span = Duration::from_millis(500);
    let before = processor_time(supervisor);
    std::thread::sleep(span);
    let used = processor_time(supervisor) - before;
    std::fs::rename(&there, &here).unwrap();
    assert!(used < span / 4, "{used:?} of {span:?}");
    std::fs::remove_file(disk.0.join("filler")).unwrap();
    eventually(|| !all.iter().any(is_held_up));
}

fn processor_time(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |at: usize| fields[at].parse::<u64>().unwrap();
    // Of 10 ms each: what it used itself, and what the kernel did for it.
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}
