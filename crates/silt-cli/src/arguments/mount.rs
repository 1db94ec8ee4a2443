//! `--mount`.

use silt_sandbox::Mount;
use std::path::PathBuf;

/// `SRC:DST[:ro|rw]`, read-only unless it says otherwise.
pub(crate) fn mount(text: &str) -> Result<Mount, String> {
    const SHAPE: &str = "give SRC:DST, SRC:DST:ro or SRC:DST:rw";
    let (paths, read_only) = match text.rsplit_once(':') {
        Some((paths, "ro")) => (paths, true),
        Some((paths, "rw")) => (paths, false),
        _ => (text, true),
    };
    let (source, target) = paths
        .rsplit_once(':')
        .filter(|(source, target)| !source.is_empty() && !target.is_empty())
        .ok_or_else(|| format!("{SHAPE}, each a path"))?;
    if !target.starts_with('/') {
        return Err(format!(
            "{target:?} is where it appears inside and has to begin with /; {SHAPE}"
        ));
    }
    let source = std::path::absolute(source)
        .map_err(|error| format!("{source:?} can not be made absolute: {error}"))?;
    Ok(Mount {
        source,
        target: PathBuf::from(target),
        read_only,
    })
}

#[cfg(test)]
mod tests {
    use super::mount;

    #[test]
    fn mounts_are_read_only_unless_told_otherwise() {
        for (text, read_only) in [("/a:/b", true), ("/a:/b:ro", true), ("/a:/b:rw", false)] {
            let mount = mount(text).unwrap();
            assert_eq!(mount.source.to_str(), Some("/a"));
            assert_eq!(mount.target.to_str(), Some("/b"));
            assert_eq!(mount.read_only, read_only);
        }
        assert!(mount("here:/b").unwrap().source.is_absolute());
    }

    #[test]
    fn what_is_no_mount_is_refused() {
        for text in ["", "/a", ":/b", "/a:", "/a:b", "/a:ro", "/a:/b:rx"] {
            assert!(mount(text).is_err(), "{text}");
        }
    }
}
