//! The calls to the kernel by name. Tests stand in between; elsewhere nothing
//! does.

macro_rules! calls {
    ($($call:ident),* $(,)?) => {
        /// A call to the kernel.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[cfg_attr(test, derive(serde::Serialize, serde::Deserialize))]
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
    Open,
    OpenAppend,
    OpenFolder,
    Create,
    Read,
    Write,
    Sync,
    SetMode,
    Rename,
    Remove,
    MakeFolder,
    Look,
    List,
    Lock,
    Listen,
    Watch,
}

#[cfg(not(test))]
mod direct {
    use super::Call;
    use std::io::Result;

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
}

#[cfg(not(test))]
pub(crate) use direct::{call, read_some, write_some};
