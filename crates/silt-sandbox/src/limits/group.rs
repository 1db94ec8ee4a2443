//! The control groups of one sandbox: at most one folder for each tree.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::hierarchy::{Controller, Hierarchy, Version};
use super::leftovers;
use crate::agent::AgentError;

/// How long the kernel may take to let go of a group whose processes are dead.
const REMOVE_MAX: Duration = Duration::from_secs(2);

/// Groups that hold limits; without limits there is none.
#[derive(Debug, Default)]
pub(crate) struct ControlGroup {
    folders: Vec<Folder>,
}

#[derive(Debug)]
struct Folder {
    path: PathBuf,
    version: Version,
    controllers: Vec<Controller>,
}

impl ControlGroup {
    /// Holds one limit. The reason why it cannot be held is for people to read.
    pub(super) fn limit(&mut self, controller: Controller, value: u64) -> Result<(), String> {
        let tree = Hierarchy::of(controller)?;
        let known = self
            .folders
            .iter()
            .position(|f| f.path.starts_with(&tree.mount));
        let at = match known {
            // A process has one place in each tree, so both limits share it.
            Some(at) => {
                let path = &self.folders[at].path;
                if !tree.extend(path, controller) {
                    let name = controller.name();
                    return Err(format!(
                        "the parent of {} keeps `{name}` back",
                        path.display()
                    ));
                }
                at
            }
            None => {
                self.folders.push(make(&tree, controller)?);
                self.folders.len() - 1
            }
        };
        let folder = &mut self.folders[at];
        folder.set(controller, value)?;
        folder.controllers.push(controller);
        Ok(())
    }

    pub(crate) fn holds_memory(&self) -> bool {
        self.folders
            .iter()
            .any(|folder| folder.controllers.contains(&Controller::Memory))
    }

    /// Puts a process in, and with it all that it will fork.
    pub(crate) fn add(&self, pid: i32) -> Result<(), AgentError> {
        for folder in &self.folders {
            let file = folder.path.join("cgroup.procs");
            fs::write(&file, pid.to_string())
                .map_err(|e| AgentError::io(format!("put the agent into {}", file.display()), e))?;
        }
        Ok(())
    }

    /// Processes killed for want of memory since the start.
    pub(crate) fn oom_kills(&self) -> u64 {
        self.count(
            Controller::Memory,
            "memory.oom_control",
            "memory.events",
            "oom_kill",
        )
    }

    /// Forks refused since the start because of the limit on processes.
    pub(crate) fn fork_refusals(&self) -> u64 {
        self.count(Controller::Pids, "pids.events", "pids.events", "max")
    }

    fn count(&self, controller: Controller, v1: &str, v2: &str, key: &str) -> u64 {
        let folder = self
            .folders
            .iter()
            .find(|f| f.controllers.contains(&controller));
        let Some(folder) = folder else { return 0 };
        let file = if folder.version == Version::V1 {
            v1
        } else {
            v2
        };
        let text = fs::read_to_string(folder.path.join(file)).unwrap_or_default();
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix(' '));
        line.and_then(|count| count.trim().parse().ok())
            .unwrap_or(0)
    }

    /// Kills what is left inside and removes the groups. Doing it again is harmless.
    pub(crate) fn remove(&mut self) -> Result<(), AgentError> {
        let deadline = Instant::now() + REMOVE_MAX;
        let mut result = Ok(());
        for folder in self.folders.drain(..) {
            while let Err(error) = leftovers::empty_and_remove(&folder.path) {
                if Instant::now() >= deadline {
                    let action = format!("remove the control group {}", folder.path.display());
                    result = Err(AgentError::io(action, error));
                    break;
                }
                std::thread::sleep(Duration::from_millis(2));
            }
        }
        result
    }
}

impl Drop for ControlGroup {
    fn drop(&mut self) {
        // What cannot be removed now is found by the next start.
        let _ = self.remove();
    }
}

impl Folder {
    fn set(&self, controller: Controller, value: u64) -> Result<(), String> {
        let write = |name: &str, value: u64| {
            let file = self.path.join(name);
            fs::write(&file, value.to_string())
                .map_err(|e| format!("{} cannot be written: {e}", file.display()))
        };
        match (controller, self.version) {
            (Controller::Pids, _) => write("pids.max", value),
            (Controller::Memory, Version::V2) => {
                write("memory.max", value)?;
                self.no_swap("memory.swap.max", 0)
            }
            (Controller::Memory, Version::V1) => {
                write("memory.limit_in_bytes", value)?;
                self.no_swap("memory.memsw.limit_in_bytes", value)
            }
        }
    }

    /// Otherwise the rest would go to swap; a kernel without swap lacks the file.
    fn no_swap(&self, name: &str, value: u64) -> Result<(), String> {
        let file = self.path.join(name);
        if !file.exists() {
            return Ok(());
        }
        fs::write(&file, value.to_string())
            .map_err(|e| format!("{} cannot be written: {e}", file.display()))
    }
}

fn make(tree: &Hierarchy, controller: Controller) -> Result<Folder, String> {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let mut reason = format!(
        "no group of {} hands on `{}`",
        tree.mount.display(),
        controller.name()
    );
    for parent in tree.parents(controller) {
        let count = COUNTER.fetch_add(1, Ordering::Relaxed);
        let path = parent.join(leftovers::name_of_own(count));
        match fs::create_dir(&path) {
            Ok(()) => {
                let folder = Folder {
                    path,
                    version: tree.version,
                    controllers: Vec::new(),
                };
                if may_enter(&folder.path, &parent, tree) {
                    return Ok(folder);
                }
                reason = format!("processes may not be moved into {}", folder.path.display());
                let _ = fs::remove_dir(&folder.path);
            }
            Err(error) => reason = format!("a group in {}: {error}", parent.display()),
        }
    }
    Err(reason)
}

/// On v2 moving a process needs the right to write where both groups meet.
fn may_enter(path: &Path, parent: &Path, tree: &Hierarchy) -> bool {
    let writable = |folder: &Path| {
        fs::OpenOptions::new()
            .write(true)
            .open(folder.join("cgroup.procs"))
            .is_ok()
    };
    writable(path) && (tree.version == Version::V1 || writable(parent))
}
