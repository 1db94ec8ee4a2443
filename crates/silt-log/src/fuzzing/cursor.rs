use crate::Cursor;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

/// A cursor, as text and as the bytes inside one: what is read is written, and
/// read, as the same.
pub fn cursor(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        read(text);
    }
    let mut inside = bytes.to_vec();
    inside.extend_from_slice(&crc32c::crc32c(bytes).to_le_bytes());
    read(&BASE64.encode(inside));
}

fn read(text: &str) {
    if let Ok(cursor) = Cursor::decode(text) {
        let again = Cursor::decode(&cursor.encode()).expect("what was encoded can be decoded");
        assert_eq!(cursor, again);
    }
}
