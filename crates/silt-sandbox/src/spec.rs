//! What a sandbox is asked to be.

use crate::limits::Limits;
use crate::runtime::{Mount, Network, Runtime};
use crate::{Error, Millis, name};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Component, PathBuf};

/// The options of `create`, in JSON in camel case. Everything has a default.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SandboxSpec {
    /// `[a-z0-9][a-z0-9._-]{0,62}`; one is made up when none is given.
    pub name: Option<String>,
    /// Default `namespace`.
    pub runtime: Runtime,
    /// Host folder shown writable at `/workspace`; default a private one that
    /// goes with the sandbox.
    pub workdir: Option<PathBuf>,
    /// Further host folders and files to show inside.
    pub mounts: Vec<Mount>,
    /// Environment of every command. Values are held in memory only.
    pub env: Environment,
    /// Default `none`, and `host` for the runtime `process`, which can not
    /// keep a program off the network.
    pub network: Option<Network>,
    /// The sandbox stops this long after it started; default never.
    pub max_lifetime: Option<Millis>,
    /// The sandbox stops when for this long no session ran and no client was
    /// connected; default never.
    pub idle_timeout: Option<Millis>,
    pub limits: Limits,
    pub logs: LogsSpec,
    /// The program to start as the supervisor; default `$SILT_EXECUTABLE`.
    pub executable: Option<PathBuf>,
}

/// Options of the sandbox's log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LogsSpec {
    /// Bytes kept on disk before the oldest go; default 256 MiB.
    pub max_bytes: Option<u64>,
    /// Bytes of one segment; default the smaller of 16 MiB and `max_bytes / 8`.
    pub segment_bytes: Option<u64>,
    /// Age at which segments go; default none.
    pub max_age: Option<Millis>,
    /// Default `segment`.
    pub sync: SyncKind,
    /// Default `none`.
    pub compress: CompressKind,
}

/// When what was written is also synced to the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SyncKind {
    #[default]
    Segment,
    Interval,
    Write,
}

/// What is done to segments that are full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CompressKind {
    #[default]
    None,
    Zstd,
}

/// Environment variables. Shows names only when printed for debugging, and in
/// errors.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Environment(pub BTreeMap<String, String>);

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// The messages of a derived reader would show the value that is wrong.
impl<'de> Deserialize<'de> for Environment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Environment, D::Error> {
        let values = BTreeMap::<String, serde_json::Value>::deserialize(deserializer)?;
        let texts = values.into_iter().map(|(name, value)| match value {
            serde_json::Value::String(text) => Ok((name, text)),
            _ => Err(D::Error::custom(format!(
                "the value of {name} in env is not text"
            ))),
        });
        texts.collect::<Result<_, _>>().map(Environment)
    }
}

impl Environment {
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        let own = |(name, value): (&String, &String)| (name.clone(), value.clone());
        self.0.iter().map(own).collect()
    }

    pub(crate) fn validate(&self) -> Result<(), Error> {
        for (key, value) in &self.0 {
            if key.is_empty() || key.contains(['=', '\0']) {
                return Err(Error::argument(
                    "env",
                    format!("{key:?} is not a name of a variable"),
                ));
            }
            if value.contains('\0') {
                return Err(Error::argument(
                    "env",
                    format!("the value of {key} holds a zero byte"),
                ));
            }
        }
        Ok(())
    }
}

impl LogsSpec {
    /// The writer's options, checked.
    pub(crate) fn writer_options(&self) -> Result<silt_log::WriterOptions, Error> {
        let mut options = silt_log::WriterOptions::default();
        if let Some(max_bytes) = self.max_bytes {
            options.max_bytes = max_bytes;
        }
        options.segment_bytes = self.segment_bytes;
        options.max_age = self.max_age.map(Millis::duration);
        options.sync = match self.sync {
            SyncKind::Segment => silt_log::Sync::Segment,
            SyncKind::Interval => silt_log::Sync::Interval,
            SyncKind::Write => silt_log::Sync::Write,
        };
        options.compress = match self.compress {
            CompressKind::None => silt_log::Compress::None,
            CompressKind::Zstd => silt_log::Compress::Zstd,
        };
        options.validate().map_err(|error| match error.into() {
            Error::InvalidArgument { option, message } => {
                Error::argument(&format!("logs.{option}"), message)
            }
            other => other,
        })?;
        Ok(options)
    }
}

impl SandboxSpec {
    /// Reads the options from JSON; unknown names are refused.
    pub fn from_json(json: &str) -> Result<SandboxSpec, Error> {
        serde_json::from_str(json).map_err(|error| Error::argument("options", error.to_string()))
    }

    /// The network that holds, given or by default.
    pub fn network(&self) -> Network {
        match (self.network, self.runtime) {
            (Some(network), _) => network,
            (None, Runtime::Process) => Network::Host,
            (None, Runtime::Namespace) => Network::None,
        }
    }

    /// Checks everything that can be checked without touching the disk.
    pub fn validate(&self) -> Result<(), Error> {
        if let Some(name) = &self.name {
            name::validate(name)?;
        }
        self.env.validate()?;
        self.logs.writer_options()?;
        for (option, span) in [
            ("maxLifetime", self.max_lifetime),
            ("idleTimeout", self.idle_timeout),
        ] {
            if span == Some(Millis(0)) {
                return Err(Error::argument(option, "must be more than nothing"));
            }
        }
        for (option, limit) in [
            ("limits.memoryBytes", self.limits.memory_bytes),
            ("limits.processes", self.limits.processes),
            ("limits.openFiles", self.limits.open_files),
            ("limits.cpuSeconds", self.limits.cpu_seconds),
        ] {
            if limit == Some(0) {
                return Err(Error::argument(option, "must be more than nothing"));
            }
        }
        for mount in &self.mounts {
            for (end, path) in [("source", &mount.source), ("target", &mount.target)] {
                if !path.is_absolute() {
                    return Err(Error::argument(
                        "mounts",
                        format!("the {end} {path:?} is not an absolute path"),
                    ));
                }
            }
            if mount.target.components().eq([Component::RootDir]) {
                return Err(Error::argument(
                    "mounts",
                    "the target \"/\" is the root of the sandbox; give a folder below it",
                ));
            }
        }
        self.validate_runtime()
    }

    fn validate_runtime(&self) -> Result<(), Error> {
        if self.runtime == Runtime::Process {
            if self.network == Some(Network::None) {
                return Err(Error::argument(
                    "network",
                    "the runtime \"process\" isolates nothing and can not keep a program off the network; leave it out, or use the runtime \"namespace\"",
                ));
            }
            if !self.mounts.is_empty() {
                return Err(Error::argument(
                    "mounts",
                    "the runtime \"process\" shows the host as it is; use the runtime \"namespace\"",
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_numbers_or_text() {
        let spec = SandboxSpec::from_json(r#"{"maxLifetime":1500,"idleTimeout":"2m"}"#).unwrap();
        assert_eq!(spec.max_lifetime, Some(Millis(1500)));
        assert_eq!(spec.idle_timeout, Some(Millis(120_000)));
        assert!(SandboxSpec::from_json(r#"{"maxLifetime":-1}"#).is_err());
        assert!(SandboxSpec::from_json(r#"{"maxLifetim":1}"#).is_err());
        assert!(SandboxSpec::from_json(r#"{"network":"outbound"}"#).is_err());
    }

    #[test]
    fn values_of_env_are_not_printed() {
        let spec = SandboxSpec::from_json(r#"{"env":{"TOKEN":"hunter2"}}"#).unwrap();
        let printed = format!("{spec:?}");
        assert!(printed.contains("TOKEN") && !printed.contains("hunter2"));
        let refused = SandboxSpec::from_json(r#"{"env":{"PIN":482913}}"#).unwrap_err();
        let message = refused.to_string();
        assert!(
            message.contains("PIN") && !message.contains("482913"),
            "{message}"
        );
    }

    #[test]
    fn what_is_refused_is_named_with_its_path() {
        for (json, path) in [
            (r#"{"logs":{"maxBytes":1}}"#, "logs.maxBytes"),
            (r#"{"logs":{"segmentBytes":1}}"#, "logs.segmentBytes"),
            (r#"{"limits":{"openFiles":0}}"#, "limits.openFiles"),
            (r#"{"mounts":[{"source":"/a","target":"/"}]}"#, "mounts"),
            (r#"{"mounts":[{"source":"/a","target":"/./"}]}"#, "mounts"),
        ] {
            match SandboxSpec::from_json(json).unwrap().validate() {
                Err(Error::InvalidArgument { option, .. }) => assert_eq!(option, path, "{json}"),
                other => panic!("{json}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_can_not_hold_is_refused_and_never_ignored() {
        for json in [
            r#"{"name":"../x"}"#,
            r#"{"env":{"A=B":"x"}}"#,
            r#"{"limits":{"memoryBytes":0}}"#,
            r#"{"mounts":[{"source":"a","target":"/b"}]}"#,
            r#"{"runtime":"process","network":"none"}"#,
            r#"{"logs":{"maxBytes":1000000,"segmentBytes":600000}}"#,
        ] {
            let spec = SandboxSpec::from_json(json).unwrap();
            assert!(spec.validate().is_err(), "{json}");
        }
        assert!(SandboxSpec::default().validate().is_ok());
    }
}
