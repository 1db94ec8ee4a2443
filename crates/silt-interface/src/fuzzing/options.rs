//! Options and parameters: what is not taken is refused with the option's name.

use crate::dispatch;
use crate::options::{
    COMMAND, CREATE, Fields, Kind, SHAPES, START, Shape, snapshot_options, stream_options,
};
use crate::{ErrorCode, ErrorData, Method};
use arbitrary::{Result, Unstructured};
use serde_json::{Map, Value, json};
use silt_sandbox::SandboxSpec;

const NOW: i64 = 1_777_629_600_000_000_000;

/// Texts at the edges of what options take.
const TEXTS: [&str; 14] = [
    "",
    "all",
    "stdout",
    "ERROR",
    "report",
    "5m",
    "0s",
    "18446744073709551615d",
    "2026-05-01T10:00:00Z",
    "2026-05-01T10:00:00",
    "a+",
    "(",
    "none",
    "é\0=",
];

/// An options object as JSON, and one made from the shapes.
pub fn options(bytes: &[u8]) {
    if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
        each(&value);
    }
    let mut choices = Unstructured::new(bytes);
    if let Ok(value) = choices
        .choose(&SHAPES)
        .and_then(|shape| object(shape, &mut choices, 0))
    {
        each(&value);
    }
}

/// A pattern, a line end, and a text to look in.
pub fn grep(bytes: &[u8]) {
    let (pattern, text) = bytes.split_at(bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0));
    let Ok(pattern) = std::str::from_utf8(pattern) else {
        return;
    };
    let options = match stream_options(json!({ "grep": pattern }), NOW) {
        Ok(options) => options,
        Err(error) => return refused(&error),
    };
    let regex = options.grep.expect("it was given");
    assert_eq!(regex.as_str(), pattern);
    let found = regex.find(text);
    assert_eq!(found.is_some(), regex.is_match(text));
}

fn each(value: &Value) {
    for decode in [stream_options, snapshot_options] {
        match decode(value.clone(), NOW) {
            Ok(options) => options.validate().expect("checked options fit each other"),
            Err(error) => refused(&error),
        }
    }
    for shape in [&CREATE, &START, &COMMAND] {
        match Fields::check(value.clone(), shape) {
            Ok(fields) => checked(shape, fields),
            Err(error) => refused(&error),
        }
    }
    let params = json!({
        "home": "/nowhere", "name": "n", "sessionId": 1, "program": "p", "args": [],
        "options": value, "columns": value, "rows": value, "signal": value, "port": value,
    });
    for method in Method::ALL {
        for params in [value, &params] {
            if let Err(error) = dispatch::decode(method, params) {
                refused(&error);
            }
        }
    }
}

/// What was checked is checked again as the same, and the supervisor's own
/// reading of it takes it or refuses it.
fn checked(shape: &'static Shape, fields: Fields) {
    let values = Value::Object(fields.into_values());
    let again = Fields::check(values.clone(), shape).expect("it was checked");
    assert_eq!(Value::Object(again.into_values()), values);
    if std::ptr::eq(shape, &raw const CREATE)
        && let Ok(spec) = SandboxSpec::from_json(&values.to_string())
    {
        let _ = spec.validate();
    }
}

fn refused(error: &ErrorData) {
    assert_eq!(error.code, ErrorCode::InvalidArgument.name(), "{error:?}");
    let json: Value = serde_json::from_str(&error.to_json()).expect("it is JSON");
    assert!(json.is_object());
}

fn object(shape: &Shape, choices: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    let mut map = Map::new();
    for option in shape.options {
        if choices.int_in_range(0..=2)? == 2 {
            let value = match choices.int_in_range(0..=7)? {
                7 => any(choices, depth)?,
                _ => fitting(option.kind, choices, depth)?,
            };
            map.insert(option.name.to_owned(), value);
        }
    }
    Ok(Value::Object(map))
}

fn fitting(kind: Kind, choices: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    Ok(match kind {
        Kind::Integer { min, max, .. } => {
            let near = choices.int_in_range(0..=2)?;
            json!(if choices.arbitrary()? {
                min + near
            } else {
                max - near
            })
        }
        Kind::Flag => json!(choices.arbitrary::<bool>()?),
        Kind::Choice(words) => json!(choices.choose(words)?),
        Kind::Sources => json!([choices.choose(&["stdout", "stderr", "output", "system"])?]),
        Kind::SessionIds => json!([choices.int_in_range(1..=9)?]),
        Kind::Time if choices.arbitrary()? => {
            json!({ "ns": choices.arbitrary::<i128>()?.to_string() })
        }
        Kind::Environment => json!({ (*choices.choose(&TEXTS)?): choices.choose(&TEXTS)? }),
        Kind::Object(shape) | Kind::FlagOrObject(shape) if depth < 3 => {
            object(shape, choices, depth + 1)?
        }
        Kind::Objects(shape) if depth < 3 => json!([object(shape, choices, depth + 1)?]),
        _ => any(choices, depth)?,
    })
}

fn any(choices: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    Ok(match choices.int_in_range(0..=6)? {
        0 => json!(choices.choose(&TEXTS)?),
        1 => json!(choices.arbitrary::<i64>()?),
        2 => json!(choices.arbitrary::<f64>()?),
        3 => Value::Null,
        4 if depth < 3 => json!([any(choices, depth + 1)?]),
        5 if depth < 3 => json!({ (*choices.choose(&TEXTS)?): any(choices, depth + 1)? }),
        _ => json!(choices.arbitrary::<&str>()?),
    })
}
