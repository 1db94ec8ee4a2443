//! Who the sandbox is: one unprivileged id, the same inside and outside.

use rustix::io::Errno;
use rustix::process::{DumpableBehavior, getegid, geteuid, set_dumpable_behavior};

use super::super::wire::Refusal;

/// Uid and gid.
#[derive(Clone, Copy)]
pub(super) struct Ids(u32, u32);

impl Ids {
    pub(super) fn pair(self) -> (u32, u32) {
        (self.0, self.1)
    }
}

pub(super) fn current() -> Ids {
    Ids(geteuid().as_raw(), getegid().as_raw())
}

/// Becomes `id`, user and group, with no other group. There is no way back.
pub(super) fn give_up_root(id: u32) -> Result<(), Refusal> {
    // SAFETY: no pointer but to an empty list; the process has one thread.
    let done = unsafe {
        libc::setgroups(0, std::ptr::null()) == 0
            && libc::setresgid(id, id, id) == 0
            && libc::setresuid(id, id, id) == 0
    };
    if !done {
        let error = std::io::Error::last_os_error();
        return Err(Refusal::machine(
            format!("become the unprivileged id {id} (SILT_UID names another)"),
            Errno::from_io_error(&error).unwrap_or(Errno::PERM),
        ));
    }
    // Otherwise /proc/self belongs to root, and the id maps could not be written.
    set_dumpable_behavior(DumpableBehavior::Dumpable)
        .map_err(|e| Refusal::machine("write the own /proc after giving up root", e))
}

/// Maps the one id onto itself.
pub(super) fn map(ids: Ids) -> Result<(), Refusal> {
    let write = |file: &str, text: String| {
        std::fs::write(format!("/proc/self/{file}"), text).map_err(|error| {
            let errno = Errno::from_io_error(&error).unwrap_or(Errno::IO);
            Refusal::machine(format!("write /proc/self/{file}"), errno)
        })
    };
    write("setgroups", "deny".into())?;
    write("uid_map", format!("{0} {0} 1", ids.0))?;
    write("gid_map", format!("{0} {0} 1", ids.1))
}
