//! Limits hold where the machine lets them, and are refused where it does not.

use std::fs;
use std::path::PathBuf;

use silt_sandbox::{AgentConfig, AgentError, Limits, Runtime};

use crate::host::{exe, is_root, sandbox};
use crate::sandboxed::{Ended, Sandboxed, eventually, spec};

pub(crate) const CASES: &[(&str, fn())] = &[
    (
        "a limit on memory holds or is refused with the mend",
        memory,
    ),
    ("a limit on processes holds", processes),
    (
        "limits on files and processor time hold for each process",
        per_process,
    ),
    ("control groups go with the sandbox", groups_are_removed),
    (
        "control groups of a killed supervisor go at the next start",
        leftovers_are_removed,
    ),
    (
        "the smallest limits leave room for one small command",
        smallest,
    ),
    ("limits that leave no room are refused", no_room),
];

const MIB: u64 = 1 << 20;

fn limited(limits: Limits) -> impl FnOnce(&mut AgentConfig) {
    move |config| {
        config.limits = limits;
        crate::host::show(config, exe().parent().unwrap(), "/probe");
    }
}

fn allocate(sandbox: &mut Sandboxed, bytes: u64) -> Ended {
    let program = format!("/probe/{}", exe().file_name().unwrap().to_str().unwrap());
    sandbox.run(&spec(&program, &["act", "allocate", &bytes.to_string()]))
}

fn memory() {
    let limits = Limits {
        memory_bytes: Some(64 * MIB),
        ..Limits::default()
    };
    let mut sandbox = match Sandboxed::with(Runtime::Namespace, limited(limits.clone())) {
        Ok(sandbox) => sandbox,
        Err(error) => {
            assert!(!is_root(), "root can hold it here: {error}");
            let AgentError::LimitUnavailable {
                limit: "memoryBytes",
                mend,
                ..
            } = &error
            else {
                panic!("{error}");
            };
            // In these words the command line puts its own flag for it.
            assert!(mend.contains("set `bestEffort: true`"), "{mend}");
            let limits = Limits {
                best_effort: true,
                ..limits
            };
            let sandbox = Sandboxed::with(Runtime::Namespace, limited(limits)).unwrap();
            let names: Vec<_> = sandbox
                .agent
                .unheld_limits()
                .iter()
                .map(|u| u.name)
                .collect();
            assert_eq!(names, ["memoryBytes"]);
            return;
        }
    };
    assert_eq!(
        allocate(&mut self::sandbox(|_| {}), 300 * MIB).stdout,
        "done\n"
    );
    assert_eq!(allocate(&mut sandbox, 20 * MIB).stdout, "done\n");
    assert_eq!(sandbox.agent.oom_kills(), 0);
    let ended = allocate(&mut sandbox, 300 * MIB);
    assert_eq!(
        (ended.signal, ended.stdout.as_str()),
        (Some(libc::SIGKILL), "")
    );
    assert_eq!(sandbox.agent.oom_kills(), 1);
    // Several together, each below the limit; and the private /tmp counts too.
    let ended =
        sandbox.sh("for i in 1 2 3 4; do head -c 30m /dev/zero | tail -c 30m | wc -c & done; wait");
    assert!(
        ended.stdout.lines().count() < 4 || sandbox.agent.oom_kills() > 1,
        "{ended:?}"
    );
    sandbox.sh("head -c 300m /dev/zero > /tmp/big");
    let size = sandbox
        .sh("wc -c < /tmp/big")
        .stdout
        .trim()
        .parse::<u64>()
        .unwrap_or(0);
    assert!(size <= 64 * MIB, "{size}");
    assert_eq!(
        sandbox.sh("rm -f /tmp/big; echo still here").stdout,
        "still here\n"
    );
}

fn processes() {
    let limits = Limits {
        processes: Some(20),
        ..Limits::default()
    };
    let script = "i=0; while [ $i -lt 60 ]; do (sleep 1000 & ) 2>/dev/null; i=$((i+1)); done; \
                  ls -d /proc/[0-9]* | wc -l";
    let free = sandbox(|_| {})
        .sh(script)
        .stdout
        .trim()
        .parse::<u32>()
        .unwrap();
    assert!(free > 60, "{free}");
    let mut sandbox = Sandboxed::with(Runtime::Namespace, limited(limits)).unwrap();
    sandbox.sh(script);
    // Counted from outside: nothing could be forked to count it.
    let count = descendants(sandbox.agent.pid());
    assert!((15..=22).contains(&count), "{count}");
    assert_eq!(
        sandbox.agent.fork_refusals() > 0,
        is_root(),
        "counted where a group holds it"
    );
    sandbox.agent.signal_all(libc::SIGKILL).unwrap();
    eventually("room again", || descendants(sandbox.agent.pid()) == 1);
    assert_eq!(sandbox.sh("echo still here").stdout, "still here\n");
}

fn descendants(pid: i32) -> usize {
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
    let children: Vec<i32> = children
        .unwrap_or_default()
        .split_whitespace()
        .filter_map(|child| child.parse().ok())
        .collect();
    children.len()
        + children
            .iter()
            .map(|child| descendants(*child))
            .sum::<usize>()
}

fn per_process() {
    for runtime in [Runtime::Namespace, Runtime::Process] {
        let limits = Limits {
            open_files: Some(32),
            cpu_seconds: Some(1),
            ..Limits::default()
        };
        let mut sandbox = Sandboxed::with(runtime, limited(limits)).unwrap();
        let ended = sandbox.sh("ulimit -Sn; ulimit -Hn; ulimit -n 64 2>/dev/null || echo refused");
        assert_eq!(ended.stdout, "32\n32\nrefused\n");
        let ended = sandbox.sh("while :; do :; done");
        assert_eq!(ended.signal, Some(libc::SIGXCPU));
    }
}

fn groups_of(pid: u32) -> Vec<PathBuf> {
    let mark = format!("-{pid}-");
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from("/sys/fs/cgroup")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                let name = entry.file_name().to_string_lossy().into_owned();
                if name.starts_with("silt-") && name.contains(&mark) {
                    found.push(entry.path());
                }
                folders.push(entry.path());
            }
        }
    }
    found
}

fn both() -> Limits {
    let limits = Limits {
        memory_bytes: Some(64 * MIB),
        processes: Some(50),
        ..Limits::default()
    };
    Limits {
        best_effort: true,
        ..limits
    }
}

fn groups_are_removed() {
    for runtime in [Runtime::Namespace, Runtime::Process] {
        let mut sandbox = Sandboxed::with(runtime, limited(both())).unwrap();
        let held = sandbox.agent.unheld_limits().is_empty();
        assert_eq!(!groups_of(std::process::id()).is_empty(), held && is_root());
        let (_, _pipe) = sandbox.spawn(&spec("sh", &["-c", "setsid sleep 1000 & sleep 1000"]));
        sandbox.wait_for(|e| matches!(e, silt_sandbox::AgentEvent::Spawned { .. }));
        sandbox.agent.end().unwrap();
        assert!(groups_of(std::process::id()).is_empty());
    }
}

fn leftovers_are_removed() {
    if !is_root() {
        return;
    }
    let sandbox = Sandboxed::with(Runtime::Namespace, limited(both())).unwrap();
    let groups = groups_of(std::process::id());
    assert!(!groups.is_empty());
    // A maker that has been dead since before this process was born.
    let mut gone = std::process::Command::new("true").spawn().unwrap();
    gone.wait().unwrap();
    let mut left = std::process::Command::new("sleep")
        .arg("1000")
        .spawn()
        .unwrap();
    for group in &groups {
        let name = group.file_name().unwrap().to_str().unwrap();
        let name = name.replace(
            &format!("-{}-", std::process::id()),
            &format!("-{}-", gone.id()),
        );
        let leftover = group.with_file_name(name);
        fs::create_dir(&leftover).unwrap();
        fs::write(leftover.join("cgroup.procs"), left.id().to_string()).unwrap();
    }
    assert_eq!(groups_of(gone.id()).len(), groups.len());
    drop(Sandboxed::with(Runtime::Namespace, limited(both())).unwrap());
    left.wait().unwrap();
    drop(Sandboxed::with(Runtime::Namespace, limited(both())).unwrap());
    assert!(groups_of(gone.id()).is_empty());
    assert_eq!(
        groups_of(std::process::id()),
        groups,
        "those of the living stay"
    );
    drop(sandbox);
}

fn smallest() {
    if !is_root() {
        return;
    }
    let limits = Limits {
        memory_bytes: Some(4 * MIB),
        processes: Some(1),
        ..Limits::default()
    };
    let mut sandbox = Sandboxed::with(Runtime::Namespace, limited(limits)).unwrap();
    assert_eq!(sandbox.sh("echo fits").stdout, "fits\n");
    assert_eq!(allocate(&mut sandbox, 30 * MIB).signal, Some(libc::SIGKILL));
    assert_eq!(sandbox.sh("echo fits").stdout, "fits\n");
}

fn no_room() {
    let table = [
        (
            "limits.memoryBytes",
            Limits {
                memory_bytes: Some(1),
                ..Limits::default()
            },
        ),
        (
            "limits.processes",
            Limits {
                processes: Some(0),
                ..Limits::default()
            },
        ),
        (
            "limits.openFiles",
            Limits {
                open_files: Some(0),
                ..Limits::default()
            },
        ),
        (
            "limits.cpuSeconds",
            Limits {
                cpu_seconds: Some(0),
                ..Limits::default()
            },
        ),
    ];
    for (name, limits) in table {
        match Sandboxed::with(Runtime::Namespace, limited(limits)) {
            Err(AgentError::InvalidArgument { option, .. }) => assert_eq!(option, name),
            other => panic!("{name}: {:?}", other.err()),
        }
    }
}
