//! The process between supervisor and pid 1. It stays outside the pid namespace
//! and makes sure that pid 1 never outlives the supervisor, even when stopped.

use std::os::fd::OwnedFd;
use std::process::ExitCode;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::retry_on_intr;
use rustix::process::{
    DumpableBehavior, Pid, PidfdFlags, Signal, WaitOptions, pidfd_open, pidfd_send_signal,
    set_dumpable_behavior, waitpid,
};
use rustix::thread::{CapabilitySet, CapabilitySets, set_capabilities};

pub(super) fn watch(control: &OwnedFd, inner: i32) -> ExitCode {
    // It keeps no right over the namespaces that it made.
    let none = CapabilitySet::empty();
    let none = CapabilitySets {
        effective: none,
        permitted: none,
        inheritable: none,
    };
    let harmless = set_capabilities(None, none).is_ok()
        && set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok();
    let Some(pid) = Pid::from_raw(inner) else {
        return ExitCode::FAILURE;
    };
    let Ok(pidfd) = pidfd_open(pid, PidfdFlags::empty()) else {
        return ExitCode::FAILURE;
    };
    if harmless {
        // The end of the control socket, not the parent-death signal: that one
        // fires already when the thread ends that started the agent.
        let mut fds = [
            PollFd::new(control, PollFlags::empty()),
            PollFd::new(&pidfd, PollFlags::IN),
        ];
        let _ = retry_on_intr(|| poll(&mut fds, None));
    }
    let _ = pidfd_send_signal(&pidfd, Signal::KILL);
    let _ = retry_on_intr(|| waitpid(Some(pid), WaitOptions::empty()));
    ExitCode::SUCCESS
}
