//! Options of a stream and of a snapshot, as the engine takes them.

use super::decode::{Fields, expected};
use super::shapes::{SNAPSHOT, STREAM};
use crate::ErrorData;
use serde_json::Value;
use silt_log::{Level, OnGap, Source, SourceSet, StreamOptions};

/// Decodes the options of `logStream()`; no I/O happens.
///
/// # Errors
///
/// `InvalidArgument` that names the option.
pub fn stream_options(value: Value, now_ns: i64) -> Result<StreamOptions, ErrorData> {
    decode(&Fields::check(value, &STREAM)?, now_ns)
}

/// Decodes the options of `logs()`; no I/O happens. Gaps are reported in band.
///
/// # Errors
///
/// `InvalidArgument` that names the option.
pub fn snapshot_options(value: Value, now_ns: i64) -> Result<StreamOptions, ErrorData> {
    let mut options = decode(&Fields::check(value, &SNAPSHOT)?, now_ns)?;
    options.on_gap = OnGap::Report;
    Ok(options)
}

fn decode(fields: &Fields, now_ns: i64) -> Result<StreamOptions, ErrorData> {
    Ok(StreamOptions {
        sources: fields
            .get("sources")
            .map_or(Ok(SourceSet::DEFAULT), sources)?,
        sessions: fields
            .get("sessions")
            .and_then(Value::as_array)
            .map(|ids| ids.iter().filter_map(Value::as_u64).collect())
            .unwrap_or_default(),
        level: fields.text("level").and_then(Level::parse),
        grep: fields.text("grep").map(grep).transpose()?,
        since: time(fields, "since", now_ns)?,
        until: time(fields, "until", now_ns)?,
        from_cursor: fields.text("fromCursor").map(str::to_owned),
        tail: fields.integer("tail"),
        follow: fields.flag("follow", false),
        on_gap: match fields.text("onGap") {
            Some("report") => OnGap::Report,
            _ => OnGap::Error,
        },
        digest: fields.flag("digest", false),
    })
}

fn sources(value: &Value) -> Result<SourceSet, ErrorData> {
    let wrong = || {
        expected(
            "sources",
            "\"all\" or a list of stdout, stderr, output, system",
            value,
        )
    };
    let one = |name: &Value| name.as_str().and_then(Source::parse).ok_or_else(wrong);
    match value {
        Value::String(all) if all == "all" => Ok(SourceSet::ALL),
        Value::String(_) => Ok(SourceSet::of([one(value)?])),
        Value::Array(names) if !names.is_empty() => names
            .iter()
            .map(one)
            .collect::<Result<Vec<_>, _>>()
            .map(SourceSet::of),
        _ => Err(wrong()),
    }
}

fn grep(pattern: &str) -> Result<regex::bytes::Regex, ErrorData> {
    regex::bytes::Regex::new(pattern)
        .map_err(|error| ErrorData::argument("grep", format!("{pattern:?} is no pattern: {error}")))
}

/// `{"ns": "…"}` is a point in time as a language's own type for it, in
/// nanoseconds since 1970 as decimal text.
fn time(fields: &Fields, name: &str, now_ns: i64) -> Result<Option<i64>, ErrorData> {
    const WHAT: &str =
        "a date, RFC 3339 text with a zone, or a duration back from now such as \"5m\"";
    let Some(value) = fields.get(name) else {
        return Ok(None);
    };
    let ns = match value {
        // Its message says what about the text is wrong.
        Value::String(text) => {
            return match silt_log::parse_time(text, now_ns) {
                Ok(ns) => Ok(Some(ns)),
                Err(silt_log::Error::InvalidArgument { message, .. }) => {
                    Err(ErrorData::argument(name, message))
                }
                Err(other) => Err(other.into()),
            };
        }
        Value::Object(date) => date
            .get("ns")
            .and_then(Value::as_str)
            .map(str::parse::<i128>),
        _ => None,
    };
    match ns {
        Some(Ok(ns)) => i64::try_from(ns).map(Some).map_err(|_| {
            ErrorData::argument(
                name,
                "this date lies outside 1677 to 2262, the times Silt can hold",
            )
        }),
        Some(Err(_)) => Err(ErrorData::argument(
            name,
            "this date is none: it is not valid",
        )),
        None => Err(expected(name, WHAT, value)),
    }
}
