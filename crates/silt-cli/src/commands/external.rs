//! Verbs that other packages bring, found like git's: `silt-<verb>` in the
//! nearest `node_modules/.bin`, then on the PATH.

use crate::failure::{Failure, USAGE};
use std::ffi::{OsStr, OsString};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Verbs that are known, with the package that brings each.
const KNOWN: [(&str, &str); 4] = [
    ("serve", "@silt/server"),
    ("open", "@silt/server"),
    ("ship", "@silt/ship"),
    ("jobs", "@silt/jobs"),
];

pub(crate) fn run(words: &[OsString]) -> Result<ExitCode, Failure> {
    let (verb, arguments) = words
        .split_first()
        .ok_or_else(|| Failure::usage("a verb is missing; see `silt --help`"))?;
    let program = find(verb).ok_or_else(|| absent(verb))?;
    let mut command = Command::new(&program);
    command.args(arguments);
    if let (None, Ok(own)) = (std::env::var_os("SILT_EXECUTABLE"), std::env::current_exe()) {
        command.env("SILT_EXECUTABLE", own);
    }
    // In place of this process: signals, terminal and status are its own.
    let error = command.exec();
    Err(Failure::other(format!(
        "could not start {}: {error}",
        program.display()
    )))
}

fn find(verb: &OsStr) -> Option<PathBuf> {
    // A verb is a word, not a way to another folder.
    let word = verb.to_str()?;
    if word.is_empty()
        || !word
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    {
        return None;
    }
    let name = format!("silt-{word}");
    let here = std::env::current_dir().unwrap_or_default();
    let nearest = here
        .ancestors()
        .map(|folder| folder.join("node_modules/.bin").join(&name))
        .find(|path| is_executable(path));
    nearest.or_else(|| {
        std::env::split_paths(&std::env::var_os("PATH")?)
            // An empty entry means this folder, from where nothing is started
            // by accident.
            .filter(|folder| folder.is_absolute())
            .map(|folder| folder.join(&name))
            .find(|path| is_executable(path))
    })
}

fn is_executable(path: &Path) -> bool {
    std::fs::metadata(path)
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

fn absent(verb: &OsStr) -> Failure {
    let verb = verb.to_string_lossy();
    match KNOWN.iter().find(|(known, _)| *known == verb) {
        Some((_, package)) => Failure::other(format!(
            "`silt {verb}` needs silt-{verb}, which is neither in a node_modules/.bin here or above nor on the PATH; install it with `npm install {package}`"
        )),
        None => Failure::new(
            USAGE,
            format!("{verb:?} is not a verb of silt; see `silt --help`"),
        ),
    }
}
