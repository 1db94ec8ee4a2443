//! Making a sandbox, and starting one again.

use crate::folder::Folder;
use crate::launch::{self, Order};
use crate::record::Record;
use crate::spec::Environment;
use crate::state::State;
use crate::{Error, Home, Info, SandboxSpec, Status, name, remove, status, sys};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// Folders under this prefix are being made; no sandbox's name begins so.
pub(crate) const STAGING: &str = ".new-";

/// Makes a sandbox and returns when it is ready for commands. The supervisor
/// outlives this process. When it fails, nothing of the sandbox is left.
///
/// # Errors
/// `SandboxExists`, `InvalidArgument`, `RuntimeUnavailable`, `LimitUnavailable`.
pub fn create(home: &Home, spec: SandboxSpec) -> Result<Info, Error> {
    spec.validate()?;
    let executable = launch::executable(spec.executable.as_deref())?;
    home.prepare()?;
    if let Some(name) = &spec.name
        && sys::look_at_link(&home.sandbox(name)?).is_ok()
    {
        return Err(Error::SandboxExists { name: name.clone() });
    }
    let spec = SandboxSpec {
        workdir: spec.workdir.as_deref().map(real_workdir).transpose()?,
        ..spec
    };
    let (record, folder, lock) = claim(home, &spec)?;
    let name = record.name.clone();
    let order = Order {
        home: home.path().to_owned(),
        folder: folder.path().to_owned(),
        created: true,
        record,
        env: spec.env,
    };
    // Under the lock: what goes then is this sandbox and no other.
    let made = launch::launch(&executable, &order).and_then(|()| status::get(home, &name));
    if made.is_err() {
        let _ = remove::discard(home, folder.path())
            .or_else(|_| remove::discard_in_place(folder.path()));
    }
    drop(lock);
    made
}

/// What a start needs that is not kept on disk.
#[derive(Clone, Debug, Default)]
pub struct StartOptions {
    /// The values of `env` again; they are never kept.
    pub env: Environment,
    /// The program to start as the supervisor; default `$SILT_EXECUTABLE`.
    pub executable: Option<PathBuf>,
}

/// Starts a stopped or crashed sandbox again, in the same log; mends first what
/// a killed supervisor left. One that runs already is left as it is.
pub fn start(home: &Home, name: &str, options: StartOptions) -> Result<Info, Error> {
    options.env.validate()?;
    let folder = Folder::at(home.existing(name)?);
    let lock = lock(folder.path(), name)?;
    if status::status(&folder, &State::read(&folder)?)? == Status::Running {
        return status::get(home, name);
    }
    let record = Record::read(&folder, name)?;
    let _ = sys::remove(&folder.panic());
    let order = Order {
        home: home.path().to_owned(),
        folder: folder.path().to_owned(),
        created: false,
        record,
        env: options.env,
    };
    launch::launch(&launch::executable(options.executable.as_deref())?, &order)?;
    drop(lock);
    status::get(home, name)
}

/// Makes the folder under a temporary name and gives it its own by a rename,
/// which only one of several creators can win.
fn claim(home: &Home, spec: &SandboxSpec) -> Result<(Record, Folder, File), Error> {
    let staging = home
        .sandboxes()
        .join(format!("{STAGING}{:016x}", name::random()));
    let make = |path: &Path| {
        sys::make_folder(path).map_err(|error| Error::io("make the folder", path, error))
    };
    make(&staging)?;
    let attempt = || {
        let staged = Folder::at(&staging);
        if spec.workdir.is_none() {
            make(&staged.workspace())?;
        }
        let created_at = silt_log::format_time(status::now_ns());
        let lock = lock(&staging, "")?;
        loop {
            let name = spec.name.clone().unwrap_or_else(name::made_up);
            let record = Record::new(&name, spec, created_at.clone());
            record.write(&staged)?;
            let folder = home.sandbox(&name)?;
            match rename_to_free(&staging, &folder) {
                Ok(()) => return Ok((record, Folder::at(folder), lock)),
                Err(error) if taken(&error) && spec.name.is_none() => continue,
                Err(error) if taken(&error) => return Err(Error::SandboxExists { name }),
                Err(error) => return Err(Error::io("make the sandbox's folder", folder, error)),
            }
        }
    };
    attempt().inspect_err(|_| {
        let _ = crate::tree::remove(&staging);
    })
}

/// Where the file system knows no such rename, a plain one does: it fails on
/// a folder that holds something, and a sandbox's always does.
fn rename_to_free(from: &Path, to: &Path) -> io::Result<()> {
    match sys::rename_new(from, to) {
        Err(error) if matches!(error.raw_os_error(), Some(libc::EINVAL | libc::ENOSYS)) => {
            sys::rename(from, to)
        }
        other => other,
    }
}

fn taken(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::AlreadyExists
            | io::ErrorKind::DirectoryNotEmpty
            | io::ErrorKind::NotADirectory
    )
}

/// Keeps other starts and removals of this sandbox waiting while it is held.
pub(crate) fn lock(folder: &Path, name: &str) -> Result<File, Error> {
    let lock = || {
        let file = sys::open_folder(folder)?;
        sys::lock(&file, true)?;
        Ok(file)
    };
    let file = lock().map_err(|error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Error::SandboxNotFound { name: name.into() },
        _ => Error::io("lock", folder, error),
    })?;
    // It may have been removed while this waited.
    if !same_file(&file, folder) {
        return Err(Error::SandboxNotFound { name: name.into() });
    }
    Ok(file)
}

fn same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), sys::look_at_link(path)) {
        (Ok(held), Ok(there)) => held.dev() == there.dev() && held.ino() == there.ino(),
        _ => false,
    }
}

fn real_workdir(path: &Path) -> Result<PathBuf, Error> {
    let refuse = |why: String| Error::argument("workdir", format!("{path:?}: {why}"));
    let real = sys::real_path(path).map_err(|error| refuse(error.to_string()))?;
    if !real.is_dir() {
        return Err(refuse("it is not a folder".into()));
    }
    if real == Path::new("/") {
        return Err(refuse("the root folder can not be a workdir".into()));
    }
    Ok(real)
}
