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
    connections()
        .get_or_insert_default()
        .insert(key.clone(), opened.clone());
    Ok(opened)
}

fn held(key: &Key) -> Option<Connection> {
    let mut connections = connections();
    let held = connections.as_ref()?.get(key)?;
    if !held.is_closed() {
        return Some(held.clone());
    }
    connections.as_mut()?.remove(key);
    None
}

/// Lets the connection go; requests that wait are answered first, or fail.
pub(super) fn close(key: &Key) {
    let closed = connections().as_mut().and_then(|held| held.remove(key));
    drop(closed);
}
