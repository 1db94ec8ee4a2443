//! The control socket and those who do not speak its protocol.

mod supervised;

use silt_sandbox::Request;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use supervised::{Lab, PATIENCE};

fn dial(lab: &Lab, name: &str) -> UnixStream {
    let socket = UnixStream::connect(lab.sandbox(name).join("control.sock")).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
}

fn frame(header: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = (header.len() as u32).to_le_bytes().to_vec();
    bytes.extend((payload.len() as u32).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(payload);
    bytes
}

fn read_frame(socket: &mut UnixStream) -> String {
    let mut lengths = [0; 8];
    socket.read_exact(&mut lengths).unwrap();
    let length = u32::from_le_bytes(lengths[..4].try_into().unwrap());
    let mut header = vec![0; length as usize];
    socket.read_exact(&mut header).unwrap();
    String::from_utf8(header).unwrap()
}

const HELLO: &str = r#"{"silt":[1,7],"release":"99.0.0"}"#;

#[test]
fn garbage_ends_its_connection_and_nothing_else() {
    let lab = Lab::new();
    let sandbox = lab.create("garbage");
    for garbage in [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(),
        vec![0xff; 100_000],
        vec![0; 64],
        frame("{}", b""),
        frame(r#"{"method":"ping","id":1}"#, b""),
        [frame(HELLO, b""), frame(r#"{"method":"ping"}"#, b"")].concat(),
        [frame(HELLO, b""), frame("{broken", b"")].concat(),
    ] {
        let mut socket = dial(&lab, "garbage");
        read_frame(&mut socket);
        let _ = socket.write_all(&garbage);
        // It is told why, then closed.
        let mut rest = Vec::new();
        let _ = socket.read_to_end(&mut rest);
        let text = String::from_utf8_lossy(&rest).into_owned();
        assert!(text.contains("\"error\"") || rest.is_empty(), "{text}");
        sandbox.call(Request::Ping).unwrap();
    }
    // Half a frame, then nothing: it waits and disturbs nobody.
    let mut half = dial(&lab, "garbage");
    half.write_all(&frame(HELLO, b"")[..9]).unwrap();
    assert_eq!(sandbox.sh("echo fine").exit_code, Some(0));
}

#[test]
fn a_newer_client_is_answered_and_goes_on() {
    let lab = Lab::new();
    let _sandbox = lab.create("newer");
    let mut socket = dial(&lab, "newer");
    assert!(read_frame(&mut socket).contains("\"silt\":[1,1]"));
    socket.write_all(&frame(HELLO, b"")).unwrap();
    socket
        .write_all(&frame(r#"{"id":5,"method":"teleport","to":"mars"}"#, b""))
        .unwrap();
    let answer = read_frame(&mut socket);
    assert!(
        answer.contains("\"id\":5") && answer.contains("newer release"),
        "{answer}"
    );
    socket
        .write_all(&frame(r#"{"id":6,"method":"ping","new":true}"#, b""))
        .unwrap();
    let answer = read_frame(&mut socket);
    assert!(
        answer.contains("\"id\":6") && answer.contains("pong"),
        "{answer}"
    );
}

#[test]
fn a_client_of_another_protocol_is_told_what_to_do() {
    let lab = Lab::new();
    let _sandbox = lab.create("other");
    let mut socket = dial(&lab, "other");
    read_frame(&mut socket);
    let hello = r#"{"silt":[8,9],"release":"99.0.0"}"#;
    socket.write_all(&frame(hello, b"")).unwrap();
    let answer = read_frame(&mut socket);
    assert!(answer.contains("stop the sandbox"), "{answer}");
}

#[test]
fn answers_that_wait_are_given_up_when_the_connection_closes() {
    let lab = Lab::new();
    let sandbox = lab.create("closing");
    let session_id = sandbox.spawn(supervised::shell("sleep 1000"));
    let connection = lab.connect("closing").connection;
    let (sender, receiver) = std::sync::mpsc::channel();
    let wait = Request::Wait { session_id };
    let on_reply = Box::new(move |answer| sender.send(answer).unwrap());
    connection.request(wait, Vec::new(), on_reply);
    drop(connection);
    let error = receiver.recv_timeout(PATIENCE).unwrap().unwrap_err();
    assert!(error.to_string().contains("closed"), "{error}");
    // The session does not mind.
    assert_eq!(lab.info("closing").sessions[0].ended_at, None);
}

#[test]
fn one_thread_reads_for_all_connections_and_goes_with_the_last() {
    let lab = Lab::new();
    let sandbox = lab.create("threads");
    let threads = || {
        std::fs::read_dir("/proc/self/task")
            .unwrap()
            .flatten()
            .filter(|task| {
                let name = std::fs::read_to_string(task.path().join("comm"));
                name.is_ok_and(|name| name.trim() == "silt-client")
            })
            .count()
    };
    let many: Vec<_> = (0..50).map(|_| lab.connect("threads")).collect();
    for one in &many {
        one.call(Request::Ping).unwrap();
    }
    assert_eq!(threads(), 1);
    drop(many);
    sandbox.call(Request::Ping).unwrap();
}

#[test]
fn a_command_too_large_to_be_sent_is_refused_and_disturbs_no_other() {
    let lab = Lab::new();
    let sandbox = lab.create("large");
    let (sender, receiver) = std::sync::mpsc::channel();
    let session_id = sandbox.spawn(supervised::shell("read line; echo $line"));
    let wait = Request::Wait { session_id };
    let on_reply = Box::new(move |answer| sender.send(answer).unwrap());
    sandbox.connection.request(wait, Vec::new(), on_reply);
    // Longer than the kernel takes, and in JSON six times as long again.
    let large = silt_sandbox::Spawn {
        program: "echo".to_owned(),
        args: vec!["\u{1}".repeat(100_000); 20],
        ..Default::default()
    };
    let error = sandbox.call(Request::Spawn(large)).unwrap_err();
    assert_eq!(error.code(), "InvalidArgument", "{error}");
    let (reply, _) = receiver.recv_timeout(PATIENCE).unwrap().unwrap();
    assert!(matches!(reply, silt_sandbox::Reply::Ended(end) if end.session_id == session_id));
}
