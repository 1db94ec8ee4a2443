//! The functions of the C library, as data, and a number that changes with whatever
//! a program was compiled against.

use serde_json::{Value, json};
use std::sync::OnceLock;

/// A function of the C library, in C's spelling. What it does is said in the header.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    pub name: &'static str,
    pub result: &'static str,
    /// Type and name of each parameter.
    pub parameters: &'static [(&'static str, &'static str)],
}

const fn function(
    result: &'static str,
    name: &'static str,
    parameters: &'static [(&'static str, &'static str)],
) -> Function {
    Function {
        name,
        result,
        parameters,
    }
}

const BYTES: &str = "const uint8_t *";
const OUT: &str = "struct SiltBuffer *";

/// All functions. A test of the C library compares them with its header.
pub const FUNCTIONS: [Function; 23] = [
    function("uint64_t", "silt_abi", &[]),
    function("const char *", "silt_version", &[]),
    function("void", "silt_free", &[("struct SiltBuffer", "buffer")]),
    function(
        "int32_t",
        "silt_queue_open",
        &[("uint64_t *", "queue"), (OUT, "error")],
    ),
    function("int32_t", "silt_queue_fd", &[("uint64_t", "queue")]),
    function(
        "int32_t",
        "silt_queue_next",
        &[
            ("uint64_t", "queue"),
            ("int32_t", "timeout_ms"),
            ("struct SiltEvent *", "event"),
        ],
    ),
    function(
        "int32_t",
        "silt_queue_next_many",
        &[
            ("uint64_t", "queue"),
            ("int32_t", "timeout_ms"),
            ("struct SiltEvent *", "events"),
            ("size_t", "most"),
            ("size_t *", "count"),
        ],
    ),
    function("int32_t", "silt_queue_wake", &[("uint64_t", "queue")]),
    function("int32_t", "silt_queue_close", &[("uint64_t", "queue")]),
    function(
        "int32_t",
        "silt_call",
        &[
            ("uint64_t", "queue"),
            ("uint64_t", "token"),
            (BYTES, "method"),
            ("size_t", "method_len"),
            (BYTES, "params"),
            ("size_t", "params_len"),
            (BYTES, "payload"),
            ("size_t", "payload_len"),
            (OUT, "error"),
        ],
    ),
    function(
        "int32_t",
        "silt_call_wait",
        &[
            (BYTES, "method"),
            ("size_t", "method_len"),
            (BYTES, "params"),
            ("size_t", "params_len"),
            (BYTES, "payload"),
            ("size_t", "payload_len"),
            (OUT, "json"),
            (OUT, "answered"),
        ],
    ),
    function(
        "int32_t",
        "silt_stream_open",
        &[
            (BYTES, "params"),
            ("size_t", "params_len"),
            ("uint64_t", "queue"),
            ("uint64_t", "token"),
            ("uint64_t *", "stream"),
            (OUT, "error"),
        ],
    ),
    function(
        "int32_t",
        "silt_stream_take",
        &[
            ("uint64_t", "stream"),
            ("uint32_t", "max_entries"),
            ("uint32_t", "max_bytes"),
            (OUT, "out"),
        ],
    ),
    function(
        "int32_t",
        "silt_stream_wait",
        &[("uint64_t", "stream"), ("int32_t", "timeout_ms")],
    ),
    function(
        "int32_t",
        "silt_stream_position",
        &[("uint64_t", "stream"), (OUT, "out")],
    ),
    function(
        "int32_t",
        "silt_stream_finish",
        &[("uint64_t", "stream"), ("uint64_t", "last")],
    ),
    function(
        "int32_t",
        "silt_stream_close",
        &[
            ("uint64_t", "stream"),
            (BYTES, "reason"),
            ("size_t", "reason_len"),
            (BYTES, "batch"),
            ("size_t", "batch_len"),
            ("size_t", "index"),
            (OUT, "end"),
        ],
    ),
    function(
        "int32_t",
        "silt_batch_cursor",
        &[
            (BYTES, "batch"),
            ("size_t", "len"),
            ("size_t", "index"),
            (OUT, "out"),
        ],
    ),
    function(
        "int32_t",
        "silt_batch_position",
        &[
            (BYTES, "batch"),
            ("size_t", "len"),
            ("size_t", "index"),
            (OUT, "out"),
        ],
    ),
    function(
        "int32_t",
        "silt_batch_levels",
        &[(BYTES, "batch"), ("size_t", "len"), (OUT, "out")],
    ),
    function(
        "int32_t",
        "silt_batch_json",
        &[
            (BYTES, "batch"),
            ("size_t", "len"),
            ("size_t", "index"),
            ("int32_t", "with_cursor"),
            (OUT, "out"),
        ],
    ),
    function(
        "int32_t",
        "silt_batch_frames",
        &[
            (BYTES, "batch"),
            ("size_t", "len"),
            ("size_t", "from"),
            (BYTES, "format"),
            ("size_t", "format_len"),
            (OUT, "out"),
        ],
    ),
    function(
        "int32_t",
        "silt_end_frame",
        &[
            (BYTES, "end"),
            ("size_t", "end_len"),
            (BYTES, "format"),
            ("size_t", "format_len"),
            (OUT, "out"),
        ],
    ),
];

/// The functions as JSON.
pub(crate) fn functions_json() -> Value {
    FUNCTIONS
        .iter()
        .map(
            |Function {
                 name,
                 result,
                 parameters,
             }| {
                let parameters: Vec<_> = parameters
                    .iter()
                    .map(|(kind, name)| json!({ "name": name, "type": kind }))
                    .collect();
                json!({ "name": name, "result": result, "parameters": parameters })
            },
        )
        .collect()
}

/// The number that a program and its library have to agree on: made from all of
/// `interface.json`, functions and layout included, but for words that only people
/// read and the version.
pub fn abi() -> u64 {
    static ABI: OnceLock<u64> = OnceLock::new();
    *ABI.get_or_init(|| of(&crate::interface::definition()))
}

/// FNV-1a over the compact text of what is not documentation.
pub(crate) fn of(definition: &Value) -> u64 {
    let mut bare = definition.clone();
    strip(&mut bare);
    bare.to_string()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        })
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("doc");
            members.remove("unit");
            members.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}
