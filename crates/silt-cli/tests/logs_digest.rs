//! What `silt logs --digest` says on standard error.

mod support;

use silt_log::{Source, WriterOptions};
use support::*;

#[test]
fn the_digest_of_each_session_is_said_at_the_end() {
    let folder = Folder::new();
    let mut writer = folder.writer(&WriterOptions::default());
    let first = writer.begin_session().unwrap();
    writer.append(first, Source::Stdout, b"hello\n");
    writer.append(first, Source::Stderr, b"world\n");
    writer.end_session(first, &exit());
    let second = writer.begin_session().unwrap();
    append_lines(&mut writer, second, 1, 2);
    // `printf 'hello\n' | sha256sum`, and so on.
    let expected = "\
silt: session 1: complete; \
stdout: 1 entries, 6 bytes, SHA-256 5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03; \
stderr: 1 entries, 6 bytes, SHA-256 e258d248fda94c63753607f7c4494ee0fcbe92f1a76bfdac795c9d84101eb317
silt: session 2: whether it is complete is not known; \
stdout: 2 entries, 14 bytes, SHA-256 ";
    let output = folder.logs_of(&["--digest"]);
    assert_eq!(code(&output), Some(0));
    assert_eq!(stdout(&output), "hello\nworld\nline 1\nline 2\n");
    assert!(stderr(&output).starts_with(expected), "{}", stderr(&output));
    assert_eq!(stderr(&folder.logs_of(&[])), "");
}
