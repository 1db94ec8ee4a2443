//! Commands in a terminal: one source, a size, and neither the last bytes nor
//! the end of the input are lost.

mod supervised;

use silt_sandbox::{PtyOptions, Request, Spawn};
use supervised::{Lab, contains, eventually, shell};

fn in_terminal(script: &str) -> Spawn {
    Spawn {
        pty: Some(PtyOptions::default()),
        stdin: true,
        // A command that waits for an end that does not come fails the test.
        timeout_ms: Some(20_000),
        ..shell(script)
    }
}

#[test]
fn the_end_of_input_arrives_also_in_the_middle_of_a_line() {
    let lab = Lab::new();
    let sandbox = lab.create("input");
    for (input, seen) in [
        (&b"whole\n"[..], &b"6\r\n"[..]),
        (b"part", b"4\r\n"),
        (b"whole\npart", b"10\r\n"),
        (b"", b"0\r\n"),
    ] {
        // Only one end is given: whoever reads next still has input.
        let session_id = sandbox.spawn(in_terminal("stty -echo; wc -c; read next; echo $next"));
        if !input.is_empty() {
            sandbox
                .send(Request::Write { session_id }, input.to_vec())
                .unwrap();
        }
        sandbox.call(Request::CloseStdin { session_id }).unwrap();
        sandbox
            .send(Request::Write { session_id }, b"next\n".to_vec())
            .unwrap();
        assert_eq!(sandbox.wait(session_id).exit_code, Some(0), "{input:?}");
        let written = lab.written("input", session_id, "output");
        let text = String::from_utf8_lossy(&written).into_owned();
        assert!(written.ends_with(&[seen, b"next\r\n"].concat()), "{text:?}");
    }
}

#[test]
fn without_standard_input_a_terminal_gives_an_end_at_once() {
    let lab = Lab::new();
    let sandbox = lab.create("no-input");
    let session_id = sandbox.spawn(Spawn {
        stdin: false,
        ..in_terminal("test -t 0 && wc -c")
    });
    assert_eq!(sandbox.wait(session_id).exit_code, Some(0));
    assert_eq!(lab.written("no-input", session_id, "output"), b"0\r\n");
}

#[test]
fn a_terminal_that_nobody_has_open_for_a_while_is_still_read() {
    let lab = Lab::new();
    let workdir = lab.folder.path().join("work");
    std::fs::create_dir(&workdir).unwrap();
    let mut spec = lab.spec("reopened");
    spec.workdir = Some(workdir.clone());
    let sandbox = lab.create_with(spec);
    let session_id = sandbox.spawn(in_terminal(
        "echo early; exec </dev/null >/dev/null 2>&1; touch closed; \
         until test -e go; do :; done; seq 10000 >/dev/tty; echo late >/dev/tty",
    ));
    eventually(|| workdir.join("closed").exists());
    // The supervisor has looked at all its descriptors when this is over.
    assert_eq!(sandbox.sh("true").exit_code, Some(0));
    std::fs::write(workdir.join("go"), "").unwrap();
    assert_eq!(sandbox.wait(session_id).exit_code, Some(0));
    let written = lab.written("reopened", session_id, "output");
    assert!(written.starts_with(b"early\r\n1\r\n"));
    assert!(written.ends_with(b"10000\r\nlate\r\n"));
}

#[test]
fn a_terminal_has_one_source_a_size_and_an_input() {
    let lab = Lab::new();
    let sandbox = lab.create("pty");
    let session_id = sandbox.spawn(Spawn {
        pty: Some(PtyOptions { cols: 91, rows: 37 }),
        stdin: true,
        ..shell("test -t 1 && test -t 0 && stty size; read word; stty size; echo got $word; cat; echo over >&2")
    });
    eventually(|| contains(&lab.written("pty", session_id, "output"), b"37 91\r\n"));
    let (cols, rows) = (101, 41);
    sandbox
        .call(Request::Resize {
            session_id,
            cols,
            rows,
        })
        .unwrap();
    sandbox
        .send(Request::Write { session_id }, b"hello\n".to_vec())
        .unwrap();
    eventually(|| contains(&lab.written("pty", session_id, "output"), b"got hello\r\n"));
    sandbox.call(Request::CloseStdin { session_id }).unwrap();
    assert_eq!(sandbox.wait(session_id).exit_code, Some(0));
    let written = lab.written("pty", session_id, "output");
    assert!(contains(&written, b"41 101\r\n"), "{written:?}");
    assert!(written.ends_with(b"over\r\n"));
    assert!(lab.written("pty", session_id, "stdout").is_empty());
}
