//! Durations in options: milliseconds, or text such as `"5m"`.

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::time::Duration;

/// A duration of whole milliseconds. In JSON a number of milliseconds, or text
/// with a unit (`"90s"`, `"5m"`, `"2h"`, `"1d"`); written as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Millis(pub u64);

impl Millis {
    /// The same span.
    pub fn duration(self) -> Duration {
        Duration::from_millis(self.0)
    }
}

impl From<Duration> for Millis {
    fn from(duration: Duration) -> Millis {
        Millis(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
    }
}

impl Serialize for Millis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0)
    }
}

impl<'de> Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Millis, D::Error> {
        deserializer.deserialize_any(MillisVisitor)
    }
}

struct MillisVisitor;

impl Visitor<'_> for MillisVisitor {
    type Value = Millis;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a duration in milliseconds, or text such as \"5m\"")
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Millis, E> {
        Ok(Millis(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Millis, E> {
        u64::try_from(value)
            .map(Millis)
            .map_err(|_| E::custom("a duration can not be negative"))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Millis, E> {
        if value.is_finite() && (0.0..=9_007_199_254_740_992.0).contains(&value) {
            return Ok(Millis(value.round() as u64));
        }
        Err(E::custom("a duration must be a finite, positive number"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Millis, E> {
        silt_log::parse_duration(value)
            .map(Millis::from)
            .map_err(E::custom)
    }
}
