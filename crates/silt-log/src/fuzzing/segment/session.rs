//! What sessions of a made-up folder wrote, for their exit records.

use crate::control::{Control, ExitRecord, SourceRecord};
use crate::{Source, format_time};
use arbitrary::{Result, Unstructured};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

#[derive(Default)]
pub(super) struct Sessions {
    wrote: BTreeMap<(u64, Source), (u64, Vec<u8>)>,
}

impl Sessions {
    pub(super) fn entry(&mut self, session: u64, source: Source, data: &[u8]) {
        let (entries, bytes) = self.wrote.entry((session, source)).or_default();
        *entries += 1;
        bytes.extend_from_slice(data);
    }

    pub(super) fn exit(&mut self, out: &mut Vec<u8>, choices: &mut Unstructured<'_>) -> Result<()> {
        let id = choices.int_in_range(1..=2)?;
        let mut sources = BTreeMap::new();
        for source in Source::ALL {
            if let Some((entries, bytes)) = self.wrote.remove(&(id, source)) {
                let record = SourceRecord {
                    first: 0,
                    entries,
                    bytes: bytes.len() as u64,
                    sha256: format!("{:x}", Sha256::digest(&bytes)),
                };
                sources.insert(source.name().to_owned(), record);
            }
        }
        let at = format_time(0);
        Control::Exit(ExitRecord {
            t: at.clone(),
            id,
            code: Some(0),
            signal: None,
            started: at.clone(),
            ended: at,
            timed_out: false,
            sources,
        })
        .write(out);
        Ok(())
    }
}
