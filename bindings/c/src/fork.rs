//! A forked child has the memory of its parent without its threads, and with locks as
//! they were at that moment. It is refused before it touches one.

use crate::guard::Result;
use silt_interface::ErrorData;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

static FORKED: AtomicBool = AtomicBool::new(false);

extern "C" fn in_child() {
    FORKED.store(true, Ordering::Relaxed);
}

/// Refuses a child of a process that used the library.
pub(crate) fn refuse_child() -> Result<()> {
    static WATCH: Once = Once::new();
    if FORKED.load(Ordering::Relaxed) {
        return Err(ErrorData::argument(
            "process",
            "it was forked from one that uses Silt, and threads do not survive that: \
             let it exec a program first (in Python: start methods spawn and forkserver)",
        ));
    }
    WATCH.call_once(|| {
        // SAFETY: the handler only sets a flag; the library is never unloaded. Without
        // memory for the handler there is merely no refusal.
        unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
    });
    Ok(())
}
