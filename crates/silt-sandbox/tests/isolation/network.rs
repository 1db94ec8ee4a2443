//! The network and the host's loopback.

use std::io::Write;
use std::net::{TcpListener, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};

use silt_sandbox::Network;

use crate::host::{SECRET, inside, outside, sandbox};

pub(crate) const CASES: &[(&str, fn())] = &[
    (
        "the host's loopback and addresses are out of reach",
        host_is_out_of_reach,
    ),
    (
        "abstract sockets of the host are out of reach",
        abstract_sockets_are_out_of_reach,
    ),
    (
        "sockets that no namespace keeps apart cannot be made",
        no_vsock,
    ),
    (
        "the network is the host's when asked for",
        host_network_by_name,
    ),
];

/// Answers everyone with the secret, for as long as the process lives.
fn listen(address: &str) -> u16 {
    let listener = TcpListener::bind(address).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.write_all(SECRET.as_bytes());
        }
    });
    port
}

/// An address of this machine besides loopback, if it has one.
fn own_address() -> Option<String> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    Some(socket.local_addr().ok()?.ip().to_string())
}

fn host_is_out_of_reach() {
    let port = listen("0.0.0.0:0");
    let mut sandbox = sandbox(|_| {});
    for ip in std::iter::once("127.0.0.1".to_owned()).chain(own_address()) {
        let address = format!("{ip}:{port}");
        assert!(
            outside(&["connect", &address]).contains(SECRET),
            "{address}"
        );
        assert!(
            !inside(&mut sandbox, &["connect", &address]).contains(SECRET),
            "{address}"
        );
    }
    let interfaces = sandbox.sh("tail -n +3 /proc/net/dev | cut -d: -f1").stdout;
    assert_eq!(interfaces.trim(), "lo");
}

fn abstract_sockets_are_out_of_reach() {
    let name = format!("silt-test-{}", std::process::id());
    let listener =
        UnixListener::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.write_all(SECRET.as_bytes());
        }
    });
    assert!(outside(&["abstract", &name]).contains(SECRET));
    let mut sandbox = sandbox(|_| {});
    assert!(!inside(&mut sandbox, &["abstract", &name]).contains(SECRET));
}

fn no_vsock() {
    let mut sandbox = sandbox(|_| {});
    if outside(&["vsock"]) != "done\n" {
        println!("this machine has no AF_VSOCK: nothing to keep out");
    }
    assert_eq!(inside(&mut sandbox, &["vsock"]), "no\n");
}

fn host_network_by_name() {
    let port = listen("127.0.0.1:0");
    let mut sandbox = sandbox(|config| config.network = Network::Host);
    let address = format!("127.0.0.1:{port}");
    assert!(inside(&mut sandbox, &["connect", &address]).contains(SECRET));
}
