//! The host's files.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use crate::host::{SECRET, exists, in_home, inside, is_root, outside, sandbox, show};
use silt_sandbox::Runtime;

use crate::sandboxed::Sandboxed;

pub(crate) const CASES: &[(&str, fn())] = &[
    ("the home folder cannot be read", home_cannot_be_read),
    (
        "what is shown read-only cannot be written",
        read_only_cannot_be_written,
    ),
    ("the system cannot be written", system_cannot_be_written),
    (
        "read-only cannot be undone by remounting",
        remounting_undoes_nothing,
    ),
    (
        "the home of the sandboxes is covered in a workdir that contains it",
        hidden_is_covered,
    ),
    (
        "the home of the sandboxes cannot be mounted",
        hidden_cannot_be_mounted,
    ),
    (
        "files in the workdir are the caller's, without a chown",
        workdir_belongs_to_the_caller,
    ),
    ("a link in the workdir leads nowhere", links_lead_nowhere),
];

fn home_cannot_be_read() {
    let folder = in_home();
    let file = folder.path().join("secret");
    fs::write(&file, SECRET).unwrap();
    let path = file.to_str().unwrap();
    assert!(outside(&["read", path]).contains(SECRET));
    let mut sandbox = sandbox(|_| {});
    let ways: Vec<String> = [
        "",
        "/workspace/../..",
        "/proc/1/root",
        "/proc/self/root",
        "/proc/1/cwd/..",
    ]
    .iter()
    .map(|way| format!("{way}{path}"))
    .collect();
    let act: Vec<&str> = std::iter::once("read")
        .chain(ways.iter().map(String::as_str))
        .collect();
    assert!(!inside(&mut sandbox, &act).contains(SECRET));
    // What of the host is there at all is a short list.
    let root = sandbox.sh("ls /root /home; ls -d /var/* /run /mnt /srv /boot /sys 2>/dev/null");
    assert_eq!(root.stdout, "/home:\n\n/root:\n/run\n/var/tmp\n");
}

fn read_only_cannot_be_written() {
    let folder = in_home();
    let file = folder.path().join("file");
    assert_eq!(outside(&["write", file.to_str().unwrap()]), "done\n");
    fs::remove_file(&file).unwrap();
    let mut sandbox = sandbox(|config| show(config, folder.path(), "/shown"));
    inside(&mut sandbox, &["write", "/shown/file"]);
    assert!(!exists(&file));
}

fn system_cannot_be_written() {
    let name = format!("silt-test-{}", std::process::id());
    let places = ["/usr", "/usr/bin", "/usr/lib"].map(|folder| format!("{folder}/{name}"));
    let mut sandbox = sandbox(|_| {});
    for place in &places {
        if is_root() {
            assert_eq!(outside(&["write", place]), "done\n");
            fs::remove_file(place).unwrap();
        }
        inside(&mut sandbox, &["write", place]);
        assert!(!exists(Path::new(place)));
    }
    for place in ["/etc/x", "/x", "/bin/x", "/dev/x", "/proc/x", "/var/x"] {
        assert_eq!(inside(&mut sandbox, &["write", place]), "no\n", "{place}");
    }
    for place in ["/tmp/x", "/var/tmp/x", "/dev/shm/x", "/workspace/x"] {
        assert_eq!(inside(&mut sandbox, &["write", place]), "done\n", "{place}");
    }
}

fn remounting_undoes_nothing() {
    let folder = in_home();
    let path = folder.path().to_str().unwrap();
    let file = folder.path().join("file");
    outside(&["remount-own", path, "file"]);
    assert!(exists(&file), "remounting works outside");
    fs::remove_file(&file).unwrap();
    let mut sandbox = sandbox(|config| show(config, folder.path(), "/shown"));
    inside(&mut sandbox, &["remount", "/shown", "file"]);
    assert!(!exists(&file));
    let name = format!("silt-test-{}", std::process::id());
    for place in ["/usr", "/usr/bin"] {
        inside(&mut sandbox, &["remount", place, &name]);
        assert!(!exists(&Path::new(place).join(&name)));
    }
    inside(&mut sandbox, &["remount", "/", "etc/new"]);
    assert_eq!(inside(&mut sandbox, &["read", "/etc/new"]), "\n");
}

fn hidden_is_covered() {
    let folder = in_home();
    let home = folder.path().join("deep/.silt");
    fs::create_dir_all(&home).unwrap();
    let secret = home.join("secret");
    fs::write(&secret, SECRET).unwrap();
    assert!(outside(&["read", secret.to_str().unwrap()]).contains(SECRET));
    let mut sandbox = sandbox(|config| {
        config.workdir = folder.path().to_owned();
        show(config, folder.path(), "/shown");
        config.hidden = vec![home.clone()];
    });
    let ways = [
        "read",
        "/workspace/deep/.silt/secret",
        "/shown/deep/.silt/secret",
    ];
    assert!(!inside(&mut sandbox, &ways).contains(SECRET));
    inside(&mut sandbox, &["write", "/workspace/deep/.silt/planted"]);
    sandbox.sh("mv deep moved; mv moved/.silt out; echo x > moved/.silt/planted");
    inside(
        &mut sandbox,
        &["remount", "/workspace/moved/.silt", "planted"],
    );
    let moved = folder.path().join("moved/.silt");
    assert!(exists(&moved.join("secret")) && !exists(&moved.join("planted")));
}

fn hidden_cannot_be_mounted() {
    let folder = in_home();
    let home = folder.path().join(".silt");
    fs::create_dir_all(home.join("logs")).unwrap();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&home, &link).unwrap();
    for source in [&home, &home.join("logs"), &link.join("logs")] {
        let refused = Sandboxed::with(Runtime::Namespace, |config| {
            show(config, source, "/shown");
            config.hidden = vec![home.clone()];
        });
        let refused = refused.err().expect("a refusal").to_string();
        assert!(refused.contains("mounts"), "{refused}");
    }
}

fn workdir_belongs_to_the_caller() {
    let folder = in_home();
    fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o700)).unwrap();
    fs::write(folder.path().join("before"), "old").unwrap();
    fs::set_permissions(
        folder.path().join("before"),
        PermissionsExt::from_mode(0o600),
    )
    .unwrap();
    let mut sandbox = sandbox(|config| config.workdir = folder.path().to_owned());
    let ended = sandbox.sh("echo more >> before && mkdir d && echo new > d/new && id -u");
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let own = rustix::process::geteuid().as_raw();
    let shown = if is_root() { 65534 } else { own };
    assert_eq!(ended.stdout.trim(), shown.to_string());
    for name in ["before", "d", "d/new"] {
        let metadata = fs::metadata(folder.path().join(name)).unwrap();
        assert_eq!(
            (metadata.uid(), metadata.gid()),
            (own, rustix::process::getegid().as_raw())
        );
    }
    let ended = sandbox.sh("stat -c %u before d/new; cat before");
    assert_eq!(ended.stdout, format!("{shown}\n{shown}\noldmore\n"));
}

fn links_lead_nowhere() {
    let folder = in_home();
    fs::write(folder.path().join("secret"), SECRET).unwrap();
    let workdir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(folder.path(), workdir.path().join("link")).unwrap();
    assert!(
        outside(&["read", workdir.path().join("link/secret").to_str().unwrap()]).contains(SECRET)
    );
    let mut sandbox = sandbox(|config| config.workdir = workdir.path().to_owned());
    assert!(!inside(&mut sandbox, &["read", "/workspace/link/secret"]).contains(SECRET));
    inside(&mut sandbox, &["write", "/workspace/link/planted"]);
    // A mount whose target goes through the link lands inside, or is refused.
    let _ = Sandboxed::with(Runtime::Namespace, |config| {
        config.workdir = workdir.path().to_owned();
        show(config, folder.path(), "/workspace/link/planted");
    });
    assert!(!exists(&folder.path().join("planted")));
}
