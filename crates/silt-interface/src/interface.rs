//! `interface.json`: the whole interface as data.

use crate::abi::{abi, functions_json};
use crate::ends::{END_REASONS, end_doc};
use crate::method::Parameter;
use crate::options::{Kind, OptionSpec, SHAPES, Shape};
use crate::packed::layout;
use crate::records::records_json;
use crate::stream::Limits;
use crate::{ErrorCode, Format, Method};
use serde_json::{Map, Value, json};
use silt_log::{CursorReason, EndReason, GapReason, Level, Log, Part, Source};

/// The interface as JSON text: options, entry fields, error codes, words, methods
/// and the layout of a packed batch. Clients are generated from it.
pub fn interface_json() -> String {
    let mut interface = definition();
    interface["version"] = json!(env!("CARGO_PKG_VERSION"));
    interface["abi"] = json!(format!("{:#018x}", abi()));
    let mut text = serde_json::to_string_pretty(&interface).unwrap_or_default();
    text.push('\n');
    text
}

/// All of it but for the numbers that say which one it is.
pub(crate) fn definition() -> Value {
    json!({
        "doc": { "endReasons": END_REASONS.map(end_doc) },
        "words": words(),
        "options": SHAPES.map(shape),
        "entry": entry(),
        "errors": ErrorCode::ALL.map(error),
        "methods": Method::ALL.map(method),
        "batch": batch(),
        "records": records_json(),
        "limits": { "entries": (Limits::DEFAULT.entries), "bytes": (Limits::DEFAULT.bytes) },
        "functions": functions_json(),
    })
}

/// Words by their numbers, where they have one.
fn words() -> Value {
    let parts = [Part::Whole, Part::First, Part::Middle, Part::Last];
    let gap_reasons = [
        GapReason::Rotated,
        GapReason::Crash,
        GapReason::DiskFull,
        GapReason::Damage,
    ];
    let cursor_reasons = [
        CursorReason::Malformed,
        CursorReason::Checksum,
        CursorReason::NewerVersion,
        CursorReason::OtherLog,
        CursorReason::PastEnd,
    ];
    json!({
        "logs": (Log::ALL.map(Log::name)),
        "sources": (Source::ALL.map(Source::name)),
        "parts": (parts.map(Part::name)),
        "levels": (Level::ALL.map(Level::name)),
        "gapReasons": (gap_reasons.map(GapReason::name)),
        "endReasons": (END_REASONS.map(EndReason::name)),
        "cursorReasons": (cursor_reasons.map(CursorReason::name)),
        "formats": (Format::NAMES),
        "sandboxStatuses": ["running", "stopped", "crashed"],
        "fileKinds": ["file", "folder", "link", "other"],
        "damageKinds": ["checksum", "line", "missing", "cut", "segment", "chain", "order", "session"],
    })
}

fn shape(shape: &Shape) -> Value {
    json!({
        "name": shape.name,
        "doc": shape.doc,
        "options": shape.options.iter().map(option).collect::<Vec<_>>(),
    })
}

fn option(option: &OptionSpec) -> Value {
    let mut shown = Map::new();
    shown.insert("name".into(), json!(option.name));
    let kind = match option.kind {
        Kind::Text => "text",
        Kind::Flag => "flag",
        Kind::Integer { .. } => "integer",
        Kind::Duration => "duration",
        Kind::Time => "time",
        Kind::Choice(_) => "choice",
        Kind::Sources => "sources",
        Kind::SessionIds => "sessionIds",
        Kind::Environment => "environment",
        Kind::Object(_) => "object",
        Kind::Objects(_) => "objects",
        Kind::FlagOrObject(_) => "flagOrObject",
    };
    shown.insert("type".into(), json!(kind));
    match option.kind {
        Kind::Integer { min, max, unit } => {
            shown.insert("min".into(), json!(min));
            shown.insert("max".into(), json!(max));
            shown.insert("unit".into(), json!(unit));
        }
        Kind::Choice(words) => {
            shown.insert("words".into(), json!(words));
        }
        Kind::Object(shape) | Kind::Objects(shape) | Kind::FlagOrObject(shape) => {
            shown.insert("shape".into(), json!(shape.name));
        }
        Kind::Text
        | Kind::Flag
        | Kind::Duration
        | Kind::Time
        | Kind::Sources
        | Kind::SessionIds
        | Kind::Environment => {}
    }
    shown.insert("default".into(), json!(option.default));
    if !option.excludes.is_empty() {
        shown.insert("excludes".into(), json!(option.excludes));
    }
    shown.insert("doc".into(), json!(option.doc));
    Value::Object(shown)
}

/// Fields of an entry: name, type, what it is.
fn entry() -> Value {
    let field =
        |name: &str, kind: &str, doc: &str| json!({ "name": name, "type": kind, "doc": doc });
    json!([
        field("log", "logs", "Which of the three logs it is in."),
        field("source", "sources", "Where its bytes came from."),
        field(
            "sequence",
            "integer",
            "Its number in its log: contiguous, from 1."
        ),
        field(
            "sessionId",
            "integer or null",
            "The exec session; null for `system`."
        ),
        field("timestamp", "time", "When it was captured."),
        field("level", "levels", "The severity of its line."),
        field(
            "part",
            "parts",
            "Which part of a split line it is; absent on a whole one."
        ),
        field("data", "bytes", "What was written, line end included."),
        field("cursor", "text", "Stands just after it."),
    ])
}

fn error(code: ErrorCode) -> Value {
    let fields = code.fields().iter();
    json!({
        "code": code.name(),
        "class": code.has_class(),
        "retryable": code.retryable(),
        "doc": code.doc(),
        "fields": fields
            .map(|(name, kind, doc)| json!({ "name": name, "type": kind, "doc": doc }))
            .collect::<Vec<_>>(),
    })
}

fn method(method: Method) -> Value {
    let about = method.about();
    let mut names: Vec<_> = about.parameters.iter().map(|one| one.name).collect();
    if about.place == "folder" || about.place == "log" {
        names.insert(0, "folder");
    }
    let parameters = about.parameters.iter().map(parameter).collect::<Vec<_>>();
    json!({
        "name": about.name,
        "place": about.place,
        "params": names,
        "parameters": parameters,
        "payload": about.payload,
        "answer": about.answer,
        "list": about.list,
        "doc": about.doc,
    })
}

fn parameter(parameter: &Parameter) -> Value {
    json!({
        "name": parameter.name,
        "type": parameter.kind,
        "optional": parameter.optional,
        "doc": parameter.doc,
    })
}

fn batch() -> Value {
    use layout::{header, meta};
    let columns = layout::COLUMNS
        .map(|(name, bytes, kind)| json!({ "name": name, "bytes": bytes, "type": kind }));
    json!({
        "magic": layout::MAGIC,
        "header": {
            "magic": header::MAGIC,
            "items": header::ITEMS,
            "gaps": header::GAPS,
            "segments": header::SEGMENTS,
            "dataOffset": header::DATA_OFFSET,
            "dataLength": header::DATA_LENGTH,
            "logs": header::LOGS,
            "logId": header::LOG_ID,
            "start": header::START,
            "end": header::END,
            "size": header::SIZE,
            "positionBytes": layout::POSITION_STRIDE,
            "itemBytes": layout::ITEM_BYTES,
            "segmentBytes": layout::SEGMENT_BYTES,
            "gapBytes": layout::GAP_BYTES,
        },
        "columns": columns,
        "meta": {
            "log": meta::LOG,
            "source": meta::SOURCE,
            "part": meta::PART,
            "gap": meta::GAP,
            "utf8": meta::UTF8,
            "level": meta::LEVEL,
            "segment": meta::SEGMENT,
        },
        "metaBits": {
            "log": 2, "source": 2, "part": 2, "gap": 1, "utf8": 1, "level": 3, "segment": 16,
        },
        "position": fields(&layout::POSITION),
        "segment": fields(&layout::SEGMENT),
        "gap": fields(&layout::GAP),
    })
}

fn fields(fields: &[(&str, usize, &str)]) -> Value {
    fields
        .iter()
        .map(|(name, offset, kind)| json!({ "name": name, "offset": offset, "type": kind }))
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_interface_is_the_present_one() {
        let committed = include_str!("../interface.json");
        assert!(
            committed == super::interface_json(),
            "interface.json is stale; run: npm run generate"
        );
    }
}
