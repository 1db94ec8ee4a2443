//! The mount calls, on detached mounts wherever possible.

use std::ffi::CString;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{CWD, Mode, OFlags};
use rustix::io::Errno;
use rustix::mount::{
    FsMountFlags, FsOpenFlags, MountAttrFlags, MountPropagationFlags, MoveMountFlags,
    OpenTreeFlags, fsconfig_create, fsconfig_set_flag, fsconfig_set_string, fsmount, fsopen,
    mount_change, move_mount, open_tree,
};

pub(super) const RDONLY: u64 = 1;
pub(super) const NOSUID: u64 = 2;
pub(super) const NODEV: u64 = 4;
pub(super) const NOEXEC: u64 = 8;
const IDMAP: u64 = 0x10_0000;
const AT_RECURSIVE: i32 = 0x8000;

#[repr(C)]
#[derive(Default)]
struct MountAttr {
    set: u64,
    clear: u64,
    propagation: u64,
    userns_fd: u64,
}

/// Nothing mounted from now on is seen by the host, nor the other way round.
pub(super) fn make_private() -> Result<(), Errno> {
    mount_change(
        "/",
        MountPropagationFlags::PRIVATE | MountPropagationFlags::REC,
    )
}

/// A detached copy of the mount at `path` with all below it, private.
pub(super) fn open(path: &Path) -> Result<OwnedFd, Errno> {
    let place = rustix::fs::open(path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?;
    copy(&place)
}

/// The same of a place that is open already, whatever its path means by now.
pub(super) fn copy(place: &OwnedFd) -> Result<OwnedFd, Errno> {
    let flags = OpenTreeFlags::OPEN_TREE_CLONE
        | OpenTreeFlags::OPEN_TREE_CLOEXEC
        | OpenTreeFlags::AT_EMPTY_PATH
        | OpenTreeFlags::AT_RECURSIVE;
    let tree = open_tree(place, "", flags)?;
    let attr = MountAttr {
        propagation: libc::MS_PRIVATE,
        ..MountAttr::default()
    };
    set(tree.as_fd(), c"", libc::AT_EMPTY_PATH | AT_RECURSIVE, &attr)?;
    Ok(tree)
}

/// Restricts a detached mount and all below it.
pub(super) fn restrict(tree: &OwnedFd, flags: u64) -> Result<(), Errno> {
    let attr = MountAttr {
        set: flags,
        ..MountAttr::default()
    };
    set(tree.as_fd(), c"", libc::AT_EMPTY_PATH | AT_RECURSIVE, &attr)
}

/// Shows the ids of a detached mount through the mapping of a user namespace.
pub(super) fn idmap(tree: &OwnedFd, userns: &OwnedFd, recursive: bool) -> Result<(), Errno> {
    let userns_fd = userns.as_raw_fd() as u64;
    let attr = MountAttr {
        set: IDMAP,
        userns_fd,
        ..MountAttr::default()
    };
    let below = if recursive { AT_RECURSIVE } else { 0 };
    set(tree.as_fd(), c"", libc::AT_EMPTY_PATH | below, &attr)
}

/// Restricts the one mount at `path`.
pub(super) fn restrict_at(path: &str, flags: u64) -> Result<(), Errno> {
    let path = CString::new(path).map_err(|_| Errno::INVAL)?;
    set(
        CWD,
        &path,
        0,
        &MountAttr {
            set: flags,
            ..MountAttr::default()
        },
    )
}

fn set(dir: BorrowedFd<'_>, path: &std::ffi::CStr, at: i32, attr: &MountAttr) -> Result<(), Errno> {
    // SAFETY: path and structure are valid for the call, and the size is the structure's.
    let done = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            dir.as_raw_fd(),
            path.as_ptr(),
            at,
            std::ptr::from_ref(attr),
            size_of::<MountAttr>(),
        )
    };
    if done == 0 {
        return Ok(());
    }
    Err(Errno::from_io_error(&std::io::Error::last_os_error()).unwrap_or(Errno::INVAL))
}

/// A new file system, detached. Options without a value are flags.
pub(super) fn new(
    kind: &str,
    options: &[(&str, Option<&str>)],
    flags: u64,
) -> Result<OwnedFd, Errno> {
    let context = fsopen(kind, FsOpenFlags::FSOPEN_CLOEXEC)?;
    for (name, value) in options {
        match value {
            Some(value) => fsconfig_set_string(&context, *name, *value)?,
            None => fsconfig_set_flag(&context, *name)?,
        }
    }
    fsconfig_create(&context)?;
    let flags = MountAttrFlags::from_bits_retain(flags as u32);
    fsmount(&context, FsMountFlags::FSMOUNT_CLOEXEC, flags)
}

/// Attaches a detached mount; a link in the last place is not followed.
pub(super) fn attach(tree: &OwnedFd, target: impl AsRef<Path>) -> Result<(), Errno> {
    let target = CString::new(target.as_ref().as_os_str().as_bytes()).map_err(|_| Errno::INVAL)?;
    move_mount(
        tree,
        "",
        CWD,
        target.as_c_str(),
        MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH,
    )
}
