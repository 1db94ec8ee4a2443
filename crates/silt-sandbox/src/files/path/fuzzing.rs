//! Paths as callers give them: whatever is taken stays below the workdir.

use super::Inside;
use std::path::{Component, Path};

pub(crate) fn path(text: &str) {
    let Ok(inside) = Inside::parse(text) else {
        return;
    };
    let below = |path: &str| {
        let mut parts = Path::new(path).components();
        parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
    };
    assert!(below(&inside.whole) && below(&inside.parent), "{text:?}");
    let name = inside.leaf("removed");
    assert_eq!(name.is_err(), inside.whole == ".", "{text:?}");
    if let Ok(name) = name {
        let name = name.into_string().expect("it was text");
        assert!(!name.contains('/') && name != ".." && !name.is_empty());
        assert!(inside.whole.ends_with(&name));
    }
    assert!(
        inside
            .folders()
            .all(|folder| !folder.is_empty() && folder != "..")
    );
}
