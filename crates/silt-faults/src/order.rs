//! To which calls something is done, and what.

use crate::{DEEDS, Deed};
use std::fmt;

/// Numbers of calls, from 0, each with the name of a deed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order(Vec<(usize, &'static str)>);

impl Order {
    /// All calls work.
    pub fn none() -> Order {
        Order::default()
    }

    /// # Panics
    /// When there is no deed of this name.
    #[must_use]
    pub fn and(mut self, index: usize, deed: &str) -> Order {
        let (name, _) = DEEDS.iter().find(|(name, _)| *name == deed).unwrap();
        self.0.push((index, name));
        self
    }

    /// Reads what [`Order`]'s `Display` writes.
    ///
    /// # Panics
    /// When it is something else.
    pub fn parse(text: &str) -> Order {
        text.lines().fold(Order::none(), |order, line| {
            let (index, deed) = line.split_once(' ').unwrap();
            order.and(index.parse().unwrap(), deed)
        })
    }

    /// What is done to the call `index`.
    pub fn deed(&self, index: usize) -> Option<Deed> {
        let found = self.0.iter().find(|(at, _)| *at == index);
        found.map(|(_, name)| Deed::named(name))
    }

    /// Whether whoever makes the calls dies of it.
    pub fn kills(&self) -> bool {
        self.0.iter().any(|(_, name)| Deed::named(name).kills())
    }
}

/// A line for each call.
impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (at, name)) in self.0.iter().enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}{at} {name}")?;
        }
        Ok(())
    }
}
