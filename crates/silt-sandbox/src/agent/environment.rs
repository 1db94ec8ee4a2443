//! The environment that a command sees.

use std::collections::BTreeMap;
use std::ffi::CString;

const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// What every command of the sandbox starts from.
pub(super) struct Environment {
    base: BTreeMap<String, String>,
}

impl Environment {
    /// `given` is the sandbox's own and wins over the defaults.
    pub(super) fn new(home: &str, given: Vec<(String, String)>) -> Self {
        let mut base = BTreeMap::from(
            [("PATH", PATH), ("HOME", home), ("LANG", "C.UTF-8")]
                .map(|(n, v)| (n.into(), v.into())),
        );
        base.extend(given);
        Self { base }
    }

    /// The variables of one command; its own win.
    pub(super) fn with(&self, own: Vec<(String, String)>, terminal: bool) -> Variables {
        let mut all = self.base.clone();
        if terminal {
            all.entry("TERM".into())
                .or_insert_with(|| "xterm-256color".into());
        }
        all.extend(own);
        Variables(all)
    }
}

pub(super) struct Variables(BTreeMap<String, String>);

impl Variables {
    pub(super) fn path(&self) -> &str {
        self.0.get("PATH").map_or("", String::as_str)
    }

    /// As `exec` wants them. Names and values were checked by the supervisor's side.
    pub(super) fn strings(&self) -> Vec<CString> {
        self.0
            .iter()
            .filter_map(|(n, v)| CString::new(format!("{n}={v}")).ok())
            .collect()
    }
}
