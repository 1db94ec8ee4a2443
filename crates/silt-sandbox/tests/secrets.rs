//! Values of `env` reach the command and nothing else.

mod supervised;

use silt_sandbox::{Environment, Runtime, SandboxSpec, Spawn};
use supervised::{Lab, contains, files_below, runs, shell};

const SECRET: &str = "hunter2-5c1f0a7e";

#[test]
fn a_secret_is_on_no_disk_in_no_info_and_in_no_process_list() {
    for runtime in [Runtime::Process, Runtime::Namespace] {
        let lab = Lab::new();
        let env = |name: &str| Environment([(name.to_owned(), SECRET.to_owned())].into());
        let sandbox = lab.create_with(SandboxSpec {
            runtime,
            env: env("TOKEN"),
            ..lab.spec("secret")
        });
        // It arrives, from the sandbox and from the command.
        let end = sandbox.wait(sandbox.spawn(Spawn {
            env: env("OWN"),
            ..shell("[ ${#TOKEN} = 16 ] && [ $TOKEN = $OWN ] && exec true; exit 9")
        }));
        assert_eq!(end.exit_code, Some(0));
        sandbox.spawn(Spawn {
            env: env("OWN"),
            ..shell("exec sleep 86417")
        });
        assert!(!runs(SECRET));
        let pid = lab.info("secret").supervisor_pid.unwrap();
        let environ = std::fs::read(format!("/proc/{pid}/environ")).unwrap();
        assert!(!contains(&environ, SECRET.as_bytes()));
        assert!(!format!("{:?}", lab.info("secret")).contains(SECRET));

        let unset = sandbox.sh("[ -z $OWN ]");
        assert_eq!(unset.exit_code, Some(0));
        sandbox.stop();
        let files = files_below(lab.home.path());
        assert!(files.len() > 4);
        for file in files {
            let content = std::fs::read(&file).unwrap();
            assert!(!contains(&content, SECRET.as_bytes()), "{}", file.display());
        }
        // The next start has it no more, and says so.
        let sandbox = lab.start("secret");
        assert_eq!(sandbox.sh("[ -z $TOKEN ]").exit_code, Some(0));
        let notes = lab.notes("secret", silt_log::Log::Runtime);
        assert!(
            notes.iter().any(|note| note.ends_with("never kept: TOKEN")),
            "{notes:?}"
        );
    }
}
