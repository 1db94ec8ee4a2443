//! Nothing of a sandbox outlives its supervisor, however that ends.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::fs::{FlockOperation, flock};
use rustix::process::{Pid, Signal, kill_process};
use silt_sandbox::Runtime;

use crate::host::exe;
use crate::sandboxed::{Sandboxed, eventually, read_until, spec};

pub(crate) const CASES: &[(&str, fn())] = &[
    (
        "a daemon outlives its parent outside",
        daemon_outlives_its_parent,
    ),
    (
        "a daemon does not outlive a killed supervisor",
        killed_supervisor,
    ),
    ("a daemon does not outlive a killed agent", killed_agent),
    (
        "a stopped pid 1 does not outlive its supervisor",
        stopped_pid_1,
    ),
    (
        "the thread that started an agent may end",
        starting_thread_ends,
    ),
];

/// Holds a lock for as long as it lives, and survives what can be survived.
pub(crate) fn linger(path: &str) {
    // SAFETY: no pointer but the null handler.
    unsafe {
        for signal in [libc::SIGHUP, libc::SIGTERM, libc::SIGINT, libc::SIGPIPE] {
            libc::signal(signal, libc::SIG_IGN);
        }
    }
    let lock = File::create(path).unwrap();
    flock(&lock, FlockOperation::LockExclusive).unwrap();
    fs::write(
        Path::new(path).with_extension("up"),
        std::process::id().to_string(),
    )
    .unwrap();
    loop {
        std::thread::park();
    }
}

/// Leaves a lingering process behind, as a daemon would: away from session and parent.
pub(crate) fn abandon(path: &str) {
    let mut command = Command::new(exe());
    command.args(["act", "linger", path]);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    // SAFETY: one system call without memory.
    unsafe { command.pre_exec(|| rustix::process::setsid().map(drop).map_err(Into::into)) };
    let daemon = command.spawn().unwrap();
    // Ends without waiting: the daemon is an orphan from now on.
    std::mem::forget(daemon);
}

/// A supervisor whose sandbox holds an abandoned process.
pub(crate) fn supervise(runtime: &str, workdir: &str) {
    let runtime = if runtime == "namespace" {
        Runtime::Namespace
    } else {
        Runtime::Process
    };
    let mut sandbox = Sandboxed::with(runtime, |config| {
        config.workdir = workdir.into();
        crate::host::show(config, exe().parent().unwrap(), "/probe");
    })
    .unwrap();
    let program = match runtime {
        Runtime::Namespace => Path::new("/probe").join(exe().file_name().unwrap()),
        Runtime::Process => exe(),
    };
    let ended = sandbox.run(&spec(
        program.to_str().unwrap(),
        &["act", "abandon", "lock"],
    ));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    eventually("the daemon runs", || {
        Path::new(workdir).join("lock.up").exists()
    });
    println!("{}", sandbox.agent.pid());
    let _ = std::io::stdout().flush();
    loop {
        std::thread::park();
    }
}

fn is_held(lock: &Path) -> bool {
    let file = File::open(lock).unwrap();
    flock(&file, FlockOperation::NonBlockingLockExclusive).is_err()
}

fn daemon_outlives_its_parent() {
    let folder = tempfile::tempdir().unwrap();
    let lock = folder.path().join("lock");
    let status = Command::new(exe())
        .args(["act", "abandon", lock.to_str().unwrap()])
        .status()
        .unwrap();
    assert!(status.success());
    eventually("the daemon runs", || lock.with_extension("up").exists());
    assert!(is_held(&lock));
    let pid: i32 = fs::read_to_string(lock.with_extension("up"))
        .unwrap()
        .parse()
        .unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
    eventually("the daemon is dead", || !is_held(&lock));
}

/// A supervisor, its agent's pid and its workdir.
fn supervisor(runtime: &str) -> (Child, i32, tempfile::TempDir) {
    let workdir = tempfile::tempdir().unwrap();
    let mut supervisor = Command::new(exe())
        .args([
            "act",
            "supervise",
            runtime,
            workdir.path().to_str().unwrap(),
        ])
        // What it makes itself goes with this folder: once killed it removes nothing.
        .env("TMPDIR", workdir.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(supervisor.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let agent = line.trim().parse().expect("the agent's pid");
    assert!(is_held(&workdir.path().join("lock")));
    (supervisor, agent, workdir)
}

fn is_alive(pid: i32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| {
        stat.rsplit_once(')')
            .is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
    })
}

fn killed_supervisor() {
    for runtime in ["namespace", "process"] {
        let (mut supervisor, agent, workdir) = supervisor(runtime);
        supervisor.kill().unwrap();
        supervisor.wait().unwrap();
        eventually("the daemon is dead", || {
            !is_held(&workdir.path().join("lock"))
        });
        eventually("the agent is dead", || !is_alive(agent));
    }
}

fn killed_agent() {
    let (mut supervisor, agent, workdir) = supervisor("namespace");
    kill_process(Pid::from_raw(agent).unwrap(), Signal::KILL).unwrap();
    eventually("the daemon is dead", || {
        !is_held(&workdir.path().join("lock"))
    });
    supervisor.kill().unwrap();
    supervisor.wait().unwrap();
}

fn stopped_pid_1() {
    let (mut supervisor, agent, workdir) = supervisor("namespace");
    let children = fs::read_to_string(format!("/proc/{agent}/task/{agent}/children"));
    let Some(pid_1) = children
        .ok()
        .and_then(|c| Pid::from_raw(c.trim().parse().ok()?))
    else {
        panic!("the agent's child is its pid 1");
    };
    kill_process(pid_1, Signal::STOP).unwrap();
    supervisor.kill().unwrap();
    supervisor.wait().unwrap();
    eventually("the daemon is dead", || {
        !is_held(&workdir.path().join("lock"))
    });
    eventually("pid 1 is dead", || !is_alive(pid_1.as_raw_nonzero().get()));
}

fn starting_thread_ends() {
    for runtime in [Runtime::Namespace, Runtime::Process] {
        let start = move || Sandboxed::start(runtime);
        let mut sandbox = std::thread::spawn(start).join().unwrap();
        let (id, mut pipe) = sandbox.spawn(&spec("sh", &["-c", "echo up; exec sleep 1000"]));
        assert_eq!(read_until(&mut pipe, "up\n"), "up\n");
        sandbox.agent.signal(id, libc::SIGTERM).unwrap();
        assert_eq!(sandbox.exit_of(id), (None, Some(libc::SIGTERM)));
    }
}
