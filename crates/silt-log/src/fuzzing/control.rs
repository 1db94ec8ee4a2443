use crate::control::{Control, log_id_text, parse_log_id};
use crate::{Log, line};

/// A control line: what is read is written, and read, as the same; and no line
/// is a control line and an entry at once.
pub fn control(bytes: &[u8]) {
    let Some(control) = Control::parse(bytes) else {
        return;
    };
    assert!(
        bytes.trim_ascii_start().starts_with(b"{"),
        "it is an object"
    );
    assert!(line::parse(bytes).is_none() || !bytes.starts_with(crate::control::PREFIX));
    let mut again = Vec::new();
    control.write(&mut again);
    let line = again.strip_suffix(b"\n").expect("a line");
    assert!(!line.contains(&b'\n'));
    assert_eq!(Control::parse(line).as_ref(), Some(&control));
    let Control::Seg(header) = control else {
        return;
    };
    let _ = header.tag_bits();
    if let Some(id) = parse_log_id(&header.log_id) {
        assert!(log_id_text(&id).eq_ignore_ascii_case(&header.log_id));
    }
    for log in Log::ALL {
        if header.is_plausible(log, header.segment) {
            assert!(header.before_first_entry() <= header.limit);
            let gap = header.gap.as_ref().map(|gap| gap.gap(log));
            assert!(gap.is_none_or(|gap| gap.from <= gap.to));
        }
    }
}
