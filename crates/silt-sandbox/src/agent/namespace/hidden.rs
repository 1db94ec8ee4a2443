//! Covers the home of the sandboxes wherever it would show: its logs and sockets
//! are out of reach from inside, even if the workdir or a mount contains it.

use std::path::{Path, PathBuf};

use rustix::io::Errno;

use super::super::wire::{Refusal, Setup};
use super::mounts::{self, NODEV, NOEXEC, NOSUID, RDONLY};
use super::sources::{Source, Sources};

/// In the finished root. `hidden` are host paths without links.
pub(super) fn cover(setup: &Setup, sources: &Sources, system: &[&str]) -> Result<(), Refusal> {
    for hidden in &setup.hidden {
        let shown = std::iter::once(&sources.workdir)
            .chain(&sources.mounts)
            .filter_map(|source| place(hidden, source))
            .chain(
                system
                    .iter()
                    .filter(|s| hidden.starts_with(s))
                    .map(|_| hidden.clone()),
            );
        for place in shown {
            if place.symlink_metadata().is_ok() {
                cover_one(&place).map_err(|errno| {
                    Refusal::machine(format!("hide {} inside", hidden.display()), errno)
                })?;
            }
        }
    }
    Ok(())
}

/// Where inside a hidden host path would be seen through a source.
fn place(hidden: &Path, source: &Source) -> Option<PathBuf> {
    let rest = hidden.strip_prefix(&source.path).ok()?;
    Some(Path::new("/").join(&source.target).join(rest))
}

fn cover_one(place: &Path) -> Result<(), Errno> {
    let flags = RDONLY | NOSUID | NODEV | NOEXEC;
    let empty = mounts::new(
        "tmpfs",
        &[("mode", Some("0555")), ("size", Some("4k"))],
        flags,
    )?;
    mounts::attach(&empty, place)
}
