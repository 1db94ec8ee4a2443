//! Processes of this machine, found by what they can not take off: a variable that
//! they inherited, a namespace, their parents. A name on a command line they can.

use std::fs;
use std::path::{Path, PathBuf};

/// Every process, as its folder below `/proc`.
fn all() -> impl Iterator<Item = PathBuf> {
    let is_number = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.parse::<u32>().is_ok())
    };
    let entries = fs::read_dir("/proc").unwrap().flatten();
    entries.map(|entry| entry.path()).filter(is_number)
}

/// The command lines of all processes that have `variable`, as `NAME=value`.
pub(crate) fn with_variable(variable: &str) -> Vec<String> {
    let has_it = |folder: &PathBuf| {
        let environment = fs::read(folder.join("environ")).unwrap_or_default();
        environment
            .split(|&byte| byte == 0)
            .any(|one| one == variable.as_bytes())
    };
    let command = |folder: PathBuf| {
        let words = fs::read_to_string(folder.join("cmdline")).unwrap_or_default();
        words.trim_end_matches('\0').replace('\0', " ")
    };
    all().filter(has_it).map(command).collect()
}

/// Whether any process is in the namespace that links name so: `pid:[4026531836]`.
pub(crate) fn in_namespace(link: &str) -> bool {
    let kind = link.split(':').next().unwrap();
    let is_in = |folder: PathBuf| {
        fs::read_link(folder.join("ns").join(kind)).is_ok_and(|own| own == Path::new(link))
    };
    all().any(is_in)
}

/// One process and no later one of its number.
#[derive(Debug, PartialEq)]
pub(crate) struct Process {
    pid: u32,
    started: String,
}

impl Process {
    fn of(pid: u32) -> Option<Process> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // A name may hold anything, parentheses too.
        let mut fields = stat[stat.rfind(')')? + 1..].split_whitespace();
        let ended = fields.next()? == "Z";
        let started = fields.nth(18)?.to_owned();
        (!ended).then_some(Process { pid, started })
    }

    pub(crate) fn runs(&self) -> bool {
        Process::of(self.pid).as_ref() == Some(self)
    }
}

/// All that descend from a process.
pub(crate) fn descendants(pid: u32) -> Vec<Process> {
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
    let children = children.unwrap_or_default();
    let mut found = Vec::new();
    for child in children.split_whitespace() {
        let child = child.parse().unwrap();
        found.extend(Process::of(child));
        found.extend(descendants(child));
    }
    found
}
