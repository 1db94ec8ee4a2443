//! The host's processes, and the sandbox's own pid 1.

use crate::host::{SECRET, Victim, inside, outside, sandbox};

pub(crate) const CASES: &[(&str, fn())] = &[
    ("processes of the host are not seen", cannot_see),
    ("processes of the host cannot be signalled", cannot_signal),
    (
        "the memory of processes of the host cannot be read",
        cannot_steal,
    ),
    ("processes of the host cannot be traced", cannot_trace),
    (
        "pid 1 can be neither killed nor traced nor read",
        pid_1_is_safe,
    ),
];

fn cannot_see() {
    let victim = Victim::start();
    assert_eq!(outside(&["see", &victim.pid()]), "done\n");
    let mut sandbox = sandbox(|_| {});
    assert_eq!(inside(&mut sandbox, &["see", &victim.pid()]), "no\n");
    let seen = sandbox.sh("ls -d /proc/[0-9]*").stdout;
    assert!(seen.lines().count() <= 4, "{seen}");
}

fn cannot_signal() {
    let mut victim = Victim::start();
    outside(&["signal", &victim.pid()]);
    assert!(victim.dies());
    let mut victim = Victim::start();
    let mut sandbox = sandbox(|_| {});
    inside(&mut sandbox, &["signal", &victim.pid()]);
    // Everyone there is: the command's own sandbox only, and not its pid 1.
    sandbox.sh("kill -9 -1");
    assert_eq!(sandbox.sh("echo still here").stdout, "still here\n");
    assert!(victim.is_alive());
}

fn cannot_steal() {
    let victim = Victim::start();
    assert!(outside(&["steal", &victim.pid(), &victim.address]).contains(SECRET));
    let mut sandbox = sandbox(|_| {});
    assert!(!inside(&mut sandbox, &["steal", &victim.pid(), &victim.address]).contains(SECRET));
}

fn cannot_trace() {
    let victim = Victim::start();
    assert_eq!(outside(&["attach", &victim.pid()]), "done\n");
    assert!(outside(&["peek", &victim.pid()]).contains("done"));
    let mut sandbox = sandbox(|_| {});
    assert_eq!(inside(&mut sandbox, &["attach", &victim.pid()]), "no\n");
    assert!(!inside(&mut sandbox, &["peek", &victim.pid()]).contains("done"));
}

fn pid_1_is_safe() {
    let mut sandbox = sandbox(|_| {});
    inside(&mut sandbox, &["signal", "1"]);
    assert_eq!(sandbox.sh("echo still here").stdout, "still here\n");
    assert_eq!(inside(&mut sandbox, &["attach", "1"]), "no\n");
    assert!(!inside(&mut sandbox, &["peek", "1"]).contains("done"));
    for signal in ["STOP", "TERM", "INT", "SEGV", "USR1"] {
        sandbox.sh(&format!("kill -{signal} 1"));
        assert_eq!(
            sandbox.sh("echo still here").stdout,
            "still here\n",
            "{signal}"
        );
    }
}
