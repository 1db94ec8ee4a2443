//! What a client was told, kept in a file that outlives it.

use crate::SessionEnd;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Event {
    /// A session runs that prints this.
    Spawned(u64, String),
    /// It ended so.
    Ended(SessionEnd),
    /// The supervisor was killed while the sessions ran that had not ended.
    Killed,
    /// The sandbox was asked to go.
    Removing,
}

pub(super) struct Told {
    path: PathBuf,
}

impl Told {
    pub(super) fn in_folder(folder: &Path) -> Told {
        Told {
            path: folder.join("told"),
        }
    }

    pub(super) fn add(&self, event: &Event) {
        let mut file = File::options()
            .append(true)
            .create(true)
            .open(&self.path)
            .unwrap();
        let line = serde_json::to_string(event).unwrap();
        writeln!(file, "{line}").unwrap();
    }

    pub(super) fn events(&self) -> Vec<Event> {
        let text = fs::read_to_string(&self.path).unwrap_or_default();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}
