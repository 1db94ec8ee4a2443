//! File systems on which a lock says nothing for certain.

use crate::sys;
use rustix::fd::BorrowedFd;

/// The name of the network or cluster file system that a folder lies on;
/// `None` on a local one. The numbers are those of `linux/magic.h` and of the
/// file systems' own sources.
pub(crate) fn network_name(folder: BorrowedFd<'_>) -> sys::Result<Option<&'static str>> {
    Ok(name_of(sys::file_system_kind(folder)?))
}

fn name_of(kind: u64) -> Option<&'static str> {
    // Some kernels hand the number on as a signed one.
    match kind & 0xffff_ffff {
        0x6969 => Some("nfs"),
        0x517b => Some("smb"),
        0xff53_4d42 => Some("cifs"),
        0xfe53_4d42 => Some("smb2"),
        0x00c3_6400 => Some("ceph"),
        0x0102_1997 => Some("9p"),
        0x5346_414f => Some("afs"),
        0x7375_7245 => Some("coda"),
        0x0bd0_0bd0 => Some("lustre"),
        0x0116_1970 => Some("gfs2"),
        0x7461_636f => Some("ocfs2"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fd::AsFd;

    #[test]
    fn network_file_systems_are_known_by_name_and_local_ones_are_not() {
        assert_eq!(name_of(0x6969), Some("nfs"));
        assert_eq!(name_of(0xffff_ffff_ff53_4d42), Some("cifs"));
        for local in [0xef53, 0x0102_1994, 0x9123_683e, 0x5846_5342, 0x794c_7630] {
            assert_eq!(name_of(local), None, "{local:x}");
        }
        let folder = tempfile::tempdir().unwrap();
        let descriptor = sys::open_folder(folder.path()).unwrap();
        assert_eq!(network_name(descriptor.as_fd()), Ok(None));
    }
}
