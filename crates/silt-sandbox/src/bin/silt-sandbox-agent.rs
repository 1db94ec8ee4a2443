//! The agent alone, for this crate's tests: published is the command `silt`, which
//! knows the same hidden verb.

use std::process::ExitCode;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some(silt_sandbox::AGENT_VERB) => silt_sandbox::agent_main(),
        _ => ExitCode::from(2),
    }
}
