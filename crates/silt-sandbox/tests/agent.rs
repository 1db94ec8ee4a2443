//! What an agent does with commands, the same in both runtimes.

mod sandboxed;

use std::io::Read;

use sandboxed::{Sandboxed, eventually, read_until, spec, write_line};
use silt_sandbox::{AgentEvent, CommandSpec, PtySize, Runtime, SpawnFailure};

const BOTH: [Runtime; 2] = [Runtime::Namespace, Runtime::Process];

#[test]
fn output_and_exit_code_come_back() {
    for runtime in BOTH {
        let mut sandbox = Sandboxed::start(runtime);
        let ended = sandbox.sh("echo out; echo err >&2; exit 7");
        assert_eq!((ended.code, ended.signal), (Some(7), None), "{runtime:?}");
        assert_eq!(
            (ended.stdout.as_str(), ended.stderr.as_str()),
            ("out\n", "err\n")
        );
    }
}

#[test]
fn a_signal_reaches_the_whole_group_and_is_reported() {
    for runtime in BOTH {
        let mut sandbox = Sandboxed::start(runtime);
        let (id, mut pipe) = sandbox.spawn(&spec("sh", &["-c", "sleep 1000 & echo up; wait"]));
        assert_eq!(read_until(&mut pipe, "up\n"), "up\n");
        sandbox.agent.signal(id, libc::SIGTERM).unwrap();
        assert_eq!(sandbox.exit_of(id), (None, Some(libc::SIGTERM)));
        // The pipe is at its end, so the background `sleep` is dead too.
        assert_eq!(pipe.read(&mut [0]).unwrap(), 0);
    }
}

#[test]
fn a_signal_right_behind_the_request_is_not_lost() {
    for runtime in BOTH {
        let mut sandbox = Sandboxed::start(runtime);
        for _ in 0..20 {
            let (id, _pipe) = sandbox.spawn(&spec("sleep", &["1000"]));
            sandbox.agent.signal(id, libc::SIGKILL).unwrap();
            assert_eq!(sandbox.exit_of(id), (None, Some(libc::SIGKILL)));
        }
    }
}

#[test]
fn what_an_exited_command_left_behind_can_be_signalled() {
    for runtime in BOTH {
        let mut sandbox = Sandboxed::start(runtime);
        let (id, mut pipe) = sandbox.spawn(&spec("sh", &["-c", "sleep 1000 & echo up"]));
        assert_eq!(sandbox.exit_of(id), (Some(0), None));
        assert_eq!(read_until(&mut pipe, "up\n"), "up\n");
        sandbox.agent.signal(id, libc::SIGKILL).unwrap();
        assert_eq!(pipe.read(&mut [0]).unwrap(), 0);
    }
}

fn failure(sandbox: &mut Sandboxed, spec: &CommandSpec) -> (SpawnFailure, i32, String) {
    sandbox.spawn(spec);
    match sandbox.wait_for(|e| {
        matches!(
            e,
            AgentEvent::SpawnFailed { .. } | AgentEvent::Exited { .. }
        )
    }) {
        AgentEvent::SpawnFailed {
            what,
            errno,
            message,
            ..
        } => (what, errno, message),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_start_that_fails_says_precisely_why() {
    for runtime in BOTH {
        let mut sandbox = Sandboxed::start(runtime);
        let at = |name: &str| sandbox.workdir.path().join(name);
        std::fs::write(at("plain"), "echo hello\n").unwrap();
        std::fs::write(at("headless"), "echo hello\n").unwrap();
        std::fs::write(at("lost"), "#!/no/such/interpreter\n").unwrap();
        for name in ["headless", "lost"] {
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            std::fs::set_permissions(at(name), mode).unwrap();
        }
        let table = [
            (
                "no-such-program-anywhere",
                SpawnFailure::NotFound,
                libc::ENOENT,
            ),
            ("./no-such-file", SpawnFailure::NotFound, libc::ENOENT),
            ("./plain", SpawnFailure::NotExecutable, libc::EACCES),
            ("./headless", SpawnFailure::NotExecutable, libc::ENOEXEC),
            ("./lost", SpawnFailure::NotExecutable, libc::ENOENT),
            (".", SpawnFailure::NotExecutable, libc::EACCES),
        ];
        for (program, what, errno) in table {
            let (got, number, message) = failure(&mut sandbox, &spec(program, &[]));
            assert_eq!((got, number), (what, errno), "{program}: {message}");
            assert!(message.contains(program), "{message}");
        }
        let nowhere = CommandSpec {
            cwd: Some("not/there".into()),
            ..spec("true", &[])
        };
        let (what, errno, message) = failure(&mut sandbox, &nowhere);
        assert_eq!((what, errno), (SpawnFailure::BadCwd, libc::ENOENT));
        assert!(message.contains("not/there"), "{message}");
        assert_eq!(sandbox.sh("exit 3").code, Some(3), "and goes on working");
    }
}

#[test]
fn environment_and_folder_are_those_of_the_contract() {
    for (runtime, home) in [
        (Runtime::Namespace, Some("/workspace")),
        (Runtime::Process, None),
    ] {
        let mut sandbox = Sandboxed::with(runtime, |config| {
            config.env = vec![
                ("GIVEN".into(), "1".into()),
                ("BOTH".into(), "sandbox".into()),
            ];
        })
        .unwrap();
        let home = home.map_or(
            sandbox.workdir.path().to_str().unwrap().to_owned(),
            Into::into,
        );
        let own = vec![("BOTH".into(), "command".into())];
        let ended = sandbox.run(&CommandSpec {
            env: own,
            ..spec("env", &[])
        });
        let mut names: Vec<&str> = ended.stdout.lines().collect();
        names.sort_unstable();
        assert_eq!(names[0], "BOTH=command");
        assert_eq!(names[1], "GIVEN=1");
        assert_eq!(names[2], format!("HOME={home}"));
        assert_eq!(names[3], "LANG=C.UTF-8");
        assert!(names[4].starts_with("PATH=/"));
        assert_eq!(names.len(), 5);
        std::fs::create_dir(sandbox.workdir.path().join("sub")).unwrap();
        let ended = sandbox.run(&CommandSpec {
            cwd: Some("sub".into()),
            ..spec("pwd", &[])
        });
        assert_eq!(ended.stdout, format!("{home}/sub\n"));
    }
}

#[test]
fn an_environment_larger_than_a_packet_arrives_whole() {
    for runtime in BOTH {
        let mut sandbox = Sandboxed::start(runtime);
        let env = (0..8)
            .map(|n| (format!("BIG{n}"), "x".repeat(100_000)))
            .collect();
        let ended = sandbox.run(&CommandSpec {
            env,
            ..spec("sh", &["-c", "printf %s $BIG0$BIG7 | wc -c"])
        });
        assert_eq!(ended.stdout.trim(), "200000", "{}", ended.stderr);
    }
}

#[test]
fn an_agent_without_descriptors_refuses_a_large_environment_and_runs_on() {
    let mut sandbox = Sandboxed::start(Runtime::Process);
    let pid = sandbox.agent.pid();
    let env: Vec<_> = (0..8)
        .map(|n| (format!("BIG{n}"), "x".repeat(100_000)))
        .collect();
    let large = CommandSpec {
        env,
        ..spec("true", &[])
    };
    let open = std::fs::read_dir(format!("/proc/{pid}/fd"))
        .unwrap()
        .count() as u64;
    let mut refused = 0;
    // None of the four that come with the command, then more and more of them.
    for spare in 0..12 {
        let before = descriptors_of(pid, open + spare);
        let (id, _pipe) = sandbox.spawn(&large);
        let outcome = sandbox.wait_for(|event| match event {
            AgentEvent::SpawnFailed { id: failed, .. } => *failed == id,
            AgentEvent::Exited { id: ended, .. } => *ended == id,
            _ => false,
        });
        if let AgentEvent::SpawnFailed { what, .. } = outcome {
            assert_eq!(what, SpawnFailure::Other, "{spare}");
            refused += 1;
        }
        descriptors_of(pid, before);
        assert_eq!(sandbox.sh("exit 3").code, Some(3), "{spare}");
    }
    assert!((4..12).contains(&refused), "{refused}");
}

/// Sets how many descriptors a process may have, and says how many it might.
fn descriptors_of(pid: i32, most: u64) -> u64 {
    use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};
    let limit = Rlimit {
        current: Some(most),
        maximum: getrlimit(Resource::Nofile).maximum,
    };
    let before = prlimit(Pid::from_raw(pid), Resource::Nofile, limit).unwrap();
    before.current.unwrap()
}

#[test]
fn a_program_with_an_endless_name_is_told_in_one_packet() {
    for runtime in BOTH {
        let mut sandbox = Sandboxed::start(runtime);
        let (id, _pipe) = sandbox.spawn(&spec(&"\u{1}".repeat(100_000), &[]));
        let failed = sandbox.wait_for(
            |event| matches!(event, AgentEvent::SpawnFailed { id: failed, .. } if *failed == id),
        );
        let AgentEvent::SpawnFailed { message, .. } = failed else {
            unreachable!()
        };
        assert!(message.len() < 5000, "{}", message.len());
        assert_eq!(sandbox.sh("exit 3").code, Some(3));
    }
}

#[test]
fn commands_start_with_no_descriptor_and_no_signal_state_but_the_standard() {
    for runtime in BOTH {
        // A descriptor of the caller's without close-on-exec must not come through.
        let careless = std::fs::File::open("/dev/null").unwrap();
        rustix::io::fcntl_setfd(&careless, rustix::io::FdFlags::empty()).unwrap();
        let mut sandbox = Sandboxed::start(runtime);
        let ended = sandbox.sh("ls /proc/self/fd; grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status");
        let lines: Vec<&str> = ended.stdout.lines().collect();
        // The fourth is `ls` reading the folder itself.
        assert_eq!(lines[..4], ["0", "1", "2", "3"], "{runtime:?}");
        for line in &lines[4..6] {
            assert!(line.ends_with("\t0000000000000000"), "{line}");
        }
    }
}

#[test]
fn a_terminal_is_one_and_can_be_resized() {
    for runtime in BOTH {
        let mut sandbox = Sandboxed::start(runtime);
        let script = "trap 'stty size; exit 0' WINCH; tty; echo $TERM; stty size; echo ready; \
                      while :; do sleep 0.05; done";
        let size = PtySize {
            cols: 100,
            rows: 30,
        };
        let (id, mut terminal) = sandbox.spawn_pty(&spec("sh", &["-c", script]), size);
        let first = read_until(&mut terminal, "ready\r\n");
        assert!(first.contains("/dev/pts/"), "{first}");
        assert!(first.contains("xterm-256color\r\n30 100\r\n"), "{first}");
        sandbox
            .agent
            .resize(id, PtySize { cols: 71, rows: 17 })
            .unwrap();
        let second = read_until(&mut terminal, "17 71\r\n");
        assert!(second.contains("17 71\r\n"), "{second}");
        assert_eq!(sandbox.exit_of(id), (Some(0), None));
    }
}

#[test]
fn ctrl_c_typed_into_a_terminal_interrupts() {
    for runtime in BOTH {
        let mut sandbox = Sandboxed::start(runtime);
        let size = PtySize { cols: 80, rows: 24 };
        let (id, mut terminal) = sandbox.spawn_pty(&spec("cat", &[]), size);
        write_line(&mut terminal, "hello");
        assert!(read_until(&mut terminal, "hello\r\nhello\r\n").contains("hello\r\nhello"));
        std::io::Write::write_all(&mut terminal, b"\x03").unwrap();
        assert_eq!(sandbox.exit_of(id), (None, Some(libc::SIGINT)));
    }
}

#[test]
fn orphans_are_reaped_and_many_commands_run_at_once() {
    for runtime in BOTH {
        let mut sandbox = Sandboxed::start(runtime);
        let ids: Vec<u64> = (0..40)
            .map(|n| {
                let script = format!("(setsid true &) ; exit {n}");
                let null = std::fs::OpenOptions::new()
                    .write(true)
                    .open("/dev/null")
                    .unwrap();
                sandbox.spawn_into(&spec("sh", &["-c", &script]), &null, &null)
            })
            .collect();
        for (n, id) in (0..).zip(ids) {
            assert_eq!(sandbox.exit_of(id), (Some(n), None));
        }
        let agent = if runtime == Runtime::Namespace {
            children(sandbox.agent.pid())[0]
        } else {
            sandbox.agent.pid()
        };
        eventually("no zombie is left", || children(agent).is_empty());
    }
}

fn children(pid: i32) -> Vec<i32> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Ok(child) = entry.file_name().to_string_lossy().parse::<i32>() else {
            continue;
        };
        let Ok(stat) = std::fs::read_to_string(format!("/proc/{child}/stat")) else {
            continue;
        };
        let parent = stat
            .rsplit_once(')')
            .and_then(|(_, rest)| rest.split(' ').nth(2));
        if parent == Some(&pid.to_string()) {
            found.push(child);
        }
    }
    found
}

#[test]
fn a_server_inside_is_reached_once_it_listens() {
    let server = "import socket, sys, time\n\
        family = socket.AF_INET6 if sys.argv[1] == '6' else socket.AF_INET\n\
        s = socket.socket(family); s.bind(('::1' if sys.argv[1] == '6' else '127.0.0.1', int(sys.argv[2])))\n\
        s.listen(); c, _ = s.accept(); c.sendall(b'hello from inside'); c.close()\n";
    let mut sandbox = Sandboxed::start(Runtime::Namespace);
    for (family, port) in [("4", 4242), ("6", 4243)] {
        // Asked for before anyone listens.
        sandbox.agent.connect(port.into(), port).unwrap();
        sandbox.spawn(&spec(
            "/usr/bin/python3",
            &["-c", server, family, &port.to_string()],
        ));
        let token = u64::from(port);
        let event = sandbox
            .wait_for(|e| matches!(e, AgentEvent::Connected { token: t, .. } if *t == token));
        let AgentEvent::Connected { fd, .. } = event else {
            unreachable!()
        };
        let mut stream = std::net::TcpStream::from(fd);
        stream.set_nonblocking(false).unwrap();
        let mut got = String::new();
        stream.read_to_string(&mut got).unwrap();
        assert_eq!(got, "hello from inside");
    }
}

#[test]
fn the_arguments_of_no_process_tell_the_environment() {
    for runtime in BOTH {
        let mut sandbox = Sandboxed::with(runtime, |config| {
            config.env = vec![("TOKEN".into(), "s3cr3t-of-the-test".into())];
        })
        .unwrap();
        let (_, mut pipe) = sandbox.spawn(&spec("sh", &["-c", "echo $TOKEN; exec sleep 1000"]));
        assert_eq!(read_until(&mut pipe, "\n"), "s3cr3t-of-the-test\n");
        for entry in std::fs::read_dir("/proc").unwrap().flatten() {
            let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line);
            assert!(!line.contains("s3cr3t-of-the-test"), "{line}");
        }
    }
}
