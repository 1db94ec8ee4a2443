//! A file system that is soon full.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::alone::{again, finish, is_alone};

const DISK: &str = "SILT_TEST_DISK";

/// Runs `test`, which is the test `name`, in a process of its own with a file system
/// of `bytes` bytes, whose folder it is given. That is mounted for this process and
/// what it starts, in namespaces of their own: any user may, and nothing is left
/// mounted however the test ends.
pub fn on_small_disk(name: &str, bytes: u64, test: impl FnOnce(PathBuf)) {
    if is_alone(name) {
        return test(std::env::var_os(DISK).unwrap().into());
    }
    let folder = tempfile::tempdir().unwrap();
    finish(mounted(folder.path(), bytes, &again(name)), name);
}

fn mounted(folder: &Path, bytes: u64, command: &Command) -> Command {
    let mount = r#"mount -t tmpfs -o "size=$1,mode=0700" none "$2" && shift 2 && exec "$@""#;
    let mut mounted = Command::new("unshare");
    if !rustix::process::geteuid().is_root() {
        mounted.args(["--user", "--map-current-user", "--keep-caps"]);
    }
    mounted
        .args(["--mount", "sh", "-c", mount, "sh", &bytes.to_string()])
        .arg(folder)
        .arg(command.get_program())
        .args(command.get_args())
        .env(DISK, folder);
    for (name, value) in command.get_envs() {
        mounted.env(name, value.unwrap_or_default());
    }
    mounted
}
