//! Whole folders: what a reader, `verify` and the next writer make of them.

mod check;
mod damage;
mod plan;
mod reading;
mod session;

use arbitrary::{Result, Unstructured};
use check::Aspect;
use plan::Plan;

/// A log folder: bytes as they are in the place of a segment or of `.lock`, or a
/// folder as a writer makes it, and then damaged.
///
/// Readers and the next writer never panic and always end; each entry comes once
/// and in order, or in one gap; a folder that `verify` calls whole reads without
/// a gap that no header states; and what was read before a writer came is read
/// again after it.
pub fn segment(bytes: &[u8]) {
    let Ok(plan) = choose(bytes) else {
        return;
    };
    for (index, aspect) in Aspect::ALL.into_iter().enumerate() {
        // The committed corpus is replayed in all of them.
        if cfg!(test) || index == bytes.len() % Aspect::ALL.len() {
            check::folder(&plan, aspect);
        }
    }
}

/// Never once the choices are used up.
fn one_in(choices: &mut Unstructured<'_>, times: u8) -> Result<bool> {
    Ok(choices.int_in_range(1..=times)? == times)
}

fn choose(bytes: &[u8]) -> Result<Plan> {
    let (&kind, rest) = bytes.split_first().ok_or(arbitrary::Error::NotEnoughData)?;
    let file = match kind {
        b's' => "exec.log.000001",
        b'z' => "exec.log.000001.zst",
        b'l' => ".lock",
        _ => {
            let mut choices = Unstructured::new(rest);
            let mut plan = Plan::choose(&mut choices)?;
            damage::inflict(&mut plan, &mut choices)?;
            return Ok(plan);
        }
    };
    let mut plan = Plan::smallest();
    plan.expected = None;
    plan.files.insert(file.to_owned(), rest.to_vec());
    Ok(plan)
}
