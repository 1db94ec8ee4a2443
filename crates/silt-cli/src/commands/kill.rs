//! `silt kill`.

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
    for name in &arguments.names {
        silt_sandbox::kill(&home, name)?;
    }
    Ok(ExitCode::SUCCESS)
}
