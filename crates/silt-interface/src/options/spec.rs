//! The shape of an options object: what decoding, the documentation and the
//! generated types of every language are made from.

/// The type of an option.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Text,
    Flag,
    /// A whole number, both ends included, of what it counts.
    Integer {
        min: u64,
        max: u64,
        unit: &'static str,
    },
    /// Milliseconds, or text with a unit.
    Duration,
    /// A `Date` or its like, RFC 3339 text, or a duration back from now.
    Time,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A list of these words, or one of them, or `"all"`.
    Sources,
    /// A list of whole numbers from 1.
    SessionIds,
    /// A text for each name.
    Environment,
    /// A nested object.
    Object(&'static Shape),
    /// A list of objects.
    Objects(&'static Shape),
    /// True, or an object that says more.
    FlagOrObject(&'static Shape),
}

/// One option.
#[derive(Clone, Copy, Debug)]
pub struct OptionSpec {
    /// The name in camel case; each language spells it its own way.
    pub name: &'static str,
    pub kind: Kind,
    /// What holds when it is not given, in words or as JSON.
    pub default: &'static str,
    /// Options that can not be given together with it.
    pub excludes: &'static [&'static str],
    pub doc: &'static str,
}

/// A named set of options.
#[derive(Debug)]
pub struct Shape {
    pub name: &'static str,
    pub doc: &'static str,
    pub options: &'static [OptionSpec],
}

impl Shape {
    pub(crate) fn option(&self, name: &str) -> Option<&OptionSpec> {
        self.options.iter().find(|option| option.name == name)
    }
}

/// The largest number that every language holds exactly.
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

pub(crate) const fn option(
    name: &'static str,
    kind: Kind,
    default: &'static str,
    doc: &'static str,
) -> OptionSpec {
    OptionSpec {
        name,
        kind,
        default,
        excludes: &[],
        doc,
    }
}

/// A number of at least `min`.
pub(crate) const fn at_least(min: u64, unit: &'static str) -> Kind {
    Kind::Integer {
        min,
        max: MAX_INTEGER,
        unit,
    }
}
