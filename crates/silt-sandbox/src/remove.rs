//! Removing sandboxes: one by name, or all that have ended.

use crate::folder::Folder;
use crate::record::Record;
use crate::state::State;
use crate::{Error, Home, Status, client, create, name, status, sys, tree};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Folders under this prefix are being deleted; no sandbox's name begins so.
const GOING: &str = ".removed-";

/// How long a supervisor gets to end after its folder was taken from it.
const END_PATIENCE: Duration = Duration::from_secs(5);

/// What went with a sandbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Removed {
    pub name: String,
    /// Bytes on disk that were freed, log and private workdir.
    pub bytes: u64,
    /// Whether the workdir went too: only the private one does.
    pub workdir: bool,
}

/// Removes a sandbox: its log, its record and its private workdir. The folder
/// is renamed first, so that its name is free at once and readers end after
/// what was there. A workdir that was given stays as it is.
///
/// # Errors
/// `InvalidArgument` when it runs and `force` is not set, `SandboxNotFound`.
pub fn remove(home: &Home, name: &str, force: bool) -> Result<Removed, Error> {
    let folder = Folder::at(home.existing(name)?);
    let lock = create::lock(folder.path(), name)?;
    let runs = status::status(&folder, &State::read(&folder)?)? == Status::Running;
    if runs && !force {
        return Err(Error::argument(
            "force",
            format!("sandbox \"{name}\" runs; stop it first, or remove it with force"),
        ));
    }
    let private = Record::read(&folder, name).is_ok_and(|record| record.workdir.is_none());
    let bytes = tree::bytes(folder.path());
    let going = take_away(home, folder.path())?;
    if runs {
        // Not before the rename: readers would see a sandbox that has stopped.
        end(&Folder::at(&going), END_PATIENCE)?;
    }
    delete(&going)?;
    drop(lock);
    Ok(Removed {
        name: name.to_owned(),
        bytes,
        workdir: private,
    })
}

/// Which ended sandboxes `prune` takes.
#[derive(Clone, Debug, Default)]
pub struct PruneOptions {
    /// Keep ended sandboxes, the newest first, while all sandboxes together
    /// take no more bytes than this; default: remove every one that has ended.
    pub keep_bytes: Option<u64>,
}

/// Removes sandboxes that have ended, oldest end first, and what an interrupted
/// creation or removal left. Running ones are never touched.
pub fn prune(home: &Home, options: &PruneOptions) -> Result<Vec<Removed>, Error> {
    sweep(home);
    let mut total = 0;
    let mut ended = Vec::new();
    for info in status::list(home)? {
        let bytes = tree::bytes(&home.sandbox(&info.name)?);
        total += bytes;
        if info.status != Status::Running {
            let when = info.ended_at.or(info.started_at).unwrap_or(info.created_at);
            ended.push((when, info.name, bytes));
        }
    }
    ended.sort();
    let mut removed = Vec::new();
    for (_, name, bytes) in ended {
        if options.keep_bytes.is_some_and(|keep| total <= keep) {
            break;
        }
        match remove(home, &name, false) {
            Ok(one) => removed.push(one),
            // Started or removed by someone else meanwhile.
            Err(Error::InvalidArgument { .. } | Error::SandboxNotFound { .. }) => {}
            Err(error) => return Err(error),
        }
        total = total.saturating_sub(bytes);
    }
    Ok(removed)
}

/// Takes a folder out of sight by a rename, ends what runs there, and deletes it.
pub(crate) fn discard(home: &Home, folder: &Path) -> Result<(), Error> {
    let going = take_away(home, folder)?;
    end(&Folder::at(&going), END_PATIENCE)?;
    delete(&going)
}

/// The same for one that can not be renamed, by whom holds its lock. What runs
/// there is killed: it has not seen that its folder goes.
pub(crate) fn discard_in_place(folder: &Path) -> Result<(), Error> {
    end(&Folder::at(folder), Duration::ZERO)?;
    delete(folder)
}

fn take_away(home: &Home, folder: &Path) -> Result<PathBuf, Error> {
    let going = home
        .sandboxes()
        .join(format!("{GOING}{:016x}", name::random()));
    sys::rename(folder, &going).map_err(|error| Error::io("remove", folder, error))?;
    Ok(going)
}

fn delete(going: &Path) -> Result<(), Error> {
    tree::remove(going).map_err(|error| Error::io("delete", going, error))
}

/// A supervisor ends when it notices that its folder was moved. One that does
/// not in time is killed.
fn end(folder: &Folder, patience: Duration) -> Result<(), Error> {
    let begun = Instant::now();
    let mut killed = false;
    while status::status(folder, &State::read(folder)?)? == Status::Running {
        if !killed && begun.elapsed() > patience {
            client::kill_silent(folder)
                .map_err(|error| Error::io("kill the supervisor of", folder.path(), error))?;
            killed = true;
        }
        if begun.elapsed() > 2 * END_PATIENCE {
            return Err(Error::protocol(format!(
                "the supervisor of {} outlived SIGKILL; nothing was deleted",
                folder.path().display()
            )));
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

/// Deletes what an interrupted creation or removal left. One that is still
/// going on holds the lock of its folder.
fn sweep(home: &Home) {
    let sandboxes = home.sandboxes();
    for name in sys::list(&sandboxes).into_iter().flatten() {
        let path = sandboxes.join(&name);
        let name = name.to_string_lossy();
        let left = name.starts_with(GOING)
            || (name.starts_with(create::STAGING)
                && sys::open_folder(&path)
                    .and_then(|folder| sys::lock(&folder, false))
                    .is_ok_and(|locked| locked));
        if left {
            let _ = tree::remove(&path);
        }
    }
}
