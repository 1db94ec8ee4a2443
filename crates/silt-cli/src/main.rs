//! The `silt` command. The same executable is the supervisor of each sandbox
//! and the first process inside it, under verbs that are not for people.

mod arguments;
mod cli;
mod commands;
mod failure;
mod output;
mod session;
mod wakeups;

use std::process::ExitCode;

fn main() -> ExitCode {
    silt_sandbox::hidden_verb(std::env::args_os().skip(1)).unwrap_or_else(cli::run)
}
