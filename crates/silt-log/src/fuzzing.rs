//! What reads bytes from outside, for the fuzzer in the folder `fuzz` and its
//! committed corpora: each function is one target, and panics on what must not be.

mod control;
mod cursor;
mod line;
mod mark;
mod segment;
mod text;
mod time;

pub use control::control;
pub use cursor::cursor;
pub use line::line;
pub use mark::mark;
pub use segment::segment;
pub use text::text;
pub use time::time;

#[cfg(test)]
mod tests {
    use silt_faults::replay;

    #[test]
    fn the_corpus_of_lines_is_read_alike_by_all_paths() {
        replay("line", super::line);
    }

    #[test]
    fn the_corpus_of_control_lines_is_read_back() {
        replay("control", super::control);
    }

    #[test]
    fn the_corpus_of_cursors_is_read_back() {
        replay("cursor", super::cursor);
    }

    #[test]
    fn the_corpus_of_marks_is_read_back() {
        replay("mark", super::mark);
    }

    #[test]
    fn the_corpus_of_times_is_read_alike_by_both_paths() {
        replay("time", super::time);
    }

    #[test]
    fn the_corpus_of_text_has_the_levels_of_a_plain_reading() {
        replay("text", super::text);
    }

    #[test]
    fn the_corpus_of_segments_is_read_once_and_in_order() {
        replay("segment", super::segment);
    }
}
