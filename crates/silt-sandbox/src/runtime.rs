//! What a sandbox is made of: the runtime, its network and its mounts.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// How commands are kept apart from the host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Runtime {
    /// Linux namespaces, a read-only system, no capabilities, seccomp. The default.
    #[default]
    Namespace,
    /// No isolation at all: commands are ordinary processes of the caller.
    /// Only ever chosen by name.
    Process,
}

impl Runtime {
    /// The name used on the command line and in `inspect`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Namespace => "namespace",
            Self::Process => "process",
        }
    }
}

/// What a sandbox reaches of the network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Network {
    /// An own loopback and nothing else. The default.
    #[default]
    None,
    /// The network of the host, its loopback included.
    Host,
}

impl Network {
    /// The name used on the command line and in `inspect`.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Host => "host",
        }
    }
}

/// A host folder or file shown inside the sandbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mount {
    /// Where it is on the host; absolute.
    pub source: PathBuf,
    /// Where it appears inside; absolute.
    pub target: PathBuf,
    /// Default true.
    #[serde(default = "yes")]
    pub read_only: bool,
}

fn yes() -> bool {
    true
}
