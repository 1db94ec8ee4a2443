//! Stopping and killing a sandbox from outside.

use crate::folder::Folder;
use crate::state::State;
use crate::{Connection, Error, Home, Request, Status, client, status};
use std::io;
use std::time::{Duration, Instant};

/// How long a supervisor gets to answer `kill` before it is killed itself.
const KILL_PATIENCE: Duration = Duration::from_secs(10);

/// Stops a sandbox: SIGTERM to its commands, SIGKILL after 5 s, everything they
/// wrote kept, the log ended in order. One that does not run is left as it is.
pub fn stop(home: &Home, name: &str) -> Result<(), Error> {
    end(home, name, Request::Stop, None)
}

/// Ends a sandbox at once. What its commands had written is still kept, unless
/// the supervisor itself does not answer: after 10 s that is killed too.
pub fn kill(home: &Home, name: &str) -> Result<(), Error> {
    end(home, name, Request::Kill, Some(KILL_PATIENCE))
}

fn end(home: &Home, name: &str, how: Request, patience: Option<Duration>) -> Result<(), Error> {
    let folder = Folder::at(home.existing(name)?);
    loop {
        if status::status(&folder, &State::read(&folder)?)? != Status::Running {
            return Ok(());
        }
        let connection = match Connection::open(home, name) {
            Ok(connection) => connection,
            // It has ended just now.
            Err(Error::SandboxNotRunning { .. }) => continue,
            // It holds the log and does not talk: only a signal is left.
            Err(_) if patience.is_some() => {
                let killed = client::kill_silent(&folder);
                return outlived(killed, &folder, name);
            }
            Err(error) => return Err(error),
        };
        match connection.call_within(how.clone(), Vec::new(), patience) {
            Ok(Some(_)) => {
                connection.wait_closed();
                return Ok(());
            }
            Ok(None) => return outlived(connection.kill_peer(), &folder, name),
            // Someone else has ended it, or it died; the lock says which.
            Err(Error::SandboxNotRunning { .. }) => connection.wait_closed(),
            Err(error) => return Err(error),
        }
    }
}

/// Waits until a supervisor that was sent SIGKILL has let go of the log.
fn outlived(killed: io::Result<()>, folder: &Folder, name: &str) -> Result<(), Error> {
    killed.map_err(|error| Error::io("kill the supervisor of", folder.path(), error))?;
    let deadline = Instant::now() + KILL_PATIENCE;
    while status::status(folder, &State::read(folder)?)? == Status::Running {
        if Instant::now() > deadline {
            return Err(Error::protocol(format!(
                "the supervisor of sandbox \"{name}\" was sent SIGKILL and still holds its log; its disk may hang"
            )));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(())
}
