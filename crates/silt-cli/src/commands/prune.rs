//! `silt prune`.

use super::rm;
use crate::arguments::size;
use crate::failure::Failure;
use clap::Args;
use silt_sandbox::{Home, PruneOptions};
use std::process::ExitCode;

/// Remove all sandboxes that have ended, with their logs and private workdirs
#[derive(Args)]
pub(crate) struct Arguments {
    /// Keep the newest while all sandboxes together take no more than this
    #[arg(long, value_name = "B", value_parser = size)]
    keep_bytes: Option<u64>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let options = PruneOptions {
        keep_bytes: arguments.keep_bytes,
    };
    for removed in silt_sandbox::prune(&Home::from_env()?, &options)? {
        rm::say(&removed)?;
    }
    Ok(ExitCode::SUCCESS)
}
