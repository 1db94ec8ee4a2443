//! The calls to the kernel by name. Tests stand in between; elsewhere nothing
//! does.

macro_rules! calls {
    ($($call:ident),* $(,)?) => {
        /// A call to the kernel.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Call {
            $($call,)*
        }

        #[cfg(test)]
        impl Call {
            /// What the table of faults has to cover.
            pub(crate) const ALL: &[Call] = &[$(Call::$call),*];
        }
    };
}

calls! {
    OpenFolder,
    MakeFolder,
    RenameFolder,
    RemoveFolder,
    Open,
    OpenLock,
    OpenAppend,
    Create,
    Duplicate,
    Rename,
    Remove,
    Link,
    SwapLink,
    Write,
    WriteAt,
    ReadAt,
    SyncData,
    SyncAll,
    Reserve,
    Release,
    Identity,
    InodeAt,
    Exists,
    List,
    Lock,
    AskLock,
    ReadText,
    Events,
    Nudge,
    Watch,
}

#[cfg(not(test))]
mod direct {
    use super::super::Result;
    use super::Call;

    #[inline(always)]
    pub(crate) fn call<T>(_: Call, make: impl FnOnce() -> Result<T>) -> Result<T> {
        make()
    }

    #[inline(always)]
    pub(crate) fn read_some(_: Call, make: impl FnOnce() -> Result<usize>) -> Result<usize> {
        make()
    }

    #[inline(always)]
    pub(crate) fn write_some(
        _: Call,
        bytes: &[u8],
        make: impl FnOnce(&[u8]) -> Result<usize>,
    ) -> Result<usize> {
        make(bytes)
    }

    /// Whether the engine is to start no threads of its own.
    #[inline(always)]
    pub(crate) fn single_threaded() -> bool {
        false
    }

    /// How many jobs may wait where there is no thread for them.
    #[inline(always)]
    pub(crate) fn jobs_that_may_wait() -> usize {
        0
    }
}

#[cfg(not(test))]
pub(crate) use direct::{call, jobs_that_may_wait, read_some, single_threaded, write_some};
