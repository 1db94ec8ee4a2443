//! The methods that a client can call.

/// A method of [`dispatch`](crate::dispatch()).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Create,
    Start,
    Connect,
    Disconnect,
    Get,
    List,
    Stop,
    Kill,
    Remove,
    Spawn,
    Write,
    CloseStdin,
    Signal,
    Resize,
    Wait,
    Expose,
    ReadFile,
    WriteFile,
    ListFiles,
    RemoveFile,
    OpenLog,
    VerifyLog,
}

impl Method {
    /// All methods, in the order in which they are documented.
    pub const ALL: [Method; 22] = [
        Method::Create,
        Method::Start,
        Method::Connect,
        Method::Disconnect,
        Method::Get,
        Method::List,
        Method::Stop,
        Method::Kill,
        Method::Remove,
        Method::Spawn,
        Method::Write,
        Method::CloseStdin,
        Method::Signal,
        Method::Resize,
        Method::Wait,
        Method::Expose,
        Method::ReadFile,
        Method::WriteFile,
        Method::ListFiles,
        Method::RemoveFile,
        Method::OpenLog,
        Method::VerifyLog,
    ];

    /// The name by which clients call it.
    pub fn name(self) -> &'static str {
        self.about().0
    }

    /// The method of this name.
    pub fn parse(name: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|method| method.name() == name)
    }

    /// Name, parameters beside `home` and `name`, what it does and answers.
    pub fn about(self) -> (&'static str, &'static [&'static str], &'static str) {
        match self {
            Method::Create => (
                "create",
                &["executable", "options"],
                "Creates a sandbox, without `name`, and starts it. Answers its info.",
            ),
            Method::Start => (
                "start",
                &["executable", "options"],
                "Starts a sandbox again. Answers its info.",
            ),
            Method::Connect => (
                "connect",
                &[],
                "Connects to a running sandbox. Answers its info.",
            ),
            Method::Disconnect => ("disconnect", &[], "Lets the connection go."),
            Method::Get => ("get", &[], "Answers the info of a sandbox."),
            Method::List => (
                "list",
                &[],
                "Without `name`. Answers the infos of all sandboxes.",
            ),
            Method::Stop => ("stop", &[], "Stops a sandbox; its log stays."),
            Method::Kill => ("kill", &[], "Kills a sandbox; its log stays."),
            Method::Remove => ("remove", &["force"], "Removes a sandbox with its log."),
            Method::Spawn => (
                "spawn",
                &["program", "args", "stdin", "options"],
                "Starts a command. Answers `sessionId` and `cursor`.",
            ),
            Method::Write => (
                "write",
                &["sessionId"],
                "Gives the payload to a command's input. Answers `closed`.",
            ),
            Method::CloseStdin => ("closeStdin", &["sessionId"], "Ends a command's input."),
            Method::Signal => (
                "signal",
                &["sessionId", "signal"],
                "Sends a signal to a command's process group.",
            ),
            Method::Resize => (
                "resize",
                &["sessionId", "columns", "rows"],
                "Sets the size of a command's terminal.",
            ),
            Method::Wait => (
                "wait",
                &["sessionId"],
                "Answers a command's end once it has ended.",
            ),
            Method::Expose => (
                "expose",
                &["port"],
                "Makes a port inside reachable. Answers the host's `port`.",
            ),
            Method::ReadFile => ("readFile", &["path"], "Answers a file as payload."),
            Method::WriteFile => ("writeFile", &["path"], "Writes the payload to a file."),
            Method::ListFiles => ("listFiles", &["path"], "Answers what a folder holds."),
            Method::RemoveFile => ("removeFile", &["path"], "Removes a file or folder."),
            Method::OpenLog => (
                "openLog",
                &["folder"],
                "Without `home` and `name`. Looks whether a folder holds logs.",
            ),
            Method::VerifyLog => (
                "verifyLog",
                &["folder"],
                "Of a folder, or of a sandbox. Answers the report.",
            ),
        }
    }
}
