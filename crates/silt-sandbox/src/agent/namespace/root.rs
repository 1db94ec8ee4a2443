//! The tree that the sandbox sees, assembled from detached mounts.

use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};
use rustix::io::Errno;
use rustix::mount::{UnmountFlags, unmount};
use rustix::process::{chdir, pivot_root};

use super::super::wire::{Blame, Refusal, Setup};
use super::devices::Devices;
use super::etc::Etc;
use super::mounts::{self, NODEV, NOSUID, RDONLY};
use super::sources::{Source, Sources};
use super::{WORKSPACE, hidden};

/// What of the host is the system, shown read-only where it is there.
const SYSTEM: [&str; 8] = [
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt",
];

enum Part {
    Folder(&'static str, OwnedFd),
    /// As in `/bin -> usr/bin`.
    Link(&'static str, PathBuf),
}

/// Builds the tree, makes it the root and lets go of the host's.
pub(super) fn build(setup: &Setup, sources: Sources) -> Result<(), Refusal> {
    let machine = |action: &'static str| move |errno| Refusal::machine(action, errno);
    let system = open_system().map_err(machine("open the folders of the system"))?;
    let etc = Etc::prepare(setup.network).map_err(machine("open what /etc shows of the host"))?;
    let devices = Devices::prepare(setup.rlimits.memory_bytes)
        .map_err(machine("make a private /proc, /dev and /tmp"))?;
    enter_new_root().map_err(machine("change into a new root"))?;
    attach_system(&system).map_err(machine("attach the folders of the system"))?;
    etc.attach(&setup.hostname).map_err(machine("fill /etc"))?;
    devices
        .attach()
        .map_err(machine("attach /proc, /dev and /tmp"))?;
    for folder in ["/run", "/var", "/root", "/home", WORKSPACE] {
        fs::create_dir(folder).map_err(|e| Refusal::machine("make folders", errno(&e)))?;
    }
    symlink("/tmp", "/var/tmp").map_err(|e| Refusal::machine("make /var/tmp", errno(&e)))?;
    attach_sources(setup, &sources)?;
    hidden::cover(setup, &sources, &SYSTEM)?;
    mounts::restrict_at("/", RDONLY).map_err(machine("make the root read-only"))
}

fn open_system() -> Result<Vec<Part>, Errno> {
    let mut parts = Vec::new();
    for path in SYSTEM {
        let Ok(metadata) = fs::symlink_metadata(path) else {
            continue;
        };
        if metadata.is_symlink() {
            parts.push(Part::Link(
                path,
                fs::read_link(path).map_err(|e| errno(&e))?,
            ));
        } else {
            let tree = mounts::open(Path::new(path))?;
            mounts::restrict(&tree, RDONLY | NOSUID | NODEV)?;
            parts.push(Part::Folder(path, tree));
        }
    }
    Ok(parts)
}

fn enter_new_root() -> Result<(), Errno> {
    let root = mounts::new(
        "tmpfs",
        &[("mode", Some("0755")), ("size", Some("1m"))],
        NOSUID | NODEV,
    )?;
    // Any folder will do as the place where the new root is stacked on the old.
    mounts::attach(&root, "/tmp")?;
    rustix::process::fchdir(&root)?;
    pivot_root(".", ".")?;
    unmount(".", UnmountFlags::DETACH)?;
    chdir("/")
}

fn attach_system(parts: &[Part]) -> Result<(), Errno> {
    for part in parts {
        match part {
            Part::Folder(path, tree) => {
                fs::create_dir(path).map_err(|e| errno(&e))?;
                mounts::attach(tree, path)?;
            }
            Part::Link(path, to) => symlink(to, path).map_err(|e| errno(&e))?,
        }
    }
    Ok(())
}

fn attach_sources(setup: &Setup, sources: &Sources) -> Result<(), Refusal> {
    let workdir = &sources.workdir;
    mounts::attach(&workdir.tree, WORKSPACE)
        .map_err(|errno| Refusal::machine("attach the workdir", errno))?;
    // For an ordinary user a workdir that is not writable is the caller's own choice.
    if setup.run_as.is_some()
        && let Err(errno) = access(WORKSPACE, Access::WRITE_OK | Access::EXEC_OK)
    {
        let action = format!(
            "write to {} as the sandbox's id (its file system maps no ids: give the folder \
             to that id, or name its owner in SILT_UID)",
            workdir.path.display()
        );
        return Err(Refusal {
            blame: Blame::Workdir,
            action,
            errno: errno.raw_os_error(),
        });
    }
    for source in &sources.mounts {
        attach_mount(source).map_err(|errno| Refusal {
            blame: Blame::Mounts,
            action: format!(
                "mount {} at {}",
                source.path.display(),
                source.target.display()
            ),
            errno: errno.raw_os_error(),
        })?;
    }
    Ok(())
}

fn attach_mount(source: &Source) -> Result<(), Errno> {
    let target = Path::new("/").join(&source.target);
    if source.is_folder {
        fs::create_dir_all(&target).map_err(|e| errno(&e))?;
    } else {
        fs::create_dir_all(target.parent().ok_or(Errno::INVAL)?).map_err(|e| errno(&e))?;
        if !target.exists() {
            fs::write(&target, "").map_err(|e| errno(&e))?;
        }
    }
    mounts::attach(&source.tree, &target)
}

fn errno(error: &std::io::Error) -> Errno {
    Errno::from_io_error(error).unwrap_or(Errno::IO)
}
