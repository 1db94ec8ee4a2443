//! The folder of a real sandbox, with a real supervisor: its log and its socket
//! are out of reach for the commands that they serve.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::FileExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use silt_sandbox::{Mount, Runtime, SandboxSpec, Spawn};

use crate::host::{exe, outside};
use crate::supervised::{Lab, Running, contains};

pub(crate) const CASES: &[(&str, fn())] = &[
    (
        "what is done to a log and a socket outside has an effect",
        outside_it_works,
    ),
    (
        "a sandbox cannot reach its own log and socket from a private workdir",
        from_a_private_workdir,
    ),
    (
        "a sandbox cannot reach its own log and socket from a workdir that contains them",
        from_a_workdir_above,
    ),
    (
        "a sandbox cannot reach its own log and socket by moving what contains them",
        by_moving,
    ),
];

/// In no argument list: where it is found, the act has written it.
const PLANTED: &[u8] = b"written by an intruder\n";

pub(crate) fn is_act(name: &str) -> bool {
    ACTS.contains(&name) || name == "request"
}

/// One act against each of the paths; says how many had a hold of theirs.
pub(crate) fn intrude(act: &str, paths: &[&str]) {
    let append = |path: &str| fs::OpenOptions::new().append(true).open(path);
    let done = |path: &&&str| match act {
        "append" => append(path).is_ok_and(|mut log| log.write_all(PLANTED).is_ok()),
        "overwrite" => fs::OpenOptions::new()
            .write(true)
            .open(path)
            .is_ok_and(|log| log.write_all_at(PLANTED, 0).is_ok()),
        "truncate" => append(path).is_ok_and(|log| log.set_len(0).is_ok()),
        "remove" => fs::remove_file(path).is_ok(),
        // The next segment, before the writer has made it.
        "plant" => fs::write(next(Path::new(path)), PLANTED).is_ok(),
        _ => request(path).is_ok(),
    };
    println!("{} done", paths.iter().filter(done).count());
}

const ACTS: [&str; 5] = ["append", "overwrite", "truncate", "remove", "plant"];

fn next(segment: &Path) -> PathBuf {
    segment.with_file_name("exec.log.000002")
}

/// Greets and asks for a command, as a client does.
fn request(socket: &str) -> std::io::Result<()> {
    let mut socket = UnixStream::connect(socket)?;
    socket.set_read_timeout(Some(Duration::from_secs(60)))?;
    for header in [
        r#"{"silt":[1,1],"release":"0.0.0"}"#,
        r#"{"id":1,"method":"spawn","program":"true"}"#,
    ] {
        let lengths = (header.len() as u64).to_le_bytes();
        socket.write_all(&[&lengths, header.as_bytes()].concat())?;
    }
    let mut answers = Vec::new();
    let mut chunk = [0; 4096];
    while !contains(&answers, b"\"id\":1") {
        match socket.read(&mut chunk)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            read => answers.extend_from_slice(&chunk[..read]),
        }
    }
    Ok(())
}

fn segment(lab: &Lab, name: &str) -> PathBuf {
    lab.sandbox(name).join("logs/exec.log.000001")
}

fn socket(lab: &Lab, name: &str) -> PathBuf {
    lab.sandbox(name).join("control.sock")
}

/// With the caller's rights and no isolation, against sandboxes to throw away.
fn outside_it_works() {
    let lab = Lab::new();
    let on = |act: &str, path: &Path| {
        assert_eq!(outside(&[act, path.to_str().unwrap()]), "1 done\n", "{act}");
    };
    for act in ACTS {
        let spec = SandboxSpec {
            executable: Some(exe()),
            ..lab.spec(act)
        };
        let sandbox = lab.create_with(spec);
        assert_eq!(sandbox.sh("echo said").exit_code, Some(0));
        let path = segment(&lab, act);
        let before = fs::read(&path).unwrap();
        on(act, &path);
        let after = fs::read(&path).unwrap_or_default();
        match act {
            "append" => assert_eq!(after, [&before, PLANTED].concat()),
            "overwrite" => assert!(after.starts_with(PLANTED) && after.len() == before.len()),
            "truncate" => assert!(path.exists() && after.is_empty()),
            "remove" => assert!(!path.exists()),
            _ => assert_eq!(fs::read(next(&path)).unwrap(), PLANTED),
        }
        if act == "plant" {
            assert_eq!(lab.info(act).sessions.len(), 1);
            on("request", &socket(&lab, act));
            assert_eq!(lab.info(act).sessions.len(), 2);
        }
    }
}

/// A sandbox that sees this executable at `/probe`, and has said something.
fn create<'a>(lab: &'a Lab, workdir: Option<&Path>) -> Running<'a> {
    let sandbox = lab.create_with(SandboxSpec {
        runtime: Runtime::Namespace,
        executable: Some(exe()),
        workdir: workdir.map(Path::to_owned),
        mounts: vec![Mount {
            source: exe().parent().unwrap().to_owned(),
            target: "/probe".into(),
            read_only: true,
        }],
        ..lab.spec("own")
    });
    assert_eq!(sandbox.sh("echo said before").exit_code, Some(0));
    sandbox
}

/// Every way from inside to a place of the host that is `below` the workdir, where
/// it is, and at `host`.
fn ways(host: &Path, below: &[&str]) -> Vec<String> {
    let host = host.to_str().unwrap();
    let roots = ["", "/workspace/../..", "/proc/1/root", "/proc/self/root"];
    let from_root = roots.map(|root| format!("{root}{host}"));
    let bases = ["/workspace", "/proc/1/cwd", "/proc/self/cwd"];
    let from_workdir = below
        .iter()
        .flat_map(|below| bases.map(|base| format!("{base}/{below}")));
    from_root.into_iter().chain(from_workdir).collect()
}

/// What one act said, from inside.
fn inside(sandbox: &Running<'_>, act: &str, ways: &[String]) -> String {
    let program = Path::new("/probe").join(exe().file_name().unwrap());
    let end = sandbox.wait(sandbox.spawn(Spawn {
        program: program.to_str().unwrap().into(),
        args: [vec!["act".into(), act.into()], ways.to_vec()].concat(),
        ..Spawn::default()
    }));
    assert_eq!(end.exit_code, Some(0), "the act {act} broke down");
    let said = sandbox.lab.written(&sandbox.name, end.session_id, "stdout");
    String::from_utf8(said).unwrap()
}

/// Tries everything. `below` are the ways from the workdir to the sandbox's folder.
fn nothing_is_reached(sandbox: &Running<'_>, below: &[&str]) {
    let (lab, name) = (sandbox.lab, &sandbox.name);
    let folder = lab.sandbox(name);
    let logs = folder.join("logs");
    let list = || {
        let entries = fs::read_dir(&logs).unwrap();
        let mut names: Vec<_> = entries.map(|one| one.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let there = list();
    let before = fs::read(segment(lab, name)).unwrap();
    let sessions = lab.info(name).sessions.len();
    let ways = |file: &str| -> Vec<String> {
        let ways = ways(&folder, below);
        ways.iter().map(|way| format!("{way}/{file}")).collect()
    };
    // The acts work inside too, on what is the sandbox's own.
    for act in ACTS {
        sandbox.sh("echo own > /tmp/exec.log.000001");
        let own = ["/tmp/exec.log.000001".to_owned()];
        assert_eq!(inside(sandbox, act, &own), "1 done\n", "{act}");
    }
    for act in ACTS {
        assert_eq!(
            inside(sandbox, act, &ways("logs/exec.log.000001")),
            "0 done\n"
        );
    }
    assert_eq!(
        inside(sandbox, "request", &ways("control.sock")),
        "0 done\n"
    );

    assert_eq!(list(), there);
    let after = fs::read(segment(lab, name)).unwrap();
    assert!(after.starts_with(&before) && after.len() > before.len());
    assert!(!contains(&after, PLANTED));
    // Those that this test asked for, and none more.
    let asked = 3 * ACTS.len() + 1;
    assert_eq!(lab.info(name).sessions.len(), sessions + asked);
    let report = lab.logs(name).verify(&mut |_| {}).unwrap();
    assert!(report.whole, "{report:?}");
    assert_eq!(sandbox.sh("echo still served").exit_code, Some(0));
}

fn from_a_private_workdir() {
    let lab = Lab::new();
    let sandbox = create(&lab, None);
    nothing_is_reached(&sandbox, &["..", "../own", "../../own"]);
}

fn from_a_workdir_above() {
    let lab = Lab::new();
    let sandbox = create(&lab, Some(lab.folder.path()));
    // The home would be seen there: what else the folder holds is.
    fs::write(lab.folder.path().join("beside"), "seen").unwrap();
    assert_eq!(sandbox.sh("grep seen /workspace/beside").exit_code, Some(0));
    assert_eq!(sandbox.sh("test -d /workspace/home").exit_code, Some(0));
    nothing_is_reached(
        &sandbox,
        &["home/sandboxes/own", "./home/../home/sandboxes/own"],
    );
    // Nor can it be taken away or covered.
    let away = "rm -rf home; rmdir home; mv home away; ln -sfn /tmp home; ! test -e away";
    assert_eq!(sandbox.sh(away).exit_code, Some(0));
    assert_eq!(sandbox.sh("echo still served").exit_code, Some(0));
    assert!(segment(&lab, "own").exists());
}

/// The workdir is the caller's to rearrange, and what contains the home may be
/// moved: the home is covered at its new place as well.
fn by_moving() {
    let above = tempfile::tempdir().unwrap();
    let lab = Lab {
        home: silt_sandbox::Home::at(above.path().join("deep/home")),
        folder: tempfile::tempdir().unwrap(),
    };
    fs::create_dir(above.path().join("deep")).unwrap();
    let sandbox = create(&lab, Some(above.path()));
    let program = Path::new("/probe").join(exe().file_name().unwrap());
    let place = "/workspace/moved/home/sandboxes/own";
    let act = |act: &str, file: &str| format!("{} act {act} {place}/{file}\n", program.display());
    let acts = ACTS.map(|name| act(name, "logs/exec.log.000001")).concat();
    // In one command, as no client finds the socket meanwhile.
    let script = format!(
        "mv deep moved && test -d moved/home && {{ {acts}{}}}; mv moved deep",
        act("request", "control.sock")
    );
    let before = fs::read(segment(&lab, "own")).unwrap();
    let sessions = lab.info("own").sessions.len();
    let end = sandbox.sh(&script);
    assert_eq!(end.exit_code, Some(0));
    let said = lab.written("own", end.session_id, "stdout");
    assert_eq!(String::from_utf8(said).unwrap(), "0 done\n".repeat(6));
    assert!(fs::read(segment(&lab, "own")).unwrap().starts_with(&before));
    assert!(!next(&segment(&lab, "own")).exists());
    assert_eq!(lab.info("own").sessions.len(), sessions + 1);
    nothing_is_reached(&sandbox, &["deep/home/sandboxes/own"]);
}
