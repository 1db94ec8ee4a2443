//! Names of sandboxes: `[a-z0-9][a-z0-9._-]{0,62}`.

use crate::Error;
use std::hash::{BuildHasher, RandomState};

/// The longest name, in bytes.
const LONGEST: usize = 63;

/// Refuses what is not a name. A name is also the name of a folder, so this is
/// what keeps `../x` and the like out of every path that is built from one.
pub(crate) fn validate(name: &str) -> Result<(), Error> {
    let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let mut bytes = name.bytes();
    let begins = bytes.next().is_some_and(lower);
    if begins && name.len() <= LONGEST && bytes.all(|b| lower(b) || b"._-".contains(&b)) {
        return Ok(());
    }
    Err(Error::argument(
        "name",
        format!(
            "{:?} is not a name of a sandbox; use 1 to {LONGEST} of a-z, 0-9, '.', '_' and '-', beginning with a letter or a digit",
            name.chars().take(80).collect::<String>()
        ),
    ))
}

const FIRST: [&str; 32] = [
    "amber", "bold", "brisk", "calm", "clear", "coral", "crisp", "dry", "early", "fair", "fleet",
    "fresh", "gentle", "grand", "green", "keen", "kind", "light", "lively", "mild", "neat",
    "noble", "pale", "plain", "proud", "quick", "quiet", "rapid", "sharp", "still", "warm", "wide",
];

const SECOND: [&str; 32] = [
    "bank", "bay", "beach", "bend", "brook", "canal", "cliff", "cove", "creek", "delta", "dune",
    "fen", "fjord", "ford", "gravel", "gulf", "inlet", "isle", "lagoon", "lake", "loam", "marsh",
    "mead", "mouth", "pebble", "reef", "ridge", "river", "sand", "shoal", "shore", "stream",
];

/// A name that is very likely free: two words and 24 random bits.
pub(crate) fn made_up() -> String {
    let random = random();
    format!(
        "{}-{}-{:06x}",
        FIRST[(random >> 59) as usize],
        SECOND[(random >> 54) as usize % 32],
        random & 0xff_ffff
    )
}

/// 64 random bits, good enough to avoid collisions.
pub(crate) fn random() -> u64 {
    RandomState::new().hash_one(std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_names_pass() {
        for name in ["a", "0", "web-app", "a.b_c-d", &"x".repeat(63)] {
            assert!(validate(name).is_ok(), "{name}");
        }
        for _ in 0..100 {
            assert!(validate(&made_up()).is_ok());
        }
    }

    #[test]
    fn whatever_could_leave_the_folder_is_refused() {
        for name in [
            "",
            ".",
            "..",
            "../x",
            "a/b",
            "/a",
            "A",
            "-a",
            "_a",
            ".a",
            "a b",
            "a\0b",
            "ä",
            "a\n",
            &"x".repeat(64),
        ] {
            assert!(validate(name).is_err(), "{name:?}");
        }
    }
}
