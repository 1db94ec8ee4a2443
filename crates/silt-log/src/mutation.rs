//! Deliberate bugs, to see that the tests see them. Compiled in with the feature
//! `mutations` only, which nothing but tests turns on; one is chosen by its name
//! in the variable `SILT_MUTATION`.

/// Whether the bug of this name is wanted.
#[cfg(feature = "mutations")]
pub(crate) fn is_wanted(name: &str) -> bool {
    static WANTED: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    let wanted = WANTED.get_or_init(|| std::env::var("SILT_MUTATION").ok());
    wanted.as_deref() == Some(name)
}

/// Whether the bug of this name is wanted: never.
#[cfg(not(feature = "mutations"))]
#[inline(always)]
pub(crate) const fn is_wanted(_: &str) -> bool {
    false
}

macro_rules! mutation {
    ($name:literal) => {
        $crate::mutation::is_wanted($name)
    };
}
pub(crate) use mutation;
