//! What supervisor and agent send each other, as the other takes it.

use super::{
    FromAgent, IN_MEMORY_FILE, INLINE_MAX, MemfdFlags, Packet, Received, RecvFlags, SendFlags,
    ToAgent, memfd_create, receive,
};
use crate::agent::CommandSpec;
use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::File;
use std::io::Write;

/// Both directions, in a packet and in a memory file.
pub(crate) fn messages(bytes: &[u8]) {
    if bytes.is_empty() || bytes.len() > INLINE_MAX {
        return;
    }
    each::<FromAgent>(bytes);
    if let Some(ToAgent::Spawn {
        program,
        args,
        cwd,
        env,
        ..
    }) = each::<ToAgent>(bytes)
    {
        let command = CommandSpec {
            program,
            args,
            cwd,
            env,
        };
        let _ = command.validate();
    }
}

fn each<M: Serialize + DeserializeOwned>(bytes: &[u8]) -> Option<M> {
    let mut file = File::from(memfd_create("fuzz", MemfdFlags::CLOEXEC).expect("a memory file"));
    file.write_all(bytes).expect("memory takes it");
    let in_file = Packet {
        bytes: vec![IN_MEMORY_FILE, b'0'],
        fds: vec![file.into()],
    };
    let inline = Packet {
        bytes: bytes.to_vec(),
        fds: Vec::new(),
    };
    let json = |message: &M| serde_json::to_vec(message).expect("plain data");
    let in_file = sent::<M>(&in_file);
    let inline = sent::<M>(&inline);
    assert_eq!(in_file.as_ref().map(json), inline.as_ref().map(json));
    let again = Packet::packed(inline.as_ref()?, 0, Vec::new()).expect("it is packed");
    assert_eq!(
        sent::<M>(&again).as_ref().map(json),
        inline.as_ref().map(json)
    );
    inline
}

fn sent<M: DeserializeOwned>(packet: &Packet) -> Option<M> {
    let (ours, theirs) = socketpair(
        AddressFamily::UNIX,
        SocketType::SEQPACKET,
        SocketFlags::CLOEXEC,
        None,
    )
    .expect("a socket");
    packet
        .send(&ours, SendFlags::empty())
        .expect("the socket takes it");
    match receive::<M>(&theirs, RecvFlags::DONTWAIT) {
        Ok(Received::Message(message, _)) => Some(message),
        // A mark, without the memory file that it speaks of.
        Ok(Received::Lost(_)) => None,
        Ok(_) => panic!("a packet is a message or an error"),
        Err(_) => None,
    }
}
