//! Whether standard output or standard error was closed as the program began. The
//! runtime opens `/dev/null` in their place, before `main`, and takes what is
//! written there.

use rustix::fd::{AsRawFd, BorrowedFd};
use std::sync::atomic::{AtomicBool, Ordering};

/// By descriptor.
static CLOSED: [AtomicBool; 3] = [const { AtomicBool::new(false) }; 3];

/// Called by the loader, before the runtime begins.
#[cfg(target_os = "linux")]
#[used]
#[unsafe(link_section = ".init_array")]
static LOOK: extern "C" fn() = look;

#[cfg(target_os = "linux")]
extern "C" fn look() {
    for (descriptor, closed) in (0..).zip(&CLOSED) {
        // SAFETY: it asks for flags and changes nothing.
        let flags = unsafe { libc::fcntl(descriptor, libc::F_GETFD) };
        closed.store(flags == -1, Ordering::Relaxed);
    }
}

/// Whether nothing that is written there gets anywhere.
pub(super) fn was_closed(fd: BorrowedFd<'_>) -> bool {
    usize::try_from(fd.as_raw_fd())
        .ok()
        .and_then(|at| CLOSED.get(at))
        .is_some_and(|closed| closed.load(Ordering::Relaxed))
}
