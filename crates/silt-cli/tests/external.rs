//! Verbs of other packages are found like git's.

mod support;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use support::*;

fn program(path: &Path, says: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let text = format!("#!/bin/sh\necho {says} \"$@\"\nexit 7\n");
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
}

#[test]
fn the_nearest_node_modules_wins_over_the_path() {
    let folder = Folder::new();
    let root = folder.path();
    let deep = root.join("app/src");
    std::fs::create_dir_all(&deep).unwrap();
    program(&root.join("bin/silt-serve"), "path");
    let path = format!("{}:/usr/bin:/bin", root.join("bin").display());
    let run = || {
        folder
            .silt(&["serve", "--port", "1"])
            .current_dir(&deep)
            .env("PATH", &path)
            .output()
            .unwrap()
    };
    let output = run();
    assert_eq!(
        (stdout(&output).as_str(), code(&output)),
        ("path --port 1\n", Some(7))
    );
    program(&root.join("node_modules/.bin/silt-serve"), "outer");
    assert_eq!(stdout(&run()), "outer --port 1\n");
    program(&root.join("app/node_modules/.bin/silt-serve"), "nearest");
    assert_eq!(stdout(&run()), "nearest --port 1\n");
}

#[test]
fn an_absent_one_names_its_package() {
    let folder = Folder::new();
    for (verb, package) in [("serve", "@silt/server"), ("jobs", "@silt/jobs")] {
        let output = folder
            .silt(&[verb])
            .current_dir(folder.path())
            .env("PATH", "/usr/bin:/bin")
            .output()
            .unwrap();
        assert_eq!(code(&output), Some(1));
        assert!(stderr(&output).contains(&format!("npm install {package}")));
    }
}
