//! What reads bytes from outside, for the fuzzer in the folder `fuzz` and its
//! committed corpora: each function is one target, and panics on what must not be.

mod batch;
mod options;
mod packed;

pub use options::{grep, options};
pub use packed::packed;

#[cfg(test)]
mod tests {
    use silt_faults::replay;

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
