//! What reads bytes from outside, for the fuzzer in the folder `fuzz` and its
//! committed corpora: each function is one target, and panics on what must not be.

mod batch;
mod options;
mod packed;

pub use options::{grep, options};
pub use packed::packed;

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// Gives each file of a corpus to its target.
    fn replay(target: &str, run: impl Fn(&[u8])) {
        let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
        let mut files = 0;
        for file in std::fs::read_dir(corpora.join(target)).unwrap() {
            run(&std::fs::read(file.unwrap().path()).unwrap());
            files += 1;
        }
        assert!(files > 0, "the corpus of {target} is empty");
    }

    #[test]
    fn the_corpus_of_options_is_taken_or_refused_by_name() {
        replay("options", super::options);
    }

    #[test]
    fn the_corpus_of_patterns_is_taken_or_refused_by_name() {
        replay("grep", super::grep);
    }

    #[test]
    fn the_corpus_of_packed_batches_never_reaches_beyond_itself() {
        replay("packed", super::packed);
    }
}
