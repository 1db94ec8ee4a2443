//! The home folder: where the sandboxes of one user of this machine live.

use crate::{Error, name, sys};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A home folder, `$SILT_HOME` or `~/.silt`. Making the value touches no disk;
/// the folder itself is made, mode 0700, by the first `create`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    path: PathBuf,
}

impl Home {
    /// `$SILT_HOME`, else `~/.silt`. Fails when neither variable says where.
    pub fn from_env() -> Result<Home, Error> {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        match (set("SILT_HOME"), set("HOME")) {
            (Some(path), _) => Ok(Home::at(path)),
            (None, Some(home)) => Ok(Home::at(Path::new(&home).join(".silt"))),
            (None, None) => Err(Error::argument(
                "SILT_HOME",
                "neither SILT_HOME nor HOME is set; set SILT_HOME to a folder of your own",
            )),
        }
    }

    /// The home at `path`; a relative one is taken from the current folder now.
    pub fn at(path: impl Into<PathBuf>) -> Home {
        let path = path.into();
        Home {
            path: std::path::absolute(&path).unwrap_or(path),
        }
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder that holds one folder for each sandbox.
    pub fn sandboxes(&self) -> PathBuf {
        self.path.join("sandboxes")
    }

    /// The folder of one sandbox, there or not. Refuses what is not a name.
    pub fn sandbox(&self, name: &str) -> Result<PathBuf, Error> {
        name::validate(name)?;
        Ok(self.sandboxes().join(name))
    }

    /// The folder of a sandbox that is there.
    pub(crate) fn existing(&self, name: &str) -> Result<PathBuf, Error> {
        let folder = self.sandbox(name)?;
        self.check()?;
        match sys::look_at_link(&folder) {
            Ok(meta) if meta.is_dir() => Ok(folder),
            Ok(_) => Err(Error::SandboxNotFound { name: name.into() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(Error::SandboxNotFound { name: name.into() })
            }
            Err(error) => Err(Error::io("look at", folder, error)),
        }
    }

    /// Makes the home, mode 0700, where it is not yet.
    pub(crate) fn prepare(&self) -> Result<(), Error> {
        let sandboxes = self.sandboxes();
        self.check()?;
        sys::make_folders(&sandboxes)
            .map_err(|error| Error::io("make the folder", &sandboxes, error))?;
        self.check()
    }

    /// Refuses a home that others could have prepared or can look into. What
    /// is not there yet is fine.
    fn check(&self) -> Result<(), Error> {
        let meta = match sys::look(&self.path) {
            Ok(meta) => meta,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Error::io("look at the home folder", &self.path, error)),
        };
        let refuse = |message: String| Err(Error::argument("SILT_HOME", message));
        let path = self.path.display();
        if !meta.is_dir() {
            return refuse(format!("{path} is not a folder"));
        }
        let me = rustix::process::geteuid().as_raw();
        if meta.uid() != me {
            return refuse(format!(
                "{path} belongs to user {}, not to you ({me}); choose a folder of your own",
                meta.uid()
            ));
        }
        if meta.mode() & 0o077 == 0 {
            return Ok(());
        }
        // A folder that holds other things may be shared on purpose.
        if !self.sandboxes().is_dir() && !is_empty(&self.path) {
            return refuse(format!(
                "{path} can be entered by others and holds other things; choose an empty folder or `chmod 700` it"
            ));
        }
        sys::set_mode(&self.path, 0o700)
            .map_err(|error| Error::io("close to others", &self.path, error))
    }
}

fn is_empty(folder: &Path) -> bool {
    sys::list(folder).is_ok_and(|names| names.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_new_home_is_the_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path().join("deep/home"));
        home.prepare().unwrap();
        let mode = fs::metadata(home.path()).unwrap().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn an_open_empty_home_is_closed_and_a_used_one_refused() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path().join("home"));
        fs::create_dir(home.path()).unwrap();
        fs::set_permissions(home.path(), Permissions::from_mode(0o755)).unwrap();
        home.prepare().unwrap();
        assert_eq!(fs::metadata(home.path()).unwrap().mode() & 0o777, 0o700);

        let shared = Home::at(folder.path().join("shared"));
        fs::create_dir(shared.path()).unwrap();
        fs::write(shared.path().join("other"), "x").unwrap();
        fs::set_permissions(shared.path(), Permissions::from_mode(0o755)).unwrap();
        assert!(shared.prepare().is_err());
        assert_eq!(fs::metadata(shared.path()).unwrap().mode() & 0o777, 0o755);
    }

    #[test]
    fn a_home_of_another_user_is_refused() {
        if !rustix::process::geteuid().is_root() {
            assert!(Home::at("/").prepare().is_err());
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path().join("home"));
        fs::create_dir(home.path()).unwrap();
        std::os::unix::fs::chown(home.path(), Some(4242), None).unwrap();
        let error = home.prepare().unwrap_err();
        assert!(
            error.to_string().contains("belongs to user 4242"),
            "{error}"
        );
    }
}
