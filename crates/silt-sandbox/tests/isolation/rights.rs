//! Rights over the machine and its kernel.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use crate::host::{exists, inside, is_root, outside, sandbox};

pub(crate) const CASES: &[(&str, fn())] = &[
    (
        "core_pattern and its neighbours cannot be written",
        proc_sys_cannot_be_written,
    ),
    ("no user namespace can be made", no_user_namespace),
    ("no set-id file can be left on the host", no_set_id),
    ("no device can be made", no_device),
    ("SILT_UID names the id of a sandbox of root's", silt_uid),
    ("no capability is left, none can come", no_capability),
];

const CORE_PATTERN: &str = "/proc/sys/kernel/core_pattern";

fn proc_sys_cannot_be_written() {
    let before = fs::read_to_string(CORE_PATTERN).unwrap();
    if is_root() {
        // The same value: proves the right without changing the machine.
        assert_eq!(outside(&["set", CORE_PATTERN, before.trim()]), "done\n");
    }
    let mut sandbox = sandbox(|_| {});
    assert_eq!(
        inside(&mut sandbox, &["set", CORE_PATTERN, "|/workspace/evil"]),
        "no\n"
    );
    inside(
        &mut sandbox,
        &["remount", "/proc/sys", "kernel/core_pattern"],
    );
    inside(
        &mut sandbox,
        &["remount", "/proc", "sys/kernel/core_pattern"],
    );
    assert_eq!(fs::read_to_string(CORE_PATTERN).unwrap(), before);
    for path in [
        "/proc/sysrq-trigger",
        "/proc/sys/vm/drop_caches",
        "/proc/irq/default_smp_affinity",
    ] {
        assert_eq!(inside(&mut sandbox, &["set", path, "h"]), "no\n", "{path}");
    }
}

fn no_user_namespace() {
    assert_eq!(outside(&["userns"]), "done\ndone\ndone\n");
    let mut sandbox = sandbox(|_| {});
    assert_eq!(inside(&mut sandbox, &["userns"]), "no\n");
}

fn no_set_id() {
    let folder = tempfile::tempdir().unwrap();
    let mode = |name: &str| fs::metadata(folder.path().join(name)).map(|m| m.mode() & 0o6000);
    outside(&["setuid", folder.path().join("free").to_str().unwrap()]);
    assert_eq!(mode("free").unwrap(), 0o6000);
    assert_ne!(mode("free.made").unwrap(), 0);
    let mut sandbox = sandbox(|config| config.workdir = folder.path().to_owned());
    inside(&mut sandbox, &["setuid", "/workspace/kept"]);
    assert_eq!(mode("kept").unwrap(), 0);
    assert_eq!(mode("kept.made").unwrap_or(0), 0);
    // Ordinary modes are still anyone's to set.
    let ended = sandbox.sh("chmod 750 kept && mkdir -m 1777 d && install -m 755 kept copy");
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(
        fs::metadata(folder.path().join("kept"))
            .unwrap()
            .permissions()
            .mode()
            & 0o777,
        0o750
    );
}

fn no_device() {
    let folder = tempfile::tempdir().unwrap();
    let free = folder.path().join("free");
    if is_root() {
        assert_eq!(outside(&["device", free.to_str().unwrap()]), "done\n");
        fs::remove_file(&free).unwrap();
    }
    let mut sandbox = sandbox(|config| config.workdir = folder.path().to_owned());
    for place in ["/workspace/kept", "/tmp/kept", "/dev/shm/kept"] {
        assert_eq!(inside(&mut sandbox, &["device", place]), "no\n", "{place}");
    }
    assert!(!exists(&folder.path().join("kept")));
}

fn no_capability() {
    let mut sandbox = sandbox(|_| {});
    let status = sandbox.sh("cat /proc/self/status").stdout;
    for name in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
        assert!(
            status.contains(&format!("{name}:\t0000000000000000\n")),
            "{status}"
        );
    }
    assert!(status.contains("NoNewPrivs:\t1\n"), "{status}");
    assert!(status.contains("Seccomp:\t2\n"), "{status}");
    assert!(
        !status.contains("Uid:\t0\t") && !status.contains("Gid:\t0\t"),
        "{status}"
    );
}

/// What a sandbox made by this very process says of itself.
pub(crate) fn report_ids() {
    match crate::sandboxed::Sandboxed::with(silt_sandbox::Runtime::Namespace, |_| {}) {
        Ok(mut sandbox) => println!("{}", sandbox.sh("id -u; id -g; touch made; id -un").stdout),
        Err(error) => println!("{error}"),
    }
}

fn silt_uid() {
    let ids = |uid: &str| {
        let mut command = std::process::Command::new(crate::host::exe());
        let output = command
            .args(["act", "report-ids"])
            .env("SILT_UID", uid)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    if is_root() {
        assert_eq!(ids("12345").trim(), "12345\n12345\nsilt");
        for wrong in ["0", "-1", "root", "4294967295"] {
            assert!(ids(wrong).starts_with("SILT_UID: "), "{}", ids(wrong));
        }
    } else {
        let own = rustix::process::geteuid().as_raw();
        assert!(
            ids("12345").starts_with(&format!("{own}\n")),
            "only root becomes another"
        );
    }
}
