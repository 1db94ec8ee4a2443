//! What the fuzzers found worth keeping.

use std::path::Path;

/// Gives each file of a target's corpus to what reads such bytes.
pub fn replay(target: &str, run: impl Fn(&[u8])) {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let mut files = 0;
    for file in std::fs::read_dir(corpora.join(target)).unwrap() {
        run(&std::fs::read(file.unwrap().path()).unwrap());
        files += 1;
    }
    assert!(files > 0, "the corpus of {target} is empty");
}
