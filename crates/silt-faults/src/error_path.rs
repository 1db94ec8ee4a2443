//! The calls that are made only because another failed.

use std::ops::Range;

/// Of a path no more than this is failed in turn: where a fault changes all that
/// comes after it, that is no path of its own.
const LONGEST: usize = 16;

/// Where in `after`, whose call `index` failed, stand the calls that were not made
/// `before`, when all worked.
pub(crate) fn error_path<C: PartialEq>(before: &[C], after: &[C], index: usize) -> Range<usize> {
    let start = (index + 1).min(after.len());
    let (rest_before, rest_after) = (before.get(start..).unwrap_or(&[]), &after[start..]);
    let same = rest_before
        .iter()
        .rev()
        .zip(rest_after.iter().rev())
        .take_while(|(before, after)| before == after)
        .count();
    start..(after.len() - same).min(start + LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_only_after_a_fault_is_its_path() {
        let path = |before: &str, after: &str, index| {
            let (before, after) = (before.as_bytes(), after.as_bytes());
            String::from_utf8(after[error_path(before, after, index)].to_vec()).unwrap()
        };
        assert_eq!(path("abcd", "abcd", 1), "");
        assert_eq!(path("abcd", "abxcd", 1), "x");
        assert_eq!(path("abcd", "abbcd", 1), "b");
        assert_eq!(path("abcd", "abcx", 1), "cx");
        assert_eq!(path("abcd", "ab", 1), "");
        assert_eq!(path("a", "axy", 0), "xy");
        let long = format!("a{}", "x".repeat(99));
        assert_eq!(path("a", &long, 0).len(), LONGEST);
    }
}
