//! The methods that a client can call.

mod about;

pub(crate) use about::Parameter;

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
        self.about().name
    }

    /// The method of this name.
    pub fn parse(name: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|method| method.name() == name)
    }
}
