//! Methods that are a request to the supervisor: they wait for its answer without
//! a thread.

use super::connections::{self, Key};
use super::{Answer, Respond, pool};
use crate::options::{COMMAND, Fields};
use crate::{ErrorCode, ErrorData, Method};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use silt_sandbox::{Environment, Home, PtyOptions, Reply, Request, Spawn, Status};
use std::path::PathBuf;

/// The request that a method is; none for methods that are not.
pub(super) fn request(method: Method, params: &Value) -> Result<Option<Request>, ErrorData> {
    let session_id = || param(params, "sessionId");
    Ok(Some(match method {
        Method::Spawn => Request::Spawn(spawn(params)?),
        Method::Write => Request::Write {
            session_id: session_id()?,
        },
        Method::CloseStdin => Request::CloseStdin {
            session_id: session_id()?,
        },
        Method::Signal => Request::Signal {
            session_id: session_id()?,
            signal: param(params, "signal")?,
        },
        Method::Resize => Request::Resize {
            session_id: session_id()?,
            cols: param(params, "columns")?,
            rows: param(params, "rows")?,
        },
        Method::Wait if param::<Option<bool>>(params, "lastByte")? == Some(true) => {
            Request::WaitForLastByte {
                session_id: session_id()?,
            }
        }
        Method::Wait => Request::Wait {
            session_id: session_id()?,
        },
        Method::Expose => Request::Expose {
            port: port(param(params, "port")?)?,
        },
        Method::Create
        | Method::Start
        | Method::Connect
        | Method::Disconnect
        | Method::Get
        | Method::List
        | Method::Stop
        | Method::Kill
        | Method::Remove
        | Method::ReadFile
        | Method::WriteFile
        | Method::ListFiles
        | Method::RemoveFile
        | Method::OpenLog
        | Method::VerifyLog => return Ok(None),
    }))
}

/// Sends the request over the sandbox's connection.
pub(super) fn send(params: Value, request: Request, payload: Vec<u8>, respond: Respond) {
    let key = match key(&params) {
        Ok(key) => key,
        Err(error) => return respond.answer(Err(error)),
    };
    let respond = match request {
        Request::Wait { session_id } => from_record(respond, key.clone(), session_id, false),
        Request::WaitForLastByte { session_id } => {
            from_record(respond, key.clone(), session_id, true)
        }
        _ => respond,
    };
    ask(key, request, payload, respond);
}

fn ask(key: Key, request: Request, payload: Vec<u8>, respond: Respond) {
    connections::with(
        key,
        Box::new(move |connection| match connection {
            Ok(connection) => {
                // Dropped by all, a connection closes; a request keeps its own.
                let kept = connection.clone();
                let on_reply = move |reply| {
                    respond.answer(answer(reply));
                    drop(kept);
                };
                connection.request(request, payload, Box::new(on_reply));
            }
            Err(error) => respond.answer(Err(error)),
        }),
    );
}

/// A session that has ended is on record, also once its sandbox does not run.
/// Where it is `again`, and the sandbox has another supervisor by then, that one
/// is asked.
fn from_record(
    respond: Respond,
    (home, name): (PathBuf, String),
    session_id: u64,
    again: bool,
) -> Respond {
    Respond(Some(Box::new(move |reply| {
        let stopped = reply
            .error
            .as_ref()
            .and_then(|error| serde_json::from_str::<Value>(error).ok())
            .is_some_and(|error| error["code"] == ErrorCode::SandboxNotRunning.name());
        if !stopped {
            return respond.pass(reply);
        }
        pool::run(Box::new(move || {
            let at = Home::at(home.as_path());
            let runs =
                || silt_sandbox::get(&at, &name).is_ok_and(|info| info.status == Status::Running);
            match silt_sandbox::recorded_end(&at, &name, session_id) {
                Ok(Some(end)) => respond.answer(Ok((json!(end), Vec::new()))),
                _ if again && runs() => {
                    let request = Request::WaitForLastByte { session_id };
                    ask((home, name), request, Vec::new(), respond);
                }
                _ => respond.pass(reply),
            }
        }));
    })))
}

fn answer(reply: Result<(Reply, Vec<u8>), silt_sandbox::Error>) -> Answer {
    let (reply, payload) = reply?;
    let json = match reply {
        Reply::Spawned { session_id, cursor } => {
            json!({ "sessionId": session_id, "cursor": cursor })
        }
        Reply::Written { closed } => json!({ "closed": closed }),
        Reply::Ended(end) => json!(end),
        Reply::Exposed { port } => json!({ "port": port }),
        Reply::Info(info) => json!(info),
        Reply::Pong { release, pid } => json!({ "release": release, "pid": pid }),
        Reply::Done => Value::Null,
    };
    Ok((json, payload))
}

fn spawn(params: &Value) -> Result<Spawn, ErrorData> {
    let options = Fields::check(params.get("options").cloned().unwrap_or_default(), &COMMAND)?;
    let program: String = param(params, "program")?;
    let args: Vec<String> = param(params, "args")?;
    if program.is_empty() {
        return Err(ErrorData::argument(
            "program",
            "it is empty; name a program",
        ));
    }
    if program.contains('\0') || args.iter().any(|arg| arg.contains('\0')) {
        return Err(ErrorData::argument(
            "args",
            "a program or an argument can not hold a NUL byte",
        ));
    }
    Ok(Spawn {
        program,
        args,
        cwd: options.text("cwd").map(str::to_owned),
        env: options.get("env").map_or_else(Environment::default, |env| {
            serde_json::from_value(env.clone()).unwrap_or_default()
        }),
        pty: options.get("pty").and_then(pty),
        stdin: param(params, "stdin")?,
        timeout_ms: options.integer("timeout"),
        ..Spawn::default()
    })
}

fn pty(value: &Value) -> Option<PtyOptions> {
    let default = PtyOptions::default();
    let size = |name: &str, default| {
        let given = value.get(name).and_then(Value::as_u64);
        given
            .and_then(|size| u16::try_from(size).ok())
            .unwrap_or(default)
    };
    match value {
        Value::Bool(false) => None,
        _ => Some(PtyOptions {
            cols: size("columns", default.cols),
            rows: size("rows", default.rows),
        }),
    }
}

fn port(port: u32) -> Result<u16, ErrorData> {
    u16::try_from(port)
        .ok()
        .filter(|&port| port > 0)
        .ok_or_else(|| ErrorData::argument("port", format!("{port} is none; ports are 1 to 65535")))
}

/// The sandbox that the parameters name.
pub(super) fn key(params: &Value) -> Result<(PathBuf, String), ErrorData> {
    Ok((param(params, "home")?, param(params, "name")?))
}

/// A parameter by its name.
pub(super) fn param<T: DeserializeOwned>(params: &Value, name: &str) -> Result<T, ErrorData> {
    let given = params
        .as_object()
        .and_then(|params: &Map<_, _>| params.get(name));
    let given = given.cloned().unwrap_or_default();
    serde_json::from_value(given.clone())
        .map_err(|error| ErrorData::argument(name, format!("{given} was given: {error}")))
}
