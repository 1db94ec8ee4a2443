//! `silt start`.

use crate::arguments::environment;
use crate::failure::Failure;
use crate::session::own_executable;
use clap::Args;
use silt_sandbox::{Home, StartOptions};
use std::ffi::OsString;
use std::process::ExitCode;

/// Start a stopped or crashed sandbox again, in the same log
#[derive(Args)]
pub(crate) struct Arguments {
    /// Sandbox
    #[arg(value_name = "N")]
    name: String,
    /// Variables of every command; values are never kept, so give them again
    #[arg(long, value_name = "K=V")]
    env: Vec<OsString>,
}

pub(crate) fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let options = StartOptions {
        env: environment(&arguments.env)?,
        executable: own_executable(),
    };
    silt_sandbox::start(&Home::from_env()?, &arguments.name, options)?;
    Ok(ExitCode::SUCCESS)
}
