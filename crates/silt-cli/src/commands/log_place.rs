//! Which log a verb is about.

use crate::failure::Failure;
use clap::Args;
use silt_log::LogDirectory;
use silt_sandbox::Home;
use std::path::PathBuf;

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct LogPlace {
    /// Sandbox, running or not
    #[arg(value_name = "N")]
    pub(crate) name: Option<String>,
    /// A log folder without a sandbox
    #[arg(long, value_name = "FOLDER")]
    pub(crate) dir: Option<PathBuf>,
}

impl LogPlace {
    pub(crate) fn open(&self) -> Result<LogDirectory, Failure> {
        let Some(name) = &self.name else {
            let folder = self.dir.clone().unwrap_or_default();
            return Ok(LogDirectory::open(folder)?);
        };
        let home = Home::from_env()?;
        match LogDirectory::open(silt_sandbox::logs_dir(&home, name)?) {
            Err(silt_log::Error::NotFound { path }) => {
                // Says that there is no such sandbox, where that is so.
                silt_sandbox::get(&home, name)?;
                Err(silt_log::Error::NotFound { path }.into())
            }
            other => Ok(other?),
        }
    }
}
