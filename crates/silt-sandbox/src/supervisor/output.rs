//! Reading what commands write, into the log.

use super::Supervisor;
use super::room::with_room;
use super::session::Session;
use rustix::io::Errno;

/// How much one pipe gives in one round.
pub(super) const CHUNK: usize = 256 << 10;

/// With many busy pipes the log is flushed within a round too, so that what is
/// held in memory stays bounded.
const MOST_UNFLUSHED: usize = 4 << 20;

impl Supervisor {
    /// One read of one stream; how much it gave.
    pub(super) fn capture(&mut self, id: u64, index: usize) -> usize {
        let Some(session) = self.sessions.get_mut(&id) else {
            return 0;
        };
        let output = &mut session.outputs[index];
        let Some(fd) = &output.fd else {
            return 0;
        };
        match rustix::io::retry_on_intr(|| rustix::io::read(fd, &mut self.chunk[..])) {
            Ok(0) => {}
            Ok(read) => {
                self.writer.append(id, output.source, &self.chunk[..read]);
                self.unflushed += read;
                if self.unflushed >= MOST_UNFLUSHED {
                    self.flush();
                }
                return read;
            }
            Err(Errno::AGAIN) => return 0,
            // EIO is how a terminal ends: nobody has its other side open.
            Err(_) => {}
        }
        self.end_output(id, index);
        self.settle(id);
        0
    }

    /// Reads what lies in the streams of a session now, all that its program has
    /// written if that has exited; and to the end where nothing holds them. What
    /// others write meanwhile does not prolong it without an end.
    pub(super) fn capture_what_is_there(&mut self, id: u64) {
        for index in 0.. {
            let Some(session) = self.sessions.get(&id) else {
                return;
            };
            let Some(output) = session.outputs.get(index) else {
                return;
            };
            let mut left = match output.is_held() {
                true => output.unread(),
                false => usize::MAX,
            };
            while left > 0 {
                match self.capture(id, index) {
                    0 => break,
                    read => left = left.saturating_sub(read),
                }
            }
        }
    }

    fn end_output(&mut self, id: u64, index: usize) {
        let Some(output) = self
            .sessions
            .get_mut(&id)
            .map(|session| &mut session.outputs[index])
        else {
            return;
        };
        if let Some(fd) = output.fd.take() {
            self.poller.remove(&fd);
            self.writer.end_of_file(id, output.source);
        }
    }

    /// Gives up on streams that something unreachable still holds.
    pub(super) fn end_all_outputs(&mut self, id: u64) {
        let count = self
            .sessions
            .get(&id)
            .map_or(0, |session| session.outputs.len());
        for index in 0..count {
            self.end_output(id, index);
        }
    }

    /// Ends a session once its program has exited and its streams have ended:
    /// the exit record after the last byte, and only then the answers.
    pub(super) fn settle(&mut self, id: u64) {
        if !self.sessions.get(&id).is_some_and(Session::is_over) {
            return;
        }
        let Some(mut session) = self.sessions.remove(&id) else {
            return;
        };
        self.close_input(&mut session);
        let totals = self.writer.end_session(id, &session.log_exit());
        self.unflushed = 0;
        let end = session.end(&totals);
        let how = match (&end.signal, end.exit_code) {
            (Some(signal), _) => format!("by {signal}"),
            (None, Some(code)) => format!("with exit code {code}"),
            (None, None) => "in an unknown way".to_owned(),
        };
        let late = if end.timed_out {
            ", past its time limit"
        } else {
            ""
        };
        self.note(&format!("session {id} ended {how}{late}"));
        // What is told of an end stays true, where room can be made for it.
        let _ = with_room(&mut self.writer, || self.journal.ended(end.clone()));
        let patient = std::mem::take(&mut session.patient_waiters);
        for caller in std::mem::take(&mut session.waiters)
            .into_iter()
            .chain(patient)
        {
            let reply = crate::Reply::Ended(end.clone());
            self.clients.reply(caller, Ok(reply), &self.poller);
        }
    }
}
