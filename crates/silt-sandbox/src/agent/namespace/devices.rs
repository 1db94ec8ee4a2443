//! The private `/dev`, `/tmp` and `/proc`.

use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::fs::symlink;
use std::path::Path;

use rustix::io::Errno;

use super::mounts::{self, NODEV, NOEXEC, NOSUID, RDONLY};

const NODES: [&str; 6] = ["null", "zero", "full", "random", "urandom", "tty"];

/// Parts of `/proc` that act on the whole machine.
const READ_ONLY: [&str; 5] = ["sys", "sysrq-trigger", "irq", "bus", "fs"];
/// Parts of `/proc` that tell about the whole machine.
const MASKED: [&str; 7] = [
    "kcore",
    "keys",
    "key-users",
    "latency_stats",
    "timer_list",
    "sched_debug",
    "kmsg",
];

/// Made while the host's own `/proc` and `/dev` are still in sight: the kernel
/// gives out a new `/proc` only to who sees one whole.
pub(super) struct Devices {
    proc: OwnedFd,
    nodes: Vec<(&'static str, OwnedFd)>,
    terminals: OwnedFd,
    dev: OwnedFd,
    shm: OwnedFd,
    tmp: OwnedFd,
}

impl Devices {
    pub(super) fn prepare(memory_bytes: Option<u64>) -> Result<Self, Errno> {
        let nodes = NODES
            .iter()
            .map(|name| {
                let node = mounts::open(&Path::new("/dev").join(name))?;
                mounts::restrict(&node, NOSUID | NOEXEC | RDONLY)?;
                Ok((*name, node))
            })
            .collect::<Result<_, Errno>>()?;
        let scratch = |part: u64| {
            let size = memory_bytes.map(|bytes| (bytes / part).to_string());
            let mut options = vec![("mode", Some("1777"))];
            options.extend(size.as_deref().map(|size| ("size", Some(size))));
            mounts::new("tmpfs", &options, NOSUID | NODEV)
        };
        Ok(Self {
            proc: mounts::new("proc", &[], NOSUID | NODEV | NOEXEC)?,
            nodes,
            terminals: mounts::new(
                "devpts",
                &[
                    ("newinstance", None),
                    ("ptmxmode", Some("0666")),
                    ("mode", Some("0620")),
                ],
                NOSUID | NOEXEC,
            )?,
            dev: mounts::new("tmpfs", &[("mode", Some("0755"))], NOSUID | NOEXEC)?,
            // Killing processes frees none of these: full, they must leave room.
            tmp: scratch(2)?,
            shm: scratch(4)?,
        })
    }

    /// In the new root, which is `/` by now.
    pub(super) fn attach(&self) -> Result<(), Errno> {
        for folder in ["/dev", "/tmp", "/proc"] {
            make_folder(folder)?;
        }
        mounts::attach(&self.tmp, "/tmp")?;
        mounts::attach(&self.proc, "/proc")?;
        protect_proc()?;
        mounts::attach(&self.dev, "/dev")?;
        for (name, node) in &self.nodes {
            let path = format!("/dev/{name}");
            fs::write(&path, "").map_err(|e| to_errno(&e))?;
            mounts::attach(node, &path)?;
        }
        for (folder, tree) in [("/dev/pts", &self.terminals), ("/dev/shm", &self.shm)] {
            make_folder(folder)?;
            mounts::attach(tree, folder)?;
        }
        let links = [
            ("pts/ptmx", "/dev/ptmx"),
            ("/proc/self/fd", "/dev/fd"),
            ("/proc/self/fd/0", "/dev/stdin"),
            ("/proc/self/fd/1", "/dev/stdout"),
            ("/proc/self/fd/2", "/dev/stderr"),
        ];
        for (to, link) in links {
            symlink(to, link).map_err(|e| to_errno(&e))?;
        }
        mounts::restrict_at("/dev", RDONLY)
    }
}

fn protect_proc() -> Result<(), Errno> {
    for name in READ_ONLY {
        let path = Path::new("/proc").join(name);
        if path.exists() {
            let tree = mounts::open(&path)?;
            mounts::restrict(&tree, RDONLY | NOSUID | NODEV | NOEXEC)?;
            mounts::attach(&tree, &path)?;
        }
    }
    // An unwritable empty file of the root stands for each masked one.
    fs::write("/.masked", "").map_err(|e| to_errno(&e))?;
    for name in MASKED {
        let path = Path::new("/proc").join(name);
        if path.exists() {
            let tree = mounts::open(Path::new("/.masked"))?;
            mounts::restrict(&tree, RDONLY | NOSUID | NODEV | NOEXEC)?;
            mounts::attach(&tree, &path)?;
        }
    }
    fs::remove_file("/.masked").map_err(|e| to_errno(&e))
}

fn make_folder(path: &str) -> Result<(), Errno> {
    fs::create_dir_all(path).map_err(|e| to_errno(&e))
}

fn to_errno(error: &std::io::Error) -> Errno {
    Errno::from_io_error(error).unwrap_or(Errno::IO)
}
