//! Whether standard output was closed as the program began. The runtime opens
//! `/dev/null` in its place, before `main`, and takes what is written there.

use std::sync::atomic::{AtomicBool, Ordering};

static WAS_OUTPUT: AtomicBool = AtomicBool::new(false);

/// Called by the loader, before the runtime begins.
#[cfg(target_os = "linux")]
#[used]
#[unsafe(link_section = ".init_array")]
static LOOK: extern "C" fn() = look;

#[cfg(target_os = "linux")]
extern "C" fn look() {
    // SAFETY: it asks for flags and changes nothing.
    let flags = unsafe { libc::fcntl(libc::STDOUT_FILENO, libc::F_GETFD) };
    WAS_OUTPUT.store(flags == -1, Ordering::Relaxed);
}

/// Whether nothing that is written to standard output gets anywhere.
pub(super) fn was_output() -> bool {
    WAS_OUTPUT.load(Ordering::Relaxed)
}
