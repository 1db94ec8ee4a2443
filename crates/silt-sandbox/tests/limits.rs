//! Limits of real sandboxes: each holds, or the sandbox is not made and the mend is
//! named, or with `bestEffort` it is said in the log that it does not hold.

mod supervised;

use silt_faults::without_control_groups;
use silt_log::Log;
use silt_sandbox::{Error, Limits, Runtime, SandboxSpec};
use supervised::{Lab, Running, eventually};

const BOTH: [Runtime; 2] = [Runtime::Process, Runtime::Namespace];

/// One process with 200 MiB at once; how many bytes it gave on is shown.
const HOLD: &str = "head -c 200m /dev/zero | tail -c 200m | wc -c";
const HELD: &[u8] = b"209715200\n";

fn memory() -> Limits {
    Limits {
        memory_bytes: Some(64 << 20),
        ..Limits::default()
    }
}

fn processes() -> Limits {
    Limits {
        processes: Some(20),
        ..Limits::default()
    }
}

fn spec(lab: &Lab, name: &str, runtime: Runtime, limits: Limits) -> SandboxSpec {
    SandboxSpec {
        runtime,
        limits,
        ..lab.spec(name)
    }
}

fn held(sandbox: &Running<'_>) -> Vec<u8> {
    let end = sandbox.sh(HOLD);
    sandbox.lab.written(&sandbox.name, end.session_id, "stdout")
}

/// How many of 60 processes can be left running, counted from outside.
fn left_running(sandbox: &Running<'_>, mark: &str) -> usize {
    let argument = format!("{mark}{}", std::process::id());
    let script =
        format!("i=0; while [ $i -lt 60 ]; do sleep {argument} >/dev/null 2>&1 & i=$((i+1)); done");
    let made_all = sandbox.sh(&script).exit_code == Some(0);
    // Until each that was forked has become what it is to be.
    let forked = format!("sleep {argument}");
    eventually(|| !supervised::runs(&forked));
    let count = supervised::how_many(&format!("sleep\0{argument}"));
    assert_eq!(made_all, count == 60, "{count}");
    count
}

/// The sandbox, or `None` where an ordinary user may not have it limited; then
/// nothing of it is left.
fn create<'a>(lab: &'a Lab, spec: SandboxSpec, limit: &str) -> Option<Running<'a>> {
    let name = spec.name.clone().unwrap();
    match silt_sandbox::create(&lab.home, spec) {
        Ok(_) => Some(lab.connect(&name)),
        Err(error) => {
            let root = rustix::process::geteuid().is_root();
            assert!(!root, "root can hold it here: {error}");
            assert_refused(lab, &name, &error, limit);
            None
        }
    }
}

/// The error names limit and mend, and there is no half of a sandbox.
fn assert_refused(lab: &Lab, name: &str, error: &Error, limit: &str) {
    let Error::LimitUnavailable {
        limit: refused,
        mend,
        ..
    } = error
    else {
        panic!("{error}");
    };
    assert_eq!(refused, limit);
    for way in ["as root", "Delegate=yes", "set `bestEffort: true`"] {
        assert!(mend.contains(way), "{mend}");
        assert!(error.to_string().contains(way), "{error}");
    }
    let names = || silt_sandbox::list(&lab.home).unwrap();
    assert!(names().iter().all(|info| info.name != name));
    let folders = std::fs::read_dir(lab.home.path().join("sandboxes")).unwrap();
    assert_eq!(folders.count(), names().len());
    eventually(|| !supervised::runs(&format!("__supervise\0{name}")));
}

#[test]
fn a_limit_on_memory_holds_for_a_sandbox_and_is_the_kernels_news() {
    for runtime in BOTH {
        let lab = Lab::new();
        let free = lab.create_with(spec(&lab, "free", runtime, Limits::default()));
        assert_eq!(held(&free), HELD);
        let spec = spec(&lab, "limited", runtime, memory());
        let Some(limited) = create(&lab, spec, "memoryBytes") else {
            continue;
        };
        assert_eq!(held(&limited), b"0\n");
        eventually(|| {
            let notes = lab.notes("limited", Log::Kernel);
            notes.iter().any(|note| note.contains("for want of memory"))
        });
        assert_eq!(limited.sh("exit 3").exit_code, Some(3));
        // The one beside it has its own.
        assert_eq!(held(&free), HELD);
    }
}

#[test]
fn a_limit_on_processes_holds_for_a_sandbox_and_is_the_kernels_news() {
    for runtime in BOTH {
        let lab = Lab::new();
        let free = lab.create_with(spec(&lab, "free", runtime, Limits::default()));
        assert_eq!(left_running(&free, "861"), 60);
        let spec = spec(&lab, "limited", runtime, processes());
        let Some(limited) = create(&lab, spec, "processes") else {
            continue;
        };
        let count = left_running(&limited, "862");
        assert!((10..=20).contains(&count), "{count}");
        if rustix::process::geteuid().is_root() {
            limited.stop();
            let notes = lab.notes("limited", Log::Kernel);
            let told = notes.iter().any(|note| note.contains("was refused"));
            assert!(told, "{notes:?}");
        }
    }
}

#[test]
fn without_control_groups_a_limited_sandbox_is_refused_whole() {
    let lab = Lab::new();
    let place = lab.folder.path().join("supervisor");
    let supervisor = without_control_groups(supervised::EXECUTABLE.as_ref(), &place);
    for (runtime, limits, limit) in [
        (Runtime::Process, memory(), "memoryBytes"),
        (Runtime::Process, processes(), "processes"),
        (Runtime::Namespace, memory(), "memoryBytes"),
    ] {
        let name = format!("refused-{}-{limit}-{}", runtime.name(), std::process::id());
        let name = name.to_lowercase();
        let with = |best_effort| SandboxSpec {
            executable: Some(supervisor.clone()),
            ..spec(
                &lab,
                &name,
                runtime,
                Limits {
                    best_effort,
                    ..limits.clone()
                },
            )
        };
        let error = silt_sandbox::create(&lab.home, with(false)).unwrap_err();
        assert_refused(&lab, &name, &error, limit);

        // Asked to do its best it runs, and its log says what it goes without.
        let sandbox = lab.create_with(with(true));
        let notes = lab.notes(&name, Log::Runtime);
        let told = format!("the limit {limit} does not hold: ");
        let entries = notes.iter().filter(|note| note.starts_with(&told));
        assert_eq!(entries.count(), 1, "{notes:?}");
        match limit {
            "memoryBytes" => assert_eq!(held(&sandbox), HELD),
            _ => assert_eq!(left_running(&sandbox, "863"), 60),
        }
    }
}

#[test]
fn without_control_groups_a_namespace_still_limits_its_processes() {
    let lab = Lab::new();
    let place = lab.folder.path().join("supervisor");
    let supervisor = without_control_groups(supervised::EXECUTABLE.as_ref(), &place);
    let sandbox = lab.create_with(SandboxSpec {
        executable: Some(supervisor),
        ..spec(&lab, "limited", Runtime::Namespace, processes())
    });
    let count = left_running(&sandbox, "864");
    assert!((10..=20).contains(&count), "{count}");
    let notes = lab.notes("limited", Log::Runtime);
    let told = notes.iter().any(|note| note.contains("does not hold"));
    assert!(!told, "{notes:?}");
}
