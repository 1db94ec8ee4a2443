//! `sandbox.json`: what a sandbox was asked to be, without any secret.

use crate::folder::{Durable, Folder, replace};
use crate::limits::Limits;
use crate::runtime::{Mount, Network, Runtime};
use crate::spec::LogsSpec;
use crate::{Error, Millis, SandboxSpec, sys};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::PathBuf;

const VERSION: u32 = 1;

/// The options that a later start needs again. Values of `env` are not among
/// them, only their names, so that a start without them can say so.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    version: u32,
    pub name: String,
    pub created_at: String,
    pub runtime: Runtime,
    /// None for the private one, so that a home can be moved.
    pub workdir: Option<PathBuf>,
    pub mounts: Vec<Mount>,
    pub network: Network,
    pub max_lifetime: Option<Millis>,
    pub idle_timeout: Option<Millis>,
    pub limits: Limits,
    pub logs: LogsSpec,
    pub env_names: Vec<String>,
}

impl Record {
    pub(crate) fn new(name: &str, spec: &SandboxSpec, created_at: String) -> Record {
        Record {
            version: VERSION,
            name: name.to_owned(),
            created_at,
            runtime: spec.runtime,
            workdir: spec.workdir.clone(),
            mounts: spec.mounts.clone(),
            network: spec.network(),
            max_lifetime: spec.max_lifetime,
            idle_timeout: spec.idle_timeout,
            limits: spec.limits.clone(),
            logs: spec.logs.clone(),
            env_names: spec.env.0.keys().cloned().collect(),
        }
    }

    pub(crate) fn write(&self, folder: &Folder) -> Result<(), Error> {
        let json = serde_json::to_vec_pretty(self).expect("a record is plain data");
        replace(&folder.record(), &json, Durable::PowerCut)
    }

    pub(crate) fn read(folder: &Folder, name: &str) -> Result<Record, Error> {
        let path = folder.record();
        let json = sys::read(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Error::SandboxNotFound { name: name.into() },
            _ => Error::io("read", &path, error),
        })?;
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let broken = |error: serde_json::Error| {
            Error::io(
                "read",
                &path,
                io::Error::new(io::ErrorKind::InvalidData, error),
            )
        };
        let versioned: Versioned = serde_json::from_slice(&json).map_err(broken)?;
        if versioned.version > VERSION {
            return Err(Error::protocol(format!(
                "sandbox \"{name}\" was made by a newer release of Silt (format {}, this one knows {VERSION}); use that release",
                versioned.version
            )));
        }
        serde_json::from_slice(&json).map_err(broken)
    }

    /// The workdir on the host.
    pub(crate) fn workdir(&self, folder: &Folder) -> PathBuf {
        self.workdir.clone().unwrap_or_else(|| folder.workspace())
    }
}
