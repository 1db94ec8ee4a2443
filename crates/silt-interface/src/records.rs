//! The shapes of answers, of a stream's end and of what errors carry: named sets of
//! fields, as the JSON that crosses has them.

mod all;

use all::RECORDS;
use serde_json::{Map, Value, json};

/// A named set of fields.
pub(crate) struct Record {
    pub name: &'static str,
    pub doc: &'static str,
    pub fields: &'static [RecordField],
}

/// A field of a record.
pub(crate) struct RecordField {
    pub name: &'static str,
    /// `text`, `integer`, `flag`, `time` (RFC 3339 text in UTC, with nanoseconds), a
    /// list of words, or another record.
    pub kind: &'static str,
    pub many: Many,
    pub presence: Presence,
    pub doc: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Many {
    One,
    List,
    /// An object with a value by the name of a log.
    ByLog,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Always,
    /// It may be null.
    Nullable,
    /// It may be absent.
    Optional,
}

const fn field(name: &'static str, kind: &'static str, doc: &'static str) -> RecordField {
    RecordField {
        name,
        kind,
        many: Many::One,
        presence: Presence::Always,
        doc,
    }
}

const fn nullable(name: &'static str, kind: &'static str, doc: &'static str) -> RecordField {
    RecordField {
        presence: Presence::Nullable,
        ..field(name, kind, doc)
    }
}

const fn optional(name: &'static str, kind: &'static str, doc: &'static str) -> RecordField {
    RecordField {
        presence: Presence::Optional,
        ..field(name, kind, doc)
    }
}

const fn list(name: &'static str, kind: &'static str, doc: &'static str) -> RecordField {
    RecordField {
        many: Many::List,
        ..field(name, kind, doc)
    }
}

/// The records as JSON.
pub(crate) fn records_json() -> Value {
    RECORDS
        .iter()
        .map(|record| {
            let fields: Vec<_> = record.fields.iter().map(RecordField::to_json).collect();
            json!({ "name": record.name, "doc": record.doc, "fields": fields })
        })
        .collect()
}

impl RecordField {
    fn to_json(&self) -> Value {
        let mut shown = Map::new();
        shown.insert("name".into(), json!(self.name));
        shown.insert("type".into(), json!(self.kind));
        match self.many {
            Many::One => {}
            Many::List => drop(shown.insert("list".into(), json!(true))),
            Many::ByLog => drop(shown.insert("byLog".into(), json!(true))),
        }
        match self.presence {
            Presence::Always => {}
            Presence::Nullable => drop(shown.insert("nullable".into(), json!(true))),
            Presence::Optional => drop(shown.insert("optional".into(), json!(true))),
        }
        shown.insert("doc".into(), json!(self.doc));
        Value::Object(shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares the members of an object, and of those in it, with what is declared.
    fn assert_is(shown: &Value, name: &str) {
        let record = RECORDS.iter().find(|record| record.name == name).unwrap();
        let shown = shown.as_object().unwrap();
        for member in shown.keys() {
            let declared = record.fields.iter().any(|field| field.name == member);
            assert!(
                declared,
                "{name} has a member {member} that is not declared"
            );
        }
        for field in record.fields {
            let optional = field.presence == Presence::Optional;
            let Some(value) = shown.get(field.name) else {
                assert!(optional, "{name} has no member {}", field.name);
                continue;
            };
            let nullable = field.presence == Presence::Nullable;
            assert!(
                nullable || !value.is_null(),
                "{name}.{} is null",
                field.name
            );
            if RECORDS.iter().any(|record| record.name == field.kind) {
                match field.many {
                    Many::One => assert_is(value, field.kind),
                    Many::List => value
                        .as_array()
                        .unwrap()
                        .iter()
                        .for_each(|one| assert_is(one, field.kind)),
                    Many::ByLog => value
                        .as_object()
                        .unwrap()
                        .values()
                        .for_each(|one| assert_is(one, field.kind)),
                }
            }
        }
    }

    #[test]
    fn a_report_of_a_check_has_the_declared_members() {
        let folder = tempfile::tempdir().unwrap();
        let logs = folder.path().join("logs");
        silt_log::Writer::create(&logs, &silt_log::WriterOptions::default())
            .unwrap()
            .end();
        let report = silt_log::LogDirectory::open(&logs)
            .unwrap()
            .verify(&mut |_| {})
            .unwrap();
        assert_is(&json!(report), "VerifyReport");
    }

    #[test]
    fn an_end_of_a_stream_has_the_declared_members() {
        let folder = tempfile::tempdir().unwrap();
        let logs = folder.path().join("logs");
        let mut writer =
            silt_log::Writer::create(&logs, &silt_log::WriterOptions::default()).unwrap();
        writer.append(1, silt_log::Source::Stdout, b"one\n");
        writer.end();
        let params = json!({ "folder": logs, "options": { "digest": true } }).to_string();
        let mut stream = crate::ClientStream::open(&params).unwrap();
        let limits = crate::Limits {
            entries: 9,
            bytes: 9,
        };
        assert!(matches!(stream.take(limits), Ok(crate::Taken::Batch(_))));
        let end: Value = serde_json::from_str(&stream.close("closed", None)).unwrap();
        assert_is(&end, "StreamEnd");
        assert!(end["sessions"][0]["sources"][0].is_object(), "{end}");
    }

    #[test]
    fn the_end_of_a_session_has_the_declared_members() {
        let end = silt_sandbox::SessionEnd {
            session_id: 1,
            exit_code: None,
            signal: None,
            timed_out: false,
            detached: false,
            started_at: String::new(),
            ended_at: String::new(),
            duration_ms: 1,
            last_sequence: 1,
            totals: vec![silt_sandbox::SourceTotals {
                source: "stdout".into(),
                entries: 1,
                bytes: 1,
                sha256: String::new(),
            }],
        };
        assert_is(&json!(end), "SessionEnd");
    }

    #[test]
    fn what_is_known_of_a_sandbox_has_the_declared_members() {
        let folder = tempfile::tempdir().unwrap();
        let info = json!({
            "name": "a", "status": "stopped", "runtime": "process", "createdAt": "", "startedAt": null,
            "endedAt": null, "durationMs": null, "supervisorPid": null, "workdir": folder.path(),
            "network": "none", "limits": {}, "logBytes": 0, "logMaxBytes": 0, "truncated": false,
            "sessions": [{ "sessionId": 1, "command": [], "exitCode": null, "signal": null,
                           "startedAt": "", "endedAt": null, "crashed": true }],
            "error": null,
        });
        let info: silt_sandbox::Info = serde_json::from_value(info).unwrap();
        assert_is(&json!(info), "SandboxInfo");
    }
}
