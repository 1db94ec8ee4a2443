//! Ports of the sandbox on the host's loopback: the supervisor's side. The
//! bytes are carried by the proxy's thread.

use super::Supervisor;
use crate::expose::{Proxy, Want};
use crate::{Error, Reply, descriptors};
use std::collections::BTreeMap;
use std::io;
use std::net::TcpListener;
use std::os::fd::{BorrowedFd, OwnedFd};

pub(super) struct Exposed {
    proxy: Proxy,
    /// Host ports by ports inside.
    ports: BTreeMap<u16, u16>,
}

impl Exposed {
    pub(super) fn new() -> io::Result<Exposed> {
        Ok(Exposed {
            proxy: Proxy::new()?,
            ports: BTreeMap::new(),
        })
    }

    /// Readable when the proxy wants connections into the sandbox.
    pub(super) fn wants(&self) -> BorrowedFd<'_> {
        self.proxy.wants()
    }

    pub(super) fn connected(&self, token: u64, inner: OwnedFd) {
        let inner = descriptors::room().is_ok().then_some(inner);
        self.proxy.connected(token, inner);
    }

    pub(super) fn failed(&self, token: u64) {
        self.proxy.connected(token, None);
    }
}

impl Supervisor {
    pub(super) fn expose(&mut self, port: u16) -> Result<Reply, Error> {
        if port == 0 {
            return Err(Error::argument("port", "must be from 1 to 65535"));
        }
        if let Some(&port) = self.exposed.ports.get(&port) {
            return Ok(Reply::Exposed { port });
        }
        let mut listen = || {
            descriptors::room()?;
            let listener = TcpListener::bind(("127.0.0.1", 0))?;
            listener.set_nonblocking(true)?;
            let host_port = listener.local_addr()?.port();
            self.exposed.proxy.listen(listener, port)?;
            Ok(host_port)
        };
        let host_port =
            listen().map_err(|error: io::Error| Error::io("listen on", "127.0.0.1", error))?;
        self.exposed.ports.insert(port, host_port);
        self.note(&format!("port {port} is reached at 127.0.0.1:{host_port}"));
        Ok(Reply::Exposed { port: host_port })
    }

    pub(super) fn take_proxy_wants(&mut self) {
        for Want { token, port } in self.exposed.proxy.take_wants() {
            let asked = self.agent().map(|agent| agent.connect(token, port));
            if !matches!(asked, Ok(Ok(()))) {
                self.exposed.failed(token);
            }
        }
    }
}
