use crate::lock::parse_slot;

/// A slot of `.lock`, as it stands there and as the JSON inside one.
pub fn mark(bytes: &[u8]) {
    let _ = parse_slot(bytes);
    let Some(mark) = parse_slot(&sealed(bytes)) else {
        return;
    };
    let json = serde_json::to_vec(&mark).expect("plain data");
    assert_eq!(parse_slot(&sealed(&json)), Some(mark));
}

fn sealed(json: &[u8]) -> Vec<u8> {
    let mut slot = format!("{:08x} ", crc32c::crc32c(json)).into_bytes();
    slot.extend_from_slice(json);
    slot
}
