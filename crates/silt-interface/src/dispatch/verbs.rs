//! Methods that block: on the disk, or until a supervisor is ready.

use super::session::{key, param};
use super::{Answer, connections};
use crate::options::{CREATE, Fields, START};
use crate::place::Place;
use crate::{ErrorCode, ErrorData, Method};
use serde_json::{Value, json};
use silt_log::LogDirectory;
use silt_sandbox::{Environment, Home, SandboxSpec, StartOptions, files};
use std::path::PathBuf;

pub(super) fn run(method: Method, params: Value, payload: Vec<u8>) -> Answer {
    let json = match method {
        Method::Create => create(&params)?,
        Method::List => json!(silt_sandbox::list(&home(&params)?)?),
        Method::OpenLog => open_log(&params)?,
        Method::VerifyLog => verify_log(&params)?,
        Method::ReadFile => {
            let (_, name) = key(&params)?;
            let path: String = param(&params, "path")?;
            return Ok((Value::Null, files::read(&home(&params)?, &name, &path)?));
        }
        Method::Start
        | Method::Connect
        | Method::Disconnect
        | Method::Get
        | Method::Stop
        | Method::Kill
        | Method::Remove => life(method, &params)?,
        Method::WriteFile | Method::ListFiles | Method::RemoveFile => {
            with_files(method, &params, &payload)?
        }
        Method::Spawn
        | Method::Write
        | Method::CloseStdin
        | Method::Signal
        | Method::Resize
        | Method::Wait
        | Method::Expose => {
            let message = format!("{} is a request to a supervisor", method.name());
            return Err(ErrorData::internal(message));
        }
    };
    Ok((json, Vec::new()))
}

fn create(params: &Value) -> Result<Value, ErrorData> {
    let mut options = Fields::check(options(params), &CREATE)?.into_values();
    options.insert("executable".into(), params["executable"].clone());
    let spec = SandboxSpec::from_json(&Value::Object(options).to_string())?;
    Ok(json!(silt_sandbox::create(&home(params)?, spec)?))
}

fn life(method: Method, params: &Value) -> Result<Value, ErrorData> {
    let key = key(params)?;
    let home = Home::at(key.0.as_path());
    let name = key.1.as_str();
    Ok(match method {
        Method::Start => {
            let options = Fields::check(options(params), &START)?;
            let env = options.get("env").cloned().unwrap_or_else(|| json!({}));
            let start = StartOptions {
                env: Environment(
                    serde_json::from_value(env)
                        .map_err(|error| ErrorData::argument("env", error))?,
                ),
                executable: param::<Option<PathBuf>>(params, "executable")?,
            };
            json!(silt_sandbox::start(&home, name, start)?)
        }
        Method::Connect => {
            connections::open(&key)?;
            json!(silt_sandbox::get(&home, name)?)
        }
        Method::Disconnect => {
            connections::close(&key);
            Value::Null
        }
        Method::Stop => {
            silt_sandbox::stop(&home, name)?;
            connections::close(&key);
            Value::Null
        }
        Method::Kill => {
            silt_sandbox::kill(&home, name)?;
            connections::close(&key);
            Value::Null
        }
        Method::Remove => {
            silt_sandbox::remove(&home, name, param(params, "force")?)?;
            connections::close(&key);
            Value::Null
        }
        _ => json!(silt_sandbox::get(&home, name)?),
    })
}

fn with_files(method: Method, params: &Value, payload: &[u8]) -> Result<Value, ErrorData> {
    let (home, name) = (home(params)?, key(params)?.1);
    let path: String = param(params, "path")?;
    Ok(match method {
        Method::WriteFile => json!(files::write(&home, &name, &path, payload)?),
        Method::RemoveFile => json!(files::remove(&home, &name, &path)?),
        _ => json!(files::list(&home, &name, &path)?),
    })
}

fn open_log(params: &Value) -> Result<Value, ErrorData> {
    let folder: PathBuf = param(params, "folder")?;
    LogDirectory::open(&folder)?;
    Ok(Value::Null)
}

fn verify_log(params: &Value) -> Result<Value, ErrorData> {
    let place: Place = serde_json::from_value(params.clone())
        .map_err(|error| ErrorData::argument("folder", error))?;
    let folder = place.log_folder()?;
    let report = LogDirectory::open(&folder)?.verify(&mut |_| {})?;
    if report.whole {
        return Ok(json!(report));
    }
    let places = report.damage.len() as u64 + report.damage_left_out;
    let first = report
        .damage
        .first()
        .map_or("", |damage| damage.message.as_str());
    let path = folder.to_string_lossy();
    let message = format!("{path} is damaged in {places} places, the first: {first}");
    Err(ErrorData::new(ErrorCode::Corruption, message)
        .with("path", path)
        .with("report", json!(report)))
}

fn options(params: &Value) -> Value {
    params.get("options").cloned().unwrap_or_default()
}

fn home(params: &Value) -> Result<Home, ErrorData> {
    Ok(Home::at(param::<PathBuf>(params, "home")?))
}
