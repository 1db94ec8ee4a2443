//! A machine that forbids user namespaces says so, with the mend.

use std::fs;

use silt_sandbox::{AgentError, Runtime};

use crate::acts::own_namespaces;
use crate::host::{is_root, outside};
use crate::sandboxed::Sandboxed;

pub(crate) const CASES: &[(&str, fn())] = &[
    (
        "forbidden user namespaces are named with the mend",
        forbidden,
    ),
    (
        "a workdir or mount that is not there is the caller's mistake",
        not_there,
    ),
];

/// Forbids user namespaces for itself, then asks for a sandbox.
pub(crate) fn without_namespaces() {
    assert!(own_namespaces());
    fs::write("/proc/sys/user/max_user_namespaces", "0").unwrap();
    match Sandboxed::with(Runtime::Namespace, |_| {}) {
        Err(error @ AgentError::RuntimeUnavailable { .. }) => println!("{error}"),
        other => println!("not RuntimeUnavailable but {:?}", other.err()),
    }
    let ended = Sandboxed::start(Runtime::Process).sh("echo process works");
    println!("{}", ended.stdout);
}

fn forbidden() {
    if is_root() {
        // Root in a namespace of one id cannot become another: tried as an ordinary user.
        return;
    }
    let said = outside(&["without-namespaces"]);
    assert!(
        said.contains("runtime `namespace` is not available"),
        "{said}"
    );
    assert!(said.contains("sysctl user.max_user_namespaces"), "{said}");
    assert!(said.contains("`process` by name"), "{said}");
    assert!(said.contains("process works"), "{said}");
}

fn not_there() {
    for runtime in [Runtime::Namespace, Runtime::Process] {
        let refused = Sandboxed::with(runtime, |config| config.workdir = "/no/such".into());
        match refused.err().unwrap() {
            AgentError::InvalidArgument {
                option: "workdir",
                message,
            } => {
                assert!(message.contains("/no/such"), "{message}");
            }
            other => panic!("{other}"),
        }
    }
    let refused = Sandboxed::with(Runtime::Namespace, |config| {
        crate::host::show(config, "/no/such".as_ref(), "/shown");
    });
    assert!(matches!(
        refused,
        Err(AgentError::InvalidArgument {
            option: "mounts",
            ..
        })
    ));
}
