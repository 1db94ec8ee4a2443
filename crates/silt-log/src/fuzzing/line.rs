use crate::line::{self, RawEntry};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;

/// A line of a segment: the fast path, the general one and a plain reading of
/// the JSON agree on what it says.
pub fn line(bytes: &[u8]) {
    let mut data = b"before".to_vec();
    let Some(entry) = line::parse_with_data(bytes, &mut data) else {
        assert_eq!(data, b"before", "a line that was refused left data behind");
        assert!(line::parse_general(bytes).is_none());
        return;
    };
    let data = data.strip_prefix(b"before").expect("appended");
    let general = line::parse_general(bytes).expect("the general path reads it too");
    let mut general_data = Vec::new();
    assert!(general.data.decode_into(general.utf8, &mut general_data));
    assert_eq!(known(&entry), known(&general));
    assert_eq!(data, general_data);
    judge(bytes, &entry, data);
    written_again(&entry, data);
}

fn known(entry: &RawEntry<'_>) -> impl PartialEq + std::fmt::Debug + use<> {
    (
        (entry.time_ns, entry.source, entry.session, entry.sequence),
        (entry.part, entry.level, entry.utf8),
    )
}

fn judge(bytes: &[u8], entry: &RawEntry<'_>, data: &[u8]) {
    // It refuses numbers that are too large in keys that nobody reads.
    let Ok(json) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    assert!(json.is_object(), "an entry is an object");
    assert_eq!(json["n"].as_u64(), Some(entry.sequence));
    assert_eq!(json["id"].as_u64().unwrap_or(0), entry.session);
    assert_eq!(json["s"].as_str(), Some(entry.source.name()));
    assert_eq!(json["p"].as_str(), entry.part.name());
    assert_eq!(json["e"].is_null(), entry.utf8);
    let text = json["d"].as_str().expect("text");
    if entry.utf8 {
        assert_eq!(text.as_bytes(), data);
    } else {
        assert_eq!(BASE64.decode(text).as_deref(), Ok(data));
    }
}

fn written_again(entry: &RawEntry<'_>, data: &[u8]) {
    let mut again = Vec::new();
    line::write_prefix(entry.time_ns, entry.source, entry.session, &mut again);
    line::write_rest(entry.sequence, entry.part, entry.level, data, &mut again);
    let again = again.strip_suffix(b"\n").expect("a line");
    assert!(!again.contains(&b'\n'));
    let mut read = Vec::new();
    let entry_again = line::parse_with_data(again, &mut read).expect("what was written is read");
    assert_eq!(read, data);
    assert_eq!(
        (entry_again.time_ns, entry_again.sequence, entry_again.level),
        (entry.time_ns, entry.sequence, entry.level)
    );
}
