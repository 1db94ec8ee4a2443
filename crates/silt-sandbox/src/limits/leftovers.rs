//! Groups of supervisors that were killed before they could remove them.
//!
//! A group's name holds the pid namespace, pid and start time of the supervisor that
//! made it, so that another one can tell for certain that its maker is gone.

use std::fs::{self, read_to_string};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::hierarchy::Hierarchy;

const PREFIX: &str = "silt-";
/// How deep below a tree's top groups are looked for.
const DEPTH_MAX: usize = 8;

pub(super) fn name_of_own(count: u64) -> String {
    let pid = std::process::id();
    format!(
        "{PREFIX}{}-{pid}-{}-{count}",
        pid_namespace(),
        start_time(pid).unwrap_or(0)
    )
}

/// Removes every group whose maker is gone, killing what is still in it.
pub(super) fn remove() {
    for tree in Hierarchy::all() {
        walk(&tree.mount, DEPTH_MAX);
    }
}

fn walk(folder: &Path, depth: usize) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        if !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let path = entry.path();
        match entry.file_name().to_str().and_then(maker) {
            Some((pid, start)) if start_time(pid) != Some(start) => {
                // One that resists is found again by the next start.
                let _ = empty_and_remove(&path);
            }
            Some(_) => {}
            None if depth > 0 => walk(&path, depth - 1),
            None => {}
        }
    }
}

/// Kills the processes of a group and removes it; `Err` while they are still dying.
pub(super) fn empty_and_remove(path: &Path) -> io::Result<()> {
    for pid in read_to_string(path.join("cgroup.procs"))
        .unwrap_or_default()
        .lines()
    {
        if let Some(pid) = pid.parse().ok().and_then(rustix::process::Pid::from_raw) {
            // One that is gone already is as good.
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
        }
    }
    match fs::remove_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn maker(name: &str) -> Option<(u32, u64)> {
    let mut parts = name.strip_prefix(PREFIX)?.split('-');
    // What is no process here may be one in another container.
    let here = parts.next()?.parse() == Ok(pid_namespace());
    let pid = parts.next()?.parse().ok()?;
    let start = parts.next()?.parse().ok()?;
    parts.next()?.parse::<u64>().ok()?;
    (here && parts.next().is_none()).then_some((pid, start))
}

fn pid_namespace() -> u64 {
    fs::metadata("/proc/self/ns/pid").map_or(0, |namespace| namespace.ino())
}

/// Clock ticks from boot to the start of a process.
fn start_time(pid: u32) -> Option<u64> {
    let stat = read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(')')?
        .1
        .split_ascii_whitespace()
        .nth(19)?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_of_a_living_maker_is_recognised() {
        let (pid, start) = maker(&name_of_own(3)).unwrap();
        assert_eq!(pid, std::process::id());
        assert_eq!(start_time(pid), Some(start));
    }

    #[test]
    fn groups_of_others_are_never_taken_for_ours() {
        for name in [
            "silt-",
            "silt-1",
            "silt-1-2",
            "silt-a-2-3",
            "silt-1-2-3-4",
            "silt-1-2-3-4-5",
            "user.slice",
        ] {
            assert_eq!(maker(name), None, "{name}");
        }
    }
}
