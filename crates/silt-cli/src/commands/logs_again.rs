//! The command that goes on where `silt logs` has ended.

use super::logs::{Arguments, GapChoice};
use crate::output::ColorChoice;
use silt_log::{Source, format_time};

/// The same `silt logs`, after `cursor`. Where it began, and how many of the
/// newest, is said by the cursor.
pub(crate) fn command(arguments: &Arguments, cursor: &str) -> String {
    let mut words = vec!["silt".to_owned(), "logs".to_owned()];
    let mut add = |word: &str| words.push(quoted(word));
    if let Some(dir) = &arguments.place.dir {
        add(&format!("--dir={}", dir.to_string_lossy()));
    }
    if let Some(name) = &arguments.place.name {
        add(name);
    }
    for (given, flag) in [
        (arguments.follow, "--follow"),
        (arguments.json, "--json"),
        (arguments.raw, "--raw"),
        (arguments.timestamps, "--timestamps"),
        (arguments.show_id, "--show-id"),
        (arguments.no_color, "--no-color"),
        (arguments.with_cursors, "--with-cursors"),
        (arguments.digest, "--digest"),
    ] {
        if given {
            add(flag);
        }
    }
    if let Some(until) = arguments.until {
        add("--until");
        add(&format_time(until));
    }
    if !arguments.sources.is_empty() {
        let wanted = |source: &Source| arguments.sources.iter().any(|set| set.contains(*source));
        let names: Vec<_> = Source::ALL
            .into_iter()
            .filter(wanted)
            .map(Source::name)
            .collect();
        add("--source");
        add(&names.join(","));
    }
    for session in &arguments.sessions {
        add("--session");
        add(&session.to_string());
    }
    if let Some(grep) = &arguments.grep {
        add(&format!("--grep={grep}"));
    }
    if let Some(level) = arguments.level {
        add("--level");
        add(&level.name().to_ascii_lowercase());
    }
    match arguments.color {
        ColorChoice::Auto => {}
        ColorChoice::Always => add("--color=always"),
        ColorChoice::Never => add("--color=never"),
    }
    match arguments.on_gap {
        None => {}
        Some(GapChoice::Error) => add("--on-gap=error"),
        Some(GapChoice::Report) => add("--on-gap=report"),
    }
    add(&format!("--cursor={cursor}"));
    words.join(" ")
}

/// A word that a shell reads back as it is.
fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./=:,@%+".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn words_are_quoted_where_a_shell_would_change_them() {
        for (word, expected) in [
            ("plain-1.2", "plain-1.2"),
            ("", "''"),
            ("two words", "'two words'"),
            ("it's", "'it'\\''s'"),
            ("--grep=a|b", "'--grep=a|b'"),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }
}
