//! Paths as callers give them.

#[cfg(any(test, feature = "fuzzing"))]
pub(super) mod fuzzing;

use crate::Error;
use std::ffi::CString;

/// Where the workdir appears inside.
const WORKSPACE: &str = "/workspace";

/// A path below the workdir, taken apart.
pub(super) struct Inside {
    /// All of it; `.` for the workdir itself.
    pub whole: String,
    /// The folder that holds it.
    pub parent: String,
    /// Its own name; none for the workdir and for what ends in `..`.
    name: Option<String>,
    given: String,
}

impl Inside {
    pub(super) fn parse(path: &str) -> Result<Inside, Error> {
        let refuse = |why: &str| {
            let message = format!("{path:?} {why}; give a path relative to the workdir");
            Err(Error::argument("path", message))
        };
        if path.contains('\0') {
            return refuse("holds a zero byte");
        }
        let relative = match path.strip_prefix(WORKSPACE) {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => rest,
            _ if path.starts_with('/') => return refuse("is not below /workspace"),
            _ => path,
        };
        let parts: Vec<&str> = relative
            .split('/')
            .filter(|part| !part.is_empty() && *part != ".")
            .collect();
        if parts.contains(&"..") {
            return refuse("goes up by \"..\"");
        }
        let joined = |parts: &[&str]| match parts {
            [] => ".".to_owned(),
            parts => parts.join("/"),
        };
        Ok(Inside {
            whole: joined(&parts),
            parent: joined(&parts[..parts.len().saturating_sub(1)]),
            name: parts.last().map(|&name| name.to_owned()),
            given: path.to_owned(),
        })
    }

    /// Its own name, for what the workdir itself can not undergo.
    pub(super) fn leaf(&self, undergo: &str) -> Result<CString, Error> {
        let name = self.name.as_deref().ok_or_else(|| {
            let message = format!(
                "{:?} is the workdir itself and can not be {undergo}",
                self.given
            );
            Error::argument("path", message)
        })?;
        Ok(CString::new(name).expect("zero bytes were refused"))
    }

    /// The names of the folders above it, outermost first.
    pub(super) fn folders(&self) -> impl Iterator<Item = &str> {
        self.parent.split('/').filter(|part| *part != ".")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_below_the_workdir() {
        for (given, whole, parent) in [
            ("a/b/c", "a/b/c", "a/b"),
            ("./a//b/", "a/b", "a"),
            ("/workspace/x", "x", "."),
            ("/workspace", ".", "."),
            ("", ".", "."),
        ] {
            let inside = Inside::parse(given).unwrap();
            assert_eq!(
                (&*inside.whole, &*inside.parent),
                (whole, parent),
                "{given}"
            );
        }
        for refused in ["/etc/passwd", "../x", "a/../../x", "a\0b", "/workspacex"] {
            assert!(Inside::parse(refused).is_err(), "{refused:?}");
        }
    }
}
