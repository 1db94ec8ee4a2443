//! Checks a log folder against everything that it says of itself: headers,
//! checksums, numbers, times, and the exit records of sessions.

mod chain_check;
mod findings;
mod pieces;
mod report;
mod segment_check;
mod sessions;
mod succession;

use crate::control::{Ancestor, log_id_text};
use crate::{Error, Log, LogDirectory, WriterState};
use chain_check::Chain;
use findings::Findings;
pub use report::{Damage, DamageKind, LogReport, Progress, SessionsReport, VerifyReport};
use sessions::Sessions;
use succession::Marked;

impl LogDirectory {
    /// Checks all that is there at the start of the call; a live writer is not
    /// disturbed. `progress` is called after each segment. Memory does not grow
    /// with the log; a compressed segment is held as a whole, and so is its
    /// successor.
    ///
    /// Damage is not an error: it is what the report is for.
    ///
    /// # Errors
    /// [`Error::Corruption`] when no header can be read or a later version wrote
    /// the log, [`Error::NotFound`] for a folder without a log, [`Error::Io`]
    /// for what the system refused.
    ///
    /// ```
    /// use silt_log::{LogDirectory, Source, Writer, WriterOptions};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let temporary = tempfile::tempdir()?;
    /// let folder = temporary.path().join("logs");
    /// let mut writer = Writer::create(&folder, &WriterOptions::default())?;
    /// let session = writer.begin_session()?;
    /// writer.append(session, Source::Stdout, b"compiled\n");
    /// writer.end();
    ///
    /// let report = LogDirectory::open(&folder)?.verify(&mut |_| {})?;
    /// assert!(report.whole);
    /// assert_eq!(report.logs[0].entries, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn verify(&self, progress: &mut dyn FnMut(Progress)) -> Result<VerifyReport, Error> {
        let folder = self.folder();
        let identity = folder.identity()?;
        let mut known: Vec<String> = identity
            .ancestors
            .iter()
            .map(|Ancestor { log_id, .. }| log_id.clone())
            .collect();
        known.push(log_id_text(&identity.log_id));
        // Before the segments are listed, so that none it speaks of is younger.
        let writer = self.status()?;
        let mark = folder.mark()?;
        let mut chains = Vec::with_capacity(3);
        for log in Log::ALL {
            chains.push(Chain::list(folder, log)?);
        }
        let segments = chains.iter().map(|chain| chain.numbers.len() as u64).sum();
        let mut segments_checked = 0;
        let mut sessions = Sessions::default();
        let mut findings = Findings::default();
        let mut logs = Vec::with_capacity(3);
        for (log, chain) in Log::ALL.into_iter().zip(chains) {
            let marked = mark.as_ref().map(|mark| {
                let marked = &mark.logs[log as usize];
                Marked {
                    log: marked,
                    ended: writer == WriterState::Stopped && mark.ended,
                }
            });
            logs.push(chain.check(
                folder,
                &known,
                marked,
                &mut sessions,
                &mut findings,
                &mut |segment| {
                    segments_checked += 1;
                    progress(Progress {
                        log,
                        segment,
                        segments_checked,
                        segments,
                    });
                },
            )?);
        }
        Ok(VerifyReport {
            whole: findings.count() == 0,
            log_id: log_id_text(&identity.log_id),
            writer,
            logs: logs
                .try_into()
                .unwrap_or_else(|_| unreachable!("one report a log")),
            sessions: sessions.report,
            damage: findings.damage,
            damage_left_out: findings.left_out,
        })
    }
}
