//! What a reader who does not read, or a disk without room, may not hold up.

mod support;

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use support::{Folder, stderr, until};

/// A small file system for the sandboxes of a folder.
struct SmallHome<'a>(&'a Folder);

impl SmallHome<'_> {
    fn mount(folder: &Folder) -> Option<SmallHome<'_>> {
        let home = folder.path().join("home");
        fs::create_dir(&home).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=4m,mode=0700", "tmpfs"])
            .arg(&home)
            .output()
            .is_ok_and(|output| output.status.success());
        if !mounted {
            eprintln!("skipped: a tmpfs can not be mounted here; run this test as root");
        }
        mounted.then_some(SmallHome(folder))
    }
}

impl Drop for SmallHome<'_> {
    fn drop(&mut self) {
        let home = silt_sandbox::Home::at(self.0.path().join("home"));
        for info in silt_sandbox::list(&home).unwrap_or_default() {
            let _ = silt_sandbox::remove(&home, &info.name, true);
        }
        // Lazily: the supervisor that was ended is about to let go.
        let _ = Command::new("umount").arg("-l").arg(home.path()).status();
    }
}

/// Says that it is over, however a test is left.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn exec_ends_with_its_command_though_the_disk_keeps_nothing() {
    let folder = Folder::new();
    let Some(_home) = SmallHome::mount(&folder) else {
        return;
    };
    let run = ["run", "-d", "--name", "full", "--runtime", "process"];
    let run = folder.silt(&run).args(["--", "sleep", "1000"]).output();
    assert!(run.unwrap().status.success());
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let _stops = Stop(&done);
        scope.spawn(|| {
            let filler = folder.path().join("home/filler");
            let mut filler = OpenOptions::new().append(true).create(true).open(filler);
            let filler = filler.as_mut().unwrap();
            // Whatever the log gives up is taken at once.
            while !done.load(Ordering::Relaxed) {
                let _ = filler.write(&[0; 4096]);
            }
        });
        let mut exec = folder
            .silt(&["exec", "full", "--", "sh", "-c", "seq 1000000; exit 5"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut shown = exec.stdout.take().unwrap();
        scope.spawn(move || shown.read_to_end(&mut Vec::new()));
        let home = silt_sandbox::Home::at(folder.path().join("home"));
        until("the end of the command", || {
            let sessions = silt_sandbox::get(&home, "full").unwrap().sessions;
            sessions.iter().any(|one| one.exit_code == Some(5))
                || exec.try_wait().unwrap().is_some()
        });
        until("the end of exec", || exec.try_wait().unwrap().is_some());
        let output = exec.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(5), "{}", stderr(&output));
        assert!(stderr(&output).contains("not shown"), "{}", stderr(&output));
    });
}
