//! One connection for each sandbox that this process uses.

use super::pool;
use crate::ErrorData;
use silt_sandbox::{Connection, Home};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A sandbox: its home and its name.
pub(super) type Key = (PathBuf, String);

static CONNECTIONS: Mutex<Option<HashMap<Key, Connection>>> = Mutex::new(None);

fn connections() -> MutexGuard<'static, Option<HashMap<Key, Connection>>> {
    CONNECTIONS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gives `then` the connection: at once when there is one that is open, else from
/// another thread once it is.
pub(super) fn with(key: Key, then: Box<dyn FnOnce(Result<Connection, ErrorData>) + Send>) {
    let held = held(&key);
    match held {
        Some(connection) => then(Ok(connection)),
        None => pool::run(Box::new(move || then(open(&key)))),
    }
}

/// The connection, opened where there is none.
pub(super) fn open(key: &Key) -> Result<Connection, ErrorData> {
    if let Some(connection) = held(key) {
        return Ok(connection);
    }
    let opened = Connection::open(&Home::at(key.0.as_path()), &key.1)?;
    // Another thread may have been faster: all use the same one.
    let mut connections = connections();
    let held = connections.get_or_insert_default();
    Ok(match held.get(key) {
        Some(first) if !first.is_closed() => first.clone(),
        _ => {
            held.insert(key.clone(), opened.clone());
            opened
        }
    })
}

fn held(key: &Key) -> Option<Connection> {
    let connections = connections();
    let held = connections.as_ref()?.get(key)?;
    (!held.is_closed()).then(|| held.clone())
}

/// Lets the connection go. Requests that wait keep it until they are answered.
pub(super) fn close(key: &Key) {
    let closed = connections().as_mut().and_then(|held| held.remove(key));
    drop(closed);
}
