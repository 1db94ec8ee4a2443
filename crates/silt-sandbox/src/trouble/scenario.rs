//! The life of a sandbox: made, its supervisor killed while a session runs,
//! started again, stopped, removed.

use super::told::{Event, Told};
use crate::folder::Folder;
use crate::state::{ProcessId, State};
use crate::sys::simulated::{CALLS, Call, ORDER, unwatched};
use crate::{
    Connection, Environment, Error, Home, Info, Reply, Request, Runtime, SandboxSpec, SessionEnd,
    Spawn, StartOptions, Status,
};
use std::path::{Path, PathBuf};

pub(super) const NAME: &str = "box";

/// A call that failed once is made again, as a caller would.
const TRIES: usize = 3;

/// Who makes the call that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// The supervisor of a new sandbox.
    First,
    /// The one that comes after it was killed.
    Recovering,
    /// Whoever makes, starts, asks, stops and removes sandboxes.
    Client,
}

pub(super) struct Scenario {
    folder: PathBuf,
    pub(super) home: Home,
    pub(super) told: Told,
    /// To whom of the supervisors it is said what to do to which call.
    pub(super) order: Option<(Who, String)>,
    /// The calls of that supervisor.
    pub(super) calls: Vec<Call>,
}

fn this_program() -> Option<PathBuf> {
    Some(std::env::current_exe().unwrap())
}

pub(super) fn shell(script: &str) -> Spawn {
    Spawn {
        program: "sh".into(),
        args: vec!["-c".into(), script.into()],
        ..Spawn::default()
    }
}

/// Makes a call until it works.
fn again<T>(mut call: impl FnMut() -> Result<T, Error>) -> T {
    let mut refused = None;
    for _ in 0..TRIES {
        match call() {
            Ok(value) => return value,
            Err(error) => refused = Some(error),
        }
    }
    panic!("refused again and again: {refused:?}")
}

impl Scenario {
    pub(super) fn in_folder(folder: &Path) -> Scenario {
        Scenario {
            folder: folder.to_owned(),
            home: Home::at(folder.join("home")),
            told: Told::in_folder(folder),
            order: None,
            calls: Vec::new(),
        }
    }

    /// All of it, whatever fails once.
    pub(super) fn run(&mut self) {
        self.ordered(Who::First, |scenario| {
            scenario.make();
            scenario.session("printf 'one\\ntwo'; exit 3", "one\ntwo");
            scenario.begin("printf 'kept\\n'; exec sleep 1000", "kept\n");
            scenario.kill();
        });
        self.ordered(Who::Recovering, |scenario| {
            scenario.start();
            scenario.session("printf 'three\\n'", "three\n");
            scenario.session("printf 'four\\n'; kill -9 $$", "four\n");
            scenario.stop();
        });
    }

    /// What only a client does: looking, and removing.
    pub(super) fn look_and_remove(&mut self) {
        let all = again(|| crate::list(&self.home));
        assert!(all.iter().all(|info| info.status == Status::Stopped));
        self.told.add(&Event::Removing);
        again(|| match crate::remove(&self.home, NAME, false) {
            // What is left of it goes with the next `prune`.
            Err(Error::SandboxNotFound { .. }) => Ok(()),
            other => other.map(drop),
        });
        again(|| crate::prune(&self.home, &Default::default()));
    }

    fn ordered(&mut self, who: Who, steps: impl FnOnce(&mut Scenario)) {
        let order = self.home.path().join(ORDER);
        let to_him = self.order.as_ref().filter(|(to, _)| *to == who).cloned();
        if let Some((_, text)) = &to_him {
            self.home.prepare().unwrap();
            std::fs::write(&order, text).unwrap();
        }
        steps(self);
        if to_him.is_some() {
            let calls = std::fs::read_to_string(self.home.path().join(CALLS)).unwrap();
            self.calls = calls
                .lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect();
        }
    }

    pub(super) fn spec(&self) -> SandboxSpec {
        SandboxSpec {
            name: Some(NAME.to_owned()),
            runtime: Runtime::Process,
            executable: this_program(),
            ..SandboxSpec::default()
        }
    }

    /// A creation that fails leaves nothing of the sandbox.
    pub(super) fn make(&self) {
        again(|| {
            crate::create(&self.home, self.spec()).inspect_err(|_| {
                let there = self.home.sandboxes().join(NAME);
                assert!(!there.exists(), "a creation that failed left a sandbox");
            })
        });
    }

    pub(super) fn start(&self) -> Info {
        again(|| self.try_start())
    }

    pub(super) fn try_start(&self) -> Result<Info, Error> {
        let options = StartOptions {
            env: Environment::default(),
            executable: this_program(),
        };
        crate::start(&self.home, NAME, options)
    }

    fn stop(&self) {
        again(|| crate::stop(&self.home, NAME));
    }

    pub(super) fn connect(&self) -> Result<Connection, Error> {
        Connection::open(&self.home, NAME)
    }

    /// None where the supervisor has died meanwhile.
    fn begin(&self, script: &str, prints: &str) -> Option<u64> {
        let connection = self.connect().ok()?;
        let request = Request::Spawn(shell(script));
        let (reply, _) = connection.call(request, Vec::new()).ok()?;
        let Reply::Spawned { session_id, .. } = reply else {
            panic!("{reply:?}")
        };
        self.told
            .add(&Event::Spawned(session_id, prints.to_owned()));
        Some(session_id)
    }

    pub(super) fn session(&self, script: &str, prints: &str) -> Option<SessionEnd> {
        let session_id = self.begin(script, prints)?;
        let connection = self.connect().ok()?;
        let wait = Request::Wait { session_id };
        let (reply, _) = connection.call(wait, Vec::new()).ok()?;
        let Reply::Ended(end) = reply else {
            panic!("{reply:?}")
        };
        self.told.add(&Event::Ended(end.clone()));
        Some(end)
    }

    /// SIGKILL, for the supervisor that runs.
    pub(super) fn kill(&self) {
        let info = again(|| crate::get(&self.home, NAME));
        if let Some(pid) = info.supervisor_pid {
            self.told.add(&Event::Killed);
            let pid = rustix::process::Pid::from_raw(pid as i32).unwrap();
            rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
        }
        // However long it takes: the calls are to be the same each time.
        unwatched(|| {
            let folder = Folder::at(self.home.sandbox(NAME).unwrap());
            let agent = State::read(&folder).unwrap().agent;
            while agent.as_ref().is_some_and(ProcessId::alive)
                || crate::get(&self.home, NAME).unwrap().status == Status::Running
            {
                std::thread::yield_now();
            }
        });
    }
}

/// Nothing that a test started is left.
impl Drop for Scenario {
    fn drop(&mut self) {
        crate::sys::simulated::all_calls_work();
        for info in crate::list(&self.home).unwrap_or_default() {
            let _ = crate::remove(&self.home, &info.name, true);
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
