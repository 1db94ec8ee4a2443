//! A server inside is reached from the host.

mod supervised;

use silt_sandbox::{Reply, Request, Runtime, SandboxSpec};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use supervised::{Lab, PATIENCE, Running, shell};

/// Answers each connection with what it sent, in capitals, once it has sent all.
const SERVER: &str = r#"
import socket, sys, threading
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
def serve(connection):
    data = b""
    while chunk := connection.recv(65536):
        data += chunk
    connection.sendall(data.upper())
    connection.close()
while True:
    threading.Thread(target=serve, args=(server.accept()[0],)).start()
"#;

/// Tries whether the port is free, as development servers do, once a connection
/// has been refused there: another one comes into that listener's queue.
const PROBE: &str = r#"
import select, socket, sys, time
def refused():
    with open("/proc/net/snmp") as counters:
        names, values = [line.split() for line in counters if line.startswith("Tcp:")]
    return int(values[names.index("AttemptFails")])
while not refused():
    time.sleep(0.001)
probe = socket.create_server(("127.0.0.1", int(sys.argv[1])))
select.select([probe], [], [])
probe.close()
"#;

fn expose(sandbox: &Running<'_>, port: u16) -> u16 {
    match sandbox.call(Request::Expose { port }).unwrap() {
        Reply::Exposed { port } => port,
        other => panic!("{other:?}"),
    }
}

fn exchange(port: u16, message: &[u8]) -> Vec<u8> {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut sender = socket.try_clone().unwrap();
    let message = message.to_vec();
    let sending = std::thread::spawn(move || {
        sender.write_all(&message).unwrap();
        sender.shutdown(Shutdown::Write).unwrap();
    });
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).unwrap();
    sending.join().unwrap();
    answer
}

#[test]
fn bytes_go_both_ways_and_each_way_ends_on_its_own() {
    let lab = Lab::new();
    let sandbox = lab.create_with(SandboxSpec {
        runtime: Runtime::Namespace,
        ..lab.spec("served")
    });
    silt_sandbox::files::write(&lab.home, "served", "server.py", SERVER.as_bytes()).unwrap();
    // Exposed before anything listens: it answers at once, connections wait.
    let port = expose(&sandbox, 8080);
    assert_eq!(expose(&sandbox, 8080), port);
    let early = std::thread::spawn(move || exchange(port, b"early"));
    sandbox.spawn(shell("exec python3 server.py 8080"));
    assert_eq!(early.join().unwrap(), b"EARLY");

    let large: Vec<u8> = (0..3_000_000_u32)
        .map(|at| b'a' + (at % 26) as u8)
        .collect();
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let large = large.clone();
            std::thread::spawn(move || exchange(port, &large))
        })
        .collect();
    for thread in threads {
        assert!(thread.join().unwrap() == large.to_ascii_uppercase());
    }
    sandbox.stop();
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn a_server_that_first_tries_its_port_gets_the_connection_that_waited() {
    let lab = Lab::new();
    let sandbox = lab.create_with(SandboxSpec {
        runtime: Runtime::Namespace,
        ..lab.spec("tried")
    });
    let program = format!("{PROBE}{SERVER}");
    silt_sandbox::files::write(&lab.home, "tried", "server.py", program.as_bytes()).unwrap();
    let port = expose(&sandbox, 8082);
    let early = std::thread::spawn(move || exchange(port, b"early"));
    sandbox.spawn(shell("exec python3 server.py 8082"));
    assert_eq!(early.join().unwrap(), b"EARLY");
}

#[test]
fn nothing_listening_inside_closes_the_connection() {
    let lab = Lab::new();
    let sandbox = lab.create_with(SandboxSpec {
        runtime: Runtime::Namespace,
        ..lab.spec("silent")
    });
    let port = expose(&sandbox, 8081);
    let mut socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    assert!(matches!(socket.read(&mut [0; 16]), Ok(0) | Err(_)));
    // The sandbox does not mind.
    assert_eq!(sandbox.sh("exit 0").exit_code, Some(0));
}
