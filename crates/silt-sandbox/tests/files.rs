//! Files as seen inside, and links that lead out.

mod supervised;

use silt_sandbox::{Error, Runtime, SandboxSpec, files};
use std::os::unix::fs::symlink;
use supervised::Lab;

#[test]
fn files_are_written_listed_read_and_removed_running_or_stopped() {
    for runtime in [Runtime::Process, Runtime::Namespace] {
        let lab = Lab::new();
        let sandbox = lab.create_with(SandboxSpec {
            runtime,
            ..lab.spec("files")
        });
        let home = &lab.home;
        files::write(home, "files", "deep/er/data.bin", &[0, 255, 10]).unwrap();
        // The program inside owns it: it can change it and make its own.
        let script = "printf more >> deep/er/data.bin && printf x > deep/own && rm deep/own && mkdir deep/made && printf inside > deep/made/file";
        let end = sandbox.sh(script);
        assert_eq!(end.exit_code, Some(0), "{runtime:?}");
        let content = files::read(home, "files", "deep/er/data.bin").unwrap();
        assert_eq!(content, b"\0\xff\nmore");
        sandbox.stop();
        assert_eq!(
            files::read(home, "files", "/workspace/deep/made/file").unwrap(),
            b"inside"
        );
        let names: Vec<_> = files::list(home, "files", "deep")
            .unwrap()
            .into_iter()
            .map(|entry| (entry.name, entry.kind))
            .collect();
        assert_eq!(
            names,
            [
                ("er".to_owned(), files::FileKind::Folder),
                ("made".to_owned(), files::FileKind::Folder)
            ]
        );
        files::remove(home, "files", "deep").unwrap();
        assert!(files::list(home, "files", "").unwrap().is_empty());
    }
}

#[test]
fn planted_links_lead_nowhere_outside() {
    let lab = Lab::new();
    lab.create("links");
    let workdir = lab.info("links").workdir;
    let outside = lab.folder.path().join("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("secret"), "secret").unwrap();
    symlink(&outside, workdir.join("folder")).unwrap();
    symlink(outside.join("secret"), workdir.join("file")).unwrap();
    symlink("../../../../../../../../etc/passwd", workdir.join("up")).unwrap();
    symlink("/proc/self/cwd", workdir.join("magic")).unwrap();
    let home = &lab.home;
    for path in ["folder/secret", "file", "up", "magic", "magic/x"] {
        assert!(files::read(home, "links", path).is_err(), "{path}");
    }
    for path in ["folder", "magic"] {
        assert!(files::list(home, "links", path).is_err(), "{path}");
        let below = format!("{path}/planted");
        assert!(files::write(home, "links", &below, b"x").is_err(), "{path}");
    }
    assert!(!outside.join("planted").exists());
    // A link is replaced or removed, what it points at is not touched.
    files::write(home, "links", "file", b"mine").unwrap();
    assert_eq!(files::read(home, "links", "file").unwrap(), b"mine");
    files::remove(home, "links", "folder").unwrap();
    assert_eq!(std::fs::read(outside.join("secret")).unwrap(), b"secret");
    for path in ["../x", "a/../../x", "/etc/passwd", "", "."] {
        let refused = files::write(home, "links", path, b"x").unwrap_err();
        assert!(
            matches!(refused, Error::InvalidArgument { .. }),
            "{path}: {refused}"
        );
    }
    assert!(files::remove(home, "links", "").is_err());
}

#[test]
fn a_fifo_does_not_make_the_reader_wait() {
    let lab = Lab::new();
    let sandbox = lab.create("fifo");
    assert_eq!(sandbox.sh("mkfifo pipe").exit_code, Some(0));
    let error = files::read(&lab.home, "fifo", "pipe").unwrap_err();
    assert!(error.to_string().contains("not a regular file"), "{error}");
}

#[test]
fn an_executable_file_stays_executable() {
    let lab = Lab::new();
    let sandbox = lab.create("mode");
    sandbox.sh("echo 'exit 1' > tool; chmod 755 tool");
    files::write(&lab.home, "mode", "tool", b"#!/bin/sh\nexit 6\n").unwrap();
    assert_eq!(sandbox.sh("./tool").exit_code, Some(6));
}
