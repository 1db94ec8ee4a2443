//! The sandbox's own `/etc`: what programs need to run, nothing of the host's people.

use std::fs;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::io::Errno;

use super::identity;
use super::mounts::{self, NODEV, NOSUID, RDONLY};
use crate::runtime::Network;

/// Shown from the host, where they are there.
const SHOWN: [&str; 17] = [
    "ssl/certs",
    "ssl/openssl.cnf",
    "ssl/cert.pem",
    "pki",
    "ca-certificates",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "alternatives",
    "localtime",
    "timezone",
    "protocols",
    "services",
    "mime.types",
    "fonts",
    "os-release",
    "terminfo",
];

/// How names are looked up is the host's, where its network is.
const OF_THE_NETWORK: [&str; 3] = ["hosts", "resolv.conf", "host.conf"];

pub(super) struct Etc(Vec<(&'static str, OwnedFd, bool)>);

impl Etc {
    pub(super) fn prepare(network: Network) -> Result<Self, Errno> {
        let mut shown = SHOWN.to_vec();
        if network == Network::Host {
            shown.extend(OF_THE_NETWORK);
        }
        let mut trees = Vec::new();
        for name in shown {
            let path = Path::new("/etc").join(name);
            let Ok(metadata) = path.metadata() else {
                continue;
            };
            let tree = mounts::open(&path)?;
            mounts::restrict(&tree, RDONLY | NOSUID | NODEV)?;
            trees.push((name, tree, metadata.is_dir()));
        }
        Ok(Self(trees))
    }

    /// In the new root, which is `/` by now.
    pub(super) fn attach(&self, hostname: &str) -> Result<(), Errno> {
        self.fill(hostname)
            .map_err(|e| Errno::from_io_error(&e).unwrap_or(Errno::IO))?;
        for (name, tree, _) in &self.0 {
            mounts::attach(tree, Path::new("/etc").join(name))?;
        }
        Ok(())
    }

    fn fill(&self, hostname: &str) -> std::io::Result<()> {
        let (uid, gid) = identity::current().pair();
        fs::create_dir_all("/etc")?;
        let hosts = format!("127.0.0.1 localhost {hostname}\n::1 localhost ip6-localhost\n");
        let passwd = format!(
            "root:x:0:0:root:/root:/usr/sbin/nologin\nsilt:x:{uid}:{gid}:silt:/workspace:/bin/sh\n"
        );
        for (name, text) in [
            ("hosts", hosts),
            ("hostname", format!("{hostname}\n")),
            ("passwd", passwd),
            ("group", format!("root:x:0:\nsilt:x:{gid}:\n")),
            (
                "nsswitch.conf",
                "passwd: files\ngroup: files\nhosts: files dns\n".into(),
            ),
            ("shells", "/bin/sh\n".into()),
        ] {
            fs::write(Path::new("/etc").join(name), text)?;
        }
        for (name, _, is_folder) in &self.0 {
            let path = Path::new("/etc").join(name);
            if *is_folder {
                fs::create_dir_all(&path)?;
            } else {
                fs::create_dir_all(path.parent().unwrap_or(Path::new("/etc")))?;
                fs::OpenOptions::new()
                    .append(true)
                    .create(true)
                    .open(&path)?;
            }
        }
        Ok(())
    }
}
