//! A supervisor and nothing else, so that this crate is tested with real ones.
//! What is shipped is the `silt` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    silt_sandbox::hidden_verb(std::env::args_os().skip(1)).unwrap_or_else(|| {
        eprintln!("silt-supervisor is started by silt, not by hand");
        ExitCode::from(2)
    })
}
