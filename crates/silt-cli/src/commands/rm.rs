//! `silt rm`.

use super::each::each;
use crate::failure::Failure;
use crate::output::{Stdout, bytes_text};
use clap::Args;
use silt_sandbox::{Home, Removed};
use std::process::ExitCode;

/// Remove sandboxes with their logs and private workdirs
#[derive(Args)]
pub(crate) struct Arguments {
    /// Also those that run: they are killed first
    #[arg(long)]
    force: bool,
    /// Sandboxes; one that can not be removed does not keep the others
    #[arg(value_name = "N", required = true)]
    names: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let home = Home::from_env()?;
    each(&arguments.names, |name| {
        say(&silt_sandbox::remove(&home, name, arguments.force)?)
    })
}

/// Says what went with a sandbox.
pub(super) fn say(removed: &Removed) -> Result<(), Failure> {
    let with = if removed.workdir {
        "with its log and its private workdir"
    } else {
        "with its log; its workdir stays"
    };
    let line = format!(
        "removed {} {with}, {}\n",
        removed.name,
        bytes_text(removed.bytes)
    );
    let mut out = Stdout::new();
    out.write(line.as_bytes())?;
    Ok(out.flush()?)
}
