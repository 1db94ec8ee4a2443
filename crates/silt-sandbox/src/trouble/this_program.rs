//! This test program is the supervisor and the agent of its sandboxes too: they
//! are to make the calls that tests stand in between of.

use std::ffi::OsStr;
use std::process::ExitCode;

/// Run before `main`, which is that of the test harness and knows no such verb.
#[used]
#[unsafe(link_section = ".init_array")]
static BECOME: extern "C" fn() = become_what_is_asked;

extern "C" fn become_what_is_asked() {
    let verbs = [crate::SUPERVISE_VERB, crate::AGENT_VERB];
    let mut arguments = std::env::args_os().skip(1).peekable();
    if !arguments
        .peek()
        .is_some_and(|verb| verbs.iter().any(|known| verb == OsStr::new(known)))
    {
        return;
    }
    // As the runtime does before `main`.
    // SAFETY: a plain system call; no other thread exists yet.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_IGN) };
    let code = crate::hidden_verb(arguments);
    std::process::exit(i32::from(code != Some(ExitCode::SUCCESS)));
}
