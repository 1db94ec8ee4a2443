//! Where this machine's control groups are, and where a new one may be made.
//!
//! Old machines have one tree for each controller (v1), new ones a single tree
//! (v2), some both with the controllers shared out between them.

use std::fs::{self, read_to_string};
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Controller {
    Memory,
    Pids,
}

impl Controller {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Pids => "pids",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    V1,
    V2,
}

/// A tree in which this process has a place.
#[derive(Debug)]
pub(super) struct Hierarchy {
    pub(super) version: Version,
    pub(super) mount: PathBuf,
    /// This process's own group.
    pub(super) own: PathBuf,
}

impl Hierarchy {
    /// The tree that has the controller.
    pub(super) fn of(controller: Controller) -> Result<Self, String> {
        let mounts = read_to_string("/proc/self/mountinfo").unwrap_or_default();
        let groups = read_to_string("/proc/self/cgroup").unwrap_or_default();
        let name = controller.name();
        Self::find(&mounts, &groups, Version::V1, name)
            .or_else(|| Self::find(&mounts, &groups, Version::V2, name))
            .filter(|tree| tree.version == Version::V1 || tree.lists(&tree.mount, name))
            .ok_or_else(|| format!("no control group tree here has the controller `{name}`"))
    }

    /// Every tree that may hold groups of ours.
    pub(super) fn all() -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        for controller in [Controller::Memory, Controller::Pids] {
            if let Ok(tree) = Self::of(controller)
                && found.iter().all(|other| other.mount != tree.mount)
            {
                found.push(tree);
            }
        }
        found
    }

    fn find(mounts: &str, groups: &str, version: Version, controller: &str) -> Option<Self> {
        let (mount, root) = mounts.lines().find_map(|line| {
            let (left, right) = line.split_once(" - ")?;
            let mut right = right.split(' ');
            let (kind, options) = (right.next()?, right.nth(1)?);
            let wanted = match version {
                Version::V1 => kind == "cgroup" && options.split(',').any(|o| o == controller),
                Version::V2 => kind == "cgroup2",
            };
            let mut left = left.split(' ').skip(3);
            let (root, mount) = (left.next()?, left.next()?);
            wanted.then(|| (PathBuf::from(mount), root.to_owned()))
        })?;
        let path = groups.lines().find_map(|line| {
            let mut parts = line.splitn(3, ':');
            let (id, controllers, path) = (parts.next()?, parts.next()?, parts.next()?);
            let wanted = match version {
                Version::V1 => controllers.split(',').any(|c| c == controller),
                Version::V2 => id == "0" && controllers.is_empty(),
            };
            wanted.then_some(path)
        })?;
        // Of a container only a part of the tree may be mounted.
        let below = Path::new(path)
            .strip_prefix(&root)
            .unwrap_or(Path::new(""))
            .to_owned();
        Some(Self {
            version,
            own: mount.join(below),
            mount,
        })
    }

    /// The groups below which one with this controller may be made, best first.
    pub(super) fn parents(&self, controller: Controller) -> Vec<PathBuf> {
        match self.version {
            Version::V1 => vec![self.own.clone()],
            // A v2 group with processes of its own hands on no controller: so it is
            // a neighbour of ours, or of a group further up.
            Version::V2 => self
                .own
                .ancestors()
                .take_while(|group| group.starts_with(&self.mount))
                .filter(|group| self.hands_on(group, controller))
                .map(Path::to_owned)
                .collect(),
        }
    }

    /// Whether a group of ours has this controller too, or can be given it.
    pub(super) fn extend(&self, group: &Path, controller: Controller) -> bool {
        match self.version {
            // Two controllers of v1 may be mounted as one tree.
            Version::V1 => group
                .join(match controller {
                    Controller::Memory => "memory.limit_in_bytes",
                    Controller::Pids => "pids.max",
                })
                .exists(),
            Version::V2 => group
                .parent()
                .is_some_and(|parent| self.hands_on(parent, controller)),
        }
    }

    fn hands_on(&self, group: &Path, controller: Controller) -> bool {
        let switch = group.join("cgroup.subtree_control");
        let is_on = || {
            read_to_string(&switch)
                .is_ok_and(|list| list.split_whitespace().any(|c| c == controller.name()))
        };
        is_on()
            || self.lists(group, controller.name())
                && fs::write(&switch, format!("+{}", controller.name())).is_ok()
                && is_on()
    }

    fn lists(&self, group: &Path, controller: &str) -> bool {
        read_to_string(group.join("cgroup.controllers"))
            .is_ok_and(|list| list.split_whitespace().any(|c| c == controller))
    }
}

/// Whether RLIMIT_NPROC counts within a user namespace (Linux 5.14).
pub(super) fn counts_by_namespace() -> bool {
    let release = read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let mut numbers = release
        .split(|c: char| !c.is_ascii_digit())
        .map_while(|n| n.parse().ok());
    let version: (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    version >= (5, 14)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
        30 25 0:26 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n\
        31 25 0:27 /docker/abc /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n\
        32 25 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";
    const GROUPS: &str = "4:memory:/a/b\n3:pids:/docker/abc/x\n0::/user.slice/one.scope\n";

    #[test]
    fn own_group_is_found_in_each_kind_of_tree() {
        let own = |version, controller| {
            Hierarchy::find(MOUNTS, GROUPS, version, controller).map(|tree| tree.own)
        };
        assert_eq!(
            own(Version::V1, "memory"),
            Some("/sys/fs/cgroup/memory/a/b".into())
        );
        assert_eq!(
            own(Version::V1, "pids"),
            Some("/sys/fs/cgroup/pids/x".into())
        );
        assert_eq!(own(Version::V1, "cpu"), None);
        let unified = "/sys/fs/cgroup/unified/user.slice/one.scope";
        assert_eq!(own(Version::V2, "memory"), Some(unified.into()));
    }
}
