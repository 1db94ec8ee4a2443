//! Where a log or a sandbox is.

use crate::ErrorData;
use serde::Deserialize;
use silt_sandbox::Home;
use std::path::PathBuf;

/// A sandbox by its name, or a folder with logs.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Place {
    Sandbox { home: PathBuf, name: String },
    Folder { folder: PathBuf },
}

impl Place {
    /// The folder with the logs, there or not.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` when the name is none.
    pub fn log_folder(&self) -> Result<PathBuf, ErrorData> {
        match self {
            Place::Sandbox { home, name } => {
                Ok(silt_sandbox::logs_dir(&Home::at(home.as_path()), name)?)
            }
            Place::Folder { folder } => Ok(folder.clone()),
        }
    }
}
