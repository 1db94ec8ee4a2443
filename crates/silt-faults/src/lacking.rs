//! Programs that run where the machine lacks something. It is taken from them and
//! from all that they start, in namespaces of their own, and from nobody else: it
//! needs no root.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Makes the program `place`, which is `program` where no control group is in reach.
pub fn without_control_groups(program: &Path, place: &Path) -> PathBuf {
    let program = program.to_str().unwrap();
    let script = format!(
        r#"#!/bin/sh
if [ "$(id -u)" != 0 ]; then own='--user --map-current-user --keep-caps'; fi
exec unshare $own --mount sh -c 'mount -t tmpfs -o ro none /sys/fs/cgroup && exec "$0" "$@"' '{program}' "$@"
"#
    );
    // Not written by this process: a child that another of its threads forks meanwhile
    // would hold the file open for writing, and what is can not be run.
    let mut install = Command::new("install")
        .args(["-m", "755", "/dev/stdin"])
        .arg(place)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = install.stdin.take().unwrap();
    stdin.write_all(script.as_bytes()).unwrap();
    drop(stdin);
    assert!(install.wait().unwrap().success());
    place.to_owned()
}

/// Runs `command` to its end where no user namespace can be made, as on a machine
/// with `user.max_user_namespaces` at 0: that switch is each user namespace's own.
/// The command keeps its user and has no standard input.
pub fn without_user_namespaces(command: &Command) -> Output {
    let script = r#"echo; read go && echo 0 > /proc/sys/user/max_user_namespaces && exec "$@""#;
    let environment = command.get_envs();
    let (given, taken): (Vec<_>, Vec<_>) = environment.partition(|(_, value)| value.is_some());
    let mut below = Command::new("unshare");
    below
        .args(["--user", "--mount", "--keep-caps", "sh", "-c", script, "sh"])
        .arg(command.get_program())
        .args(command.get_args())
        .envs(
            given
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for (name, _) in taken {
        below.env_remove(name);
    }
    let mut below = below.spawn().unwrap();
    let mut said = [0];
    below
        .stdout
        .as_mut()
        .unwrap()
        .read_exact(&mut said)
        .unwrap();
    // Mapped from outside, as only root may map more ids than its own, which Silt needs.
    keep_ids(below.id());
    below.stdin.take().unwrap().write_all(b"go\n").unwrap();
    below.wait_with_output().unwrap()
}

/// Every id that may be mapped stays the same: all of them for root, else one's own.
fn keep_ids(process: u32) {
    let root = rustix::process::geteuid().is_root();
    let place = |file: &str| format!("/proc/{process}/{file}");
    if !root {
        std::fs::write(place("setgroups"), "deny").unwrap();
    }
    let own = [
        ("uid_map", rustix::process::geteuid().as_raw()),
        ("gid_map", rustix::process::getegid().as_raw()),
    ];
    for (file, id) in own {
        let known = std::fs::read_to_string(format!("/proc/self/{file}")).unwrap();
        let same = |line: &str| {
            let mut numbers = line.split_whitespace();
            let (first, count) = (numbers.next().unwrap(), numbers.nth(1).unwrap());
            format!("{first} {first} {count}\n")
        };
        let map = if root {
            known.lines().map(same).collect()
        } else {
            format!("{id} {id} 1")
        };
        std::fs::write(place(file), map).unwrap();
    }
}
