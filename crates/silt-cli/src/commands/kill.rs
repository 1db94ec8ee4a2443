//! `silt kill`.

use super::each::each;
use crate::failure::Failure;
use clap::Args;
use silt_sandbox::Home;
use std::process::ExitCode;

/// End sandboxes at once; what they wrote stays
#[derive(Args)]
pub(crate) struct Arguments {
    /// Sandboxes
    #[arg(value_name = "N", required = true)]
    names: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let home = Home::from_env()?;
    each(&arguments.names, |name| {
        Ok(silt_sandbox::kill(&home, name)?)
    })
}
