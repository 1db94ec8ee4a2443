//! What the caller shows of the host: the workdir and the extra mounts.

use std::fs;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{FileType, Mode, OFlags, fstat};
use rustix::io::Errno;

use super::super::wire::{Blame, Refusal, Setup};
use super::idmap::{self, Owner};
use super::{WORKSPACE, mounts};

/// One opened host path, not yet attached anywhere.
pub(super) struct Source {
    pub(super) tree: OwnedFd,
    /// Where it is on the host, without links.
    pub(super) path: PathBuf,
    pub(super) target: PathBuf,
    pub(super) is_folder: bool,
}

pub(super) struct Sources {
    pub(super) workdir: Source,
    pub(super) mounts: Vec<Source>,
}

impl Sources {
    /// `run_as` is the id that root is given up for: its sandbox sees what the
    /// caller shows as its own.
    pub(super) fn open(setup: &Setup, run_as: Option<u32>) -> Result<Self, Refusal> {
        let workspace = Path::new(WORKSPACE);
        let workdir = open(&setup.workdir, workspace, false, run_as, Blame::Workdir)?;
        if !workdir.is_folder {
            return Err(refusal(Blame::Workdir, &setup.workdir, Errno::NOTDIR));
        }
        let mut mounts = Vec::new();
        for mount in &setup.mounts {
            let source = open(
                &mount.source,
                &mount.target,
                mount.read_only,
                run_as,
                Blame::Mounts,
            )?;
            // The home of the sandboxes, or a part of it: never by a mount.
            if setup
                .hidden
                .iter()
                .any(|hidden| source.path.starts_with(hidden))
            {
                return Err(refusal(Blame::Mounts, &mount.source, Errno::ACCESS));
            }
            mounts.push(source);
        }
        Ok(Self { workdir, mounts })
    }
}

fn open(
    path: &Path,
    target: &Path,
    read_only: bool,
    run_as: Option<u32>,
    blame: Blame,
) -> Result<Source, Refusal> {
    let why = |errno| refusal(blame, path, errno);
    // Opened once, so that what is looked at is what is shown, even if someone
    // changes a link on the way meanwhile.
    let place =
        rustix::fs::open(path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty()).map_err(why)?;
    let canonical = fs::read_link(format!("/proc/self/fd/{}", place.as_raw_fd()))
        .map_err(|error| why(Errno::from_io_error(&error).unwrap_or(Errno::IO)))?;
    let metadata = fstat(&place).map_err(why)?;
    let tree = mounts::copy(&place).map_err(|errno| match errno {
        // The right to mount is missing, or the call for it: whatever is to be shown.
        Errno::PERM | Errno::NOSYS => Refusal::machine(may_not_mount(path, run_as), errno),
        _ => why(errno),
    })?;
    if let Some(id) = run_as {
        let owner = Owner {
            uid: metadata.st_uid,
            gid: metadata.st_gid,
        };
        // A file system without such maps shows its ids as they are; whether the
        // workdir can then be written is looked at later.
        let _ = idmap::apply(&tree, owner, Owner { uid: id, gid: id });
    }
    let flags = mounts::NOSUID | mounts::NODEV | if read_only { mounts::RDONLY } else { 0 };
    mounts::restrict(&tree, flags).map_err(why)?;
    let is_folder = FileType::from_raw_mode(metadata.st_mode) == FileType::Directory;
    Ok(Source {
        tree,
        path: canonical,
        target: target.to_owned(),
        is_folder,
    })
}

fn may_not_mount(path: &Path, run_as: Option<u32>) -> String {
    let rights = match run_as {
        Some(_) => " (root needs CAP_SYS_ADMIN for it, an ordinary user does not)",
        None => "",
    };
    format!("show {} inside{rights}", path.display())
}

fn refusal(blame: Blame, path: &Path, errno: Errno) -> Refusal {
    Refusal {
        blame,
        action: format!("show {} inside", path.display()),
        errno: errno.raw_os_error(),
    }
}
