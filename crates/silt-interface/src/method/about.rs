//! What each method takes and answers.

use super::Method;

/// All that a client needs to know of a method.
pub(crate) struct About {
    pub name: &'static str,
    /// What it concerns: `home` (parameter `home`), `sandbox` (`home` and `name`),
    /// `folder` (`folder`), or `log` (either of the last two).
    pub place: &'static str,
    pub parameters: &'static [Parameter],
    /// `none`, `in` or `out`: where bytes go beside the JSON.
    pub payload: &'static str,
    /// The record that it answers; none for `null`.
    pub answer: Option<&'static str>,
    /// Whether it answers a list of these.
    pub list: bool,
    pub doc: &'static str,
}

/// A parameter beside those of the place.
pub(crate) struct Parameter {
    pub name: &'static str,
    /// As the type of an option, or the name of a set of options.
    pub kind: &'static str,
    /// Whether it may be null or absent.
    pub optional: bool,
    pub doc: &'static str,
}

/// Answers null, without bytes.
const PLAIN: About = About {
    name: "",
    place: "sandbox",
    parameters: &[],
    payload: "none",
    answer: None,
    list: false,
    doc: "",
};

const fn parameter(name: &'static str, kind: &'static str, doc: &'static str) -> Parameter {
    Parameter {
        name,
        kind,
        optional: false,
        doc,
    }
}

const EXECUTABLE: Parameter = Parameter {
    optional: true,
    ..parameter(
        "executable",
        "text",
        "The `silt` command, which becomes the supervisor.",
    )
};

const SESSION: Parameter = parameter(
    "sessionId",
    "integer",
    "Which command: what `spawn` answered.",
);

const PATH: Parameter = parameter("path", "text", "Relative to `/workspace`.");

const fn options(shape: &'static str) -> Parameter {
    Parameter {
        optional: true,
        ..parameter("options", shape, "Its options.")
    }
}

/// In the order of the methods.
static ABOUT: [About; Method::ALL.len()] = [
    About {
        name: "create",
        place: "home",
        parameters: &[EXECUTABLE, options("SandboxOptions")],
        answer: Some("SandboxInfo"),
        doc: "Creates a sandbox and starts it. Answers its info.",
        ..PLAIN
    },
    About {
        name: "start",
        parameters: &[EXECUTABLE, options("StartOptions")],
        answer: Some("SandboxInfo"),
        doc: "Starts a sandbox again. Answers its info.",
        ..PLAIN
    },
    About {
        name: "connect",
        answer: Some("SandboxInfo"),
        doc: "Connects to a running sandbox. Answers its info.",
        ..PLAIN
    },
    About {
        name: "disconnect",
        doc: "Lets the connection go.",
        ..PLAIN
    },
    About {
        name: "get",
        answer: Some("SandboxInfo"),
        doc: "Answers the info of a sandbox.",
        ..PLAIN
    },
    About {
        name: "list",
        place: "home",
        list: true,
        answer: Some("SandboxInfo"),
        doc: "Answers the infos of all sandboxes.",
        ..PLAIN
    },
    About {
        name: "stop",
        doc: "Stops a sandbox; its log stays.",
        ..PLAIN
    },
    About {
        name: "kill",
        doc: "Kills a sandbox; its log stays.",
        ..PLAIN
    },
    About {
        name: "remove",
        parameters: &[parameter(
            "force",
            "flag",
            "Whether one that runs is killed first.",
        )],
        doc: "Removes a sandbox with its log.",
        ..PLAIN
    },
    About {
        name: "spawn",
        parameters: &[
            parameter("program", "text", "Found on the `PATH` inside."),
            parameter("args", "texts", "Its arguments, without its own name."),
            parameter(
                "stdin",
                "flag",
                "Whether there is standard input to write to; else it is `/dev/null`.",
            ),
            options("CommandOptions"),
        ],
        answer: Some("SpawnedSession"),
        doc: "Starts a command. Answers `sessionId` and `cursor`.",
        ..PLAIN
    },
    About {
        name: "write",
        parameters: &[SESSION],
        payload: "in",
        answer: Some("WriteResult"),
        doc: "Gives the payload to a command's input. Answers `closed`.",
        ..PLAIN
    },
    About {
        name: "closeStdin",
        parameters: &[SESSION],
        doc: "Ends a command's input.",
        ..PLAIN
    },
    About {
        name: "signal",
        parameters: &[SESSION, parameter("signal", "text", "`SIGTERM`, ….")],
        doc: "Sends a signal to a command's process group.",
        ..PLAIN
    },
    About {
        name: "resize",
        parameters: &[
            SESSION,
            parameter("columns", "integer", "In characters."),
            parameter("rows", "integer", "In characters."),
        ],
        doc: "Sets the size of a command's terminal.",
        ..PLAIN
    },
    About {
        name: "wait",
        parameters: &[
            SESSION,
            Parameter {
                optional: true,
                ..parameter(
                    "lastByte",
                    "flag",
                    "Wait until nothing holds its output any more.",
                )
            },
        ],
        answer: Some("SessionEnd"),
        doc: "Answers a command's end once it has ended, also from the record of a stopped sandbox.",
        ..PLAIN
    },
    About {
        name: "expose",
        parameters: &[parameter("port", "integer", "Inside, 1 to 65535.")],
        answer: Some("ExposedPort"),
        doc: "Makes a port inside reachable. Answers the host's `port`.",
        ..PLAIN
    },
    About {
        name: "readFile",
        parameters: &[PATH],
        payload: "out",
        doc: "Answers a file as payload.",
        ..PLAIN
    },
    About {
        name: "writeFile",
        parameters: &[PATH],
        payload: "in",
        doc: "Writes the payload to a file.",
        ..PLAIN
    },
    About {
        name: "listFiles",
        parameters: &[PATH],
        list: true,
        answer: Some("FileInfo"),
        doc: "Answers what a folder holds.",
        ..PLAIN
    },
    About {
        name: "removeFile",
        parameters: &[PATH],
        doc: "Removes a file or folder.",
        ..PLAIN
    },
    About {
        name: "openLog",
        place: "folder",
        doc: "Looks whether a folder holds logs.",
        ..PLAIN
    },
    About {
        name: "verifyLog",
        place: "log",
        answer: Some("VerifyReport"),
        doc: "Checks all that is held. Answers the report.",
        ..PLAIN
    },
];

impl Method {
    /// What it takes and answers.
    pub(crate) fn about(self) -> &'static About {
        &ABOUT[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_is_described_at_its_own_place() {
        for method in Method::ALL {
            let spelled = format!("{method:?}");
            let (first, rest) = spelled.split_at(1);
            assert_eq!(method.name(), first.to_lowercase() + rest);
        }
    }
}
