//! Checks an options object against its shape.

use super::spec::{Kind, MAX_INTEGER, OptionSpec, Shape};
use crate::ErrorData;
use serde_json::{Map, Value};

/// An options object whose names, exclusions and types have been checked.
/// Durations have become milliseconds; `null` and absent are the same.
#[derive(Debug)]
pub struct Fields {
    values: Map<String, Value>,
}

impl Fields {
    /// Checks `value` against `shape`; `null` is an empty object.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` that names the first option that is wrong, with its
    /// path (`logs.maxBytes`).
    pub fn check(value: Value, shape: &Shape) -> Result<Fields, ErrorData> {
        check_object(value, shape, "").map(|values| Fields { values })
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).and_then(Value::as_str)
    }

    pub fn integer(&self, name: &str) -> Option<u64> {
        self.values.get(name).and_then(Value::as_u64)
    }

    /// A flag; absent is `default`.
    pub fn flag(&self, name: &str, default: bool) -> bool {
        self.values
            .get(name)
            .and_then(Value::as_bool)
            .unwrap_or(default)
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// All that was given.
    pub fn into_values(self) -> Map<String, Value> {
        self.values
    }
}

fn check_object(
    value: Value,
    shape: &Shape,
    prefix: &str,
) -> Result<Map<String, Value>, ErrorData> {
    let given = match value {
        // It may still lack what must be given.
        Value::Null => Map::new(),
        Value::Object(given) => given,
        other => {
            let option = prefix.strip_suffix('.').unwrap_or("options");
            return Err(expected(option, "an object", &other));
        }
    };
    let mut checked = Map::new();
    for (name, value) in given {
        if value.is_null() {
            continue;
        }
        let path = format!("{prefix}{name}");
        let Some(option) = shape.option(&name) else {
            let known: Vec<_> = shape.options.iter().map(|option| option.name).collect();
            return Err(ErrorData::argument(
                &path,
                format!("there is no such option; known are {}", known.join(", ")),
            ));
        };
        checked.insert(name, check_value(value, option, &path)?);
    }
    for option in shape.options {
        let given = checked.contains_key(option.name);
        if option.default == "required" && !given {
            let path = format!("{prefix}{}", option.name);
            return Err(ErrorData::argument(&path, "must be given"));
        }
        let other = option
            .excludes
            .iter()
            .find(|&&other| checked.contains_key(other));
        if let (true, Some(other)) = (given, other) {
            return Err(ErrorData::argument(
                option.name,
                format!("can not be given together with {other}; give one of them"),
            ));
        }
    }
    Ok(checked)
}

fn check_value(value: Value, option: &OptionSpec, path: &str) -> Result<Value, ErrorData> {
    match option.kind {
        Kind::Text if value.is_string() => Ok(value),
        Kind::Text => Err(expected(path, "text", &value)),
        Kind::Flag if value.is_boolean() => Ok(value),
        Kind::Flag => Err(expected(path, "true or false", &value)),
        Kind::Integer { min, max, .. } => integer(value, min, max, path),
        Kind::Duration => duration_ms(&value, path).map(Value::from),
        // Read when the options are used: it depends on the present time.
        Kind::Time => Ok(value),
        Kind::Choice(words) => match value.as_str() {
            Some(word) if words.contains(&word) => Ok(value),
            _ => Err(expected(
                path,
                &format!("one of {}", words.join(", ")),
                &value,
            )),
        },
        Kind::Sources => Ok(value),
        Kind::SessionIds => match value {
            Value::Array(ids) if ids.is_empty() => Err(ErrorData::argument(
                path,
                "the list is empty; leave it out for all sessions",
            )),
            Value::Array(ids) => ids
                .into_iter()
                .map(|id| integer(id, 1, MAX_INTEGER, path))
                .collect::<Result<Vec<_>, _>>()
                .map(Value::from),
            one => integer(one, 1, MAX_INTEGER, path).map(|id| Value::from(vec![id])),
        },
        Kind::Environment => environment(value, path),
        Kind::Object(shape) => check_object(value, shape, &format!("{path}.")).map(Value::Object),
        Kind::FlagOrObject(_) if value.is_boolean() => Ok(value),
        Kind::FlagOrObject(shape) if value.is_object() => {
            check_object(value, shape, &format!("{path}.")).map(Value::Object)
        }
        Kind::FlagOrObject(_) => Err(expected(path, "true, false or an object", &value)),
        Kind::Objects(shape) => match value {
            Value::Array(items) => items
                .into_iter()
                .enumerate()
                .map(|(index, item)| {
                    check_object(item, shape, &format!("{path}[{index}].")).map(Value::Object)
                })
                .collect::<Result<Vec<_>, _>>()
                .map(Value::from),
            other => Err(expected(path, "a list of objects", &other)),
        },
    }
}

fn integer(value: Value, min: u64, max: u64, path: &str) -> Result<Value, ErrorData> {
    // JavaScript writes whole numbers from 1e21 on, and -0, as it likes.
    let number = value.as_u64().or_else(|| {
        let float = value.as_f64()?;
        (float.fract() == 0.0 && (0.0..=MAX_INTEGER as f64).contains(&float))
            .then_some(float as u64)
    });
    match number {
        Some(number) if (min..=max).contains(&number) => Ok(Value::from(number)),
        _ => Err(expected(
            path,
            &format!("a whole number from {min} to {max}"),
            &value,
        )),
    }
}

/// A duration in milliseconds, from a number of them or text with a unit.
///
/// # Errors
///
/// `InvalidArgument` for anything else, and for one of nothing.
pub fn duration_ms(value: &Value, path: &str) -> Result<u64, ErrorData> {
    let ms = match value {
        Value::Number(_) => integer(value.clone(), 1, MAX_INTEGER, path)?.as_u64(),
        Value::String(text) => silt_log::parse_duration(text)
            .ok()
            .and_then(|duration| u64::try_from(duration.as_millis()).ok())
            .filter(|ms| (1..=MAX_INTEGER).contains(ms)),
        _ => None,
    };
    ms.ok_or_else(|| {
        expected(
            path,
            "milliseconds, or text such as \"90s\" or \"5m\"",
            value,
        )
    })
}

fn environment(value: Value, path: &str) -> Result<Value, ErrorData> {
    let Value::Object(variables) = &value else {
        return Err(expected(path, "an object of texts", &value));
    };
    for (name, text) in variables {
        // The value may be a secret, so that no message shows it.
        let Some(text) = text.as_str() else {
            return Err(ErrorData::argument(
                path,
                format!("the value of {name} must be text"),
            ));
        };
        if name.is_empty() || name.contains(['=', '\0']) || text.contains('\0') {
            return Err(ErrorData::argument(
                path,
                format!(
                    "{name:?} can not be a variable: a name is not empty and has no \"=\", and neither part has a NUL"
                ),
            ));
        }
    }
    Ok(value)
}

/// The error that names what was expected and shows what was given.
pub(crate) fn expected(path: &str, what: &str, given: &Value) -> ErrorData {
    let mut shown = given.to_string();
    if shown.chars().count() > 80 {
        shown = shown.chars().take(80).chain("…".chars()).collect();
    }
    ErrorData::argument(path, format!("{shown} was given, expected is {what}"))
}
