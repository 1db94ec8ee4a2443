//! The level field of a JSON line.

use super::of_word;
use crate::Level;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// The level that `line` states, if it is one JSON object with a known level.
pub(super) fn stated(line: &[u8]) -> Option<Level> {
    let line = line.trim_ascii();
    if !line.starts_with(b"{") || !line.ends_with(b"}") {
        return None;
    }
    let fields: Fields = serde_json::from_slice(line).ok()?;
    match fields.0.into_iter().find(|value| *value != Value::Absent) {
        Some(Value::Known(level)) => Some(level),
        _ => None,
    }
}

/// `level`, `severity` and `lvl`, in the order in which they count.
struct Fields([Value; 3]);

#[derive(Clone, Copy, PartialEq)]
enum Value {
    Absent,
    Unknown,
    Known(Level),
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Fields, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = [Value::Absent; 3];
                while let Some(Key(key)) = map.next_key()? {
                    match key {
                        Some(index) => fields[index] = map.next_value()?,
                        None => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(Fields(fields))
            }
        }
        from.deserialize_map(Object)
    }
}

/// Which of the three a key is.
struct Key(Option<usize>);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Key, D::Error> {
        struct Name;
        impl Visitor<'_> for Name {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            // As bytes: a key that is not UTF-8 is just another key.
            fn visit_bytes<E>(self, key: &[u8]) -> Result<Key, E> {
                Ok(Key(match key {
                    b"level" => Some(0),
                    b"severity" => Some(1),
                    b"lvl" => Some(2),
                    _ => None,
                }))
            }
        }
        from.deserialize_bytes(Name)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Value, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_str<E>(self, word: &str) -> Result<Value, E> {
                Ok(of_word(word.as_bytes()).map_or(Value::Unknown, Value::Known))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
                Ok(of_number(number as f64))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
                Ok(of_number(number as f64))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
                Ok(of_number(number))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Value, E> {
                Ok(Value::Absent)
            }

            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::Absent)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Value::Absent)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Value::Absent)
            }
        }
        from.deserialize_any(Any)
    }
}

/// Bunyan's and pino's numbers; one between two steps belongs to the lower.
fn of_number(number: f64) -> Value {
    Value::Known(match number {
        60.0.. => Level::Critical,
        50.0.. => Level::Error,
        40.0.. => Level::Warning,
        30.0.. => Level::Info,
        _ => Level::Debug,
    })
}
