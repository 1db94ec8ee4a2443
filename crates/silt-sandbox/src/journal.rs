//! `sessions.jsonl`: the sessions that run, and how those ended that ended last.
//!
//! Each change is one line, appended by one `write`, so that an exit is on
//! record at once and a crash can tear only the last line. The file is bounded:
//! it is written anew, by rename, before it holds four lines a session. Its lines
//! stand in the order in which sessions ended, which no clock can say for certain.

use crate::folder::{Durable, Folder, replace};
use crate::info::SessionInfo;
use crate::{Error, SessionEnd, sys};
use serde::{Deserialize, Serialize};
use silt_log::EndedSession;
use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

/// How many sessions are kept that are over.
pub(crate) const KEPT: usize = 1000;
/// How much of a command is kept, in bytes.
const COMMAND_BYTES: usize = 4096;
/// How often a full disk is asked again.
const RETRY_AFTER: Duration = Duration::from_millis(100);

/// One session as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Session {
    pub session_id: u64,
    pub command: Vec<String>,
    pub started_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<SessionEnd>,
    /// The supervisor died before the session had ended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub crashed: bool,
}

impl Session {
    fn is_over(&self) -> bool {
        self.crashed || self.end.is_some()
    }

    pub(crate) fn info(&self) -> SessionInfo {
        let end = self.end.as_ref();
        SessionInfo {
            session_id: self.session_id,
            command: self.command.clone(),
            exit_code: end.and_then(|end| end.exit_code),
            signal: end.and_then(|end| end.signal.clone()),
            started_at: self.started_at.clone(),
            ended_at: end.map(|end| end.ended_at.clone()),
            crashed: self.crashed,
        }
    }
}

/// All that run, and those that ended last.
#[derive(Default)]
struct Kept {
    sessions: BTreeMap<u64, Session>,
    /// Those that are over, in the order in which they ended.
    over: VecDeque<u64>,
}

impl Kept {
    fn put(&mut self, session: Session) {
        let id = session.session_id;
        let is_over = session.is_over();
        let before = self.sessions.insert(id, session);
        match (before.is_some_and(|before| before.is_over()), is_over) {
            (false, true) => self.over.push_back(id),
            // Its number was given again, in a log that begins anew.
            (true, false) => self.over.retain(|over| *over != id),
            _ => {}
        }
        while self.over.len() > KEPT
            && let Some(oldest) = self.over.pop_front()
        {
            self.sessions.remove(&oldest);
        }
    }

    /// As they go into the file.
    fn in_order(&self) -> impl Iterator<Item = &Session> {
        let over = self.over.iter().map(|id| &self.sessions[id]);
        over.chain(self.sessions.values().filter(|one| !one.is_over()))
    }

    fn most_lines(&self) -> usize {
        4 * self.sessions.len().max(KEPT)
    }
}

/// What is kept, in memory and on disk.
pub(crate) struct Journal {
    folder: Folder,
    kept: Kept,
    file: Option<File>,
    lines: usize,
    /// Something is not on disk yet.
    retry_at: Option<Instant>,
}

impl Journal {
    /// What is on disk, for readers; a torn or foreign line is skipped.
    pub(crate) fn read(folder: &Folder) -> Result<BTreeMap<u64, Session>, Error> {
        Ok(Journal::kept(folder)?.sessions)
    }

    fn kept(folder: &Folder) -> Result<Kept, Error> {
        let path = folder.sessions();
        let held = match sys::read(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            other => other.map_err(|error| Error::io("read", &path, error))?,
        };
        let mut kept = Kept::default();
        for line in held.split(|&byte| byte == b'\n') {
            if let Ok(session) = serde_json::from_slice::<Session>(line) {
                kept.put(session);
            }
        }
        Ok(kept)
    }

    /// Takes over the file. What another supervisor left running ended as the log
    /// says, or else by its crash; returns how many the latter were.
    pub(crate) fn take_over(
        folder: &Folder,
        ended: &[EndedSession],
    ) -> Result<(Journal, usize), Error> {
        let mut journal = Journal {
            folder: folder.clone(),
            kept: Journal::kept(folder)?,
            file: None,
            lines: 0,
            retry_at: None,
        };
        let all = journal.kept.sessions.values();
        let left: Vec<Session> = all.filter(|one| !one.is_over()).cloned().collect();
        let mut crashed = 0;
        for mut session in left {
            // It died between the exit record in the log and this one.
            let said = ended.iter().find(|one| one.session == session.session_id);
            session.end =
                said.map(|one| SessionEnd::new(one.session, one.exit.clone(), &one.totals));
            session.crashed = said.is_none();
            crashed += usize::from(session.crashed);
            journal.kept.put(session);
        }
        // Those that a full disk kept off the record. Of a thousand others, they may be
        // too old for it.
        let lacks = |one: &&EndedSession| journal.get(one.session).is_none();
        let room = KEPT - journal.kept.over.len();
        let newest: Vec<&EndedSession> = ended.iter().rev().filter(lacks).take(room).collect();
        for one in newest.into_iter().rev() {
            let end = SessionEnd::new(one.session, one.exit.clone(), &one.totals);
            journal.kept.put(Session {
                session_id: one.session,
                command: Vec::new(),
                started_at: end.started_at.clone(),
                end: Some(end),
                crashed: false,
            });
        }
        journal.write_anew()?;
        Ok((journal, crashed))
    }

    /// From now on the folder is known by this path.
    pub(crate) fn stays_in(&mut self, folder: Folder) {
        self.folder = folder;
    }

    /// A full disk costs the line on disk and nothing else, and that for a while.
    pub(crate) fn started(&mut self, session_id: u64, command: &[String], at: String) {
        let session = Session {
            session_id,
            command: shortened(command),
            started_at: at,
            end: None,
            crashed: false,
        };
        let _ = self.put(session);
    }

    /// # Errors
    /// The end is not on disk: it is tried again, see [`Journal::deadline`].
    pub(crate) fn ended(&mut self, end: SessionEnd) -> Result<(), Error> {
        match self.get(end.session_id).cloned() {
            Some(mut session) => {
                session.end = Some(end);
                self.put(session)
            }
            None => Ok(()),
        }
    }

    /// When [`Journal::settle`] has to be called though nothing happens.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.retry_at
    }

    /// Puts on disk what could not be put there.
    pub(crate) fn settle(&mut self) -> Result<(), Error> {
        match self.retry_at {
            Some(_) => self.write_anew(),
            None => Ok(()),
        }
    }

    /// Where it can not be put now.
    pub(crate) fn settle_later(&mut self) {
        self.retry_at = self.retry_at.map(|_| Instant::now() + RETRY_AFTER);
    }

    pub(crate) fn get(&self, session_id: u64) -> Option<&Session> {
        self.kept.sessions.get(&session_id)
    }

    /// The number of the newest session; 0 before the first.
    pub(crate) fn newest(&self) -> u64 {
        self.kept.sessions.keys().next_back().copied().unwrap_or(0)
    }

    fn put(&mut self, session: Session) -> Result<(), Error> {
        let mut line = serde_json::to_vec(&session).expect("a session is plain data");
        line.push(b'\n');
        self.kept.put(session);
        let appended = self.lines < self.kept.most_lines()
            && self
                .file
                .as_ref()
                .is_some_and(|file| sys::write_all(file, &line).is_ok());
        if appended {
            self.lines += 1;
            return Ok(());
        }
        self.write_anew()
    }

    fn write_anew(&mut self) -> Result<(), Error> {
        self.file = None;
        self.retry_at = Some(Instant::now() + RETRY_AFTER);
        let path = self.folder.sessions();
        let mut content = Vec::new();
        for session in self.kept.in_order() {
            serde_json::to_writer(&mut content, session).expect("a session is plain data");
            content.push(b'\n');
        }
        replace(&path, &content, Durable::Crash)?;
        let file = sys::open_append(&path).map_err(|error| Error::io("open", &path, error))?;
        self.file = Some(file);
        self.lines = self.kept.sessions.len();
        self.retry_at = None;
        Ok(())
    }
}

fn shortened(command: &[String]) -> Vec<String> {
    let mut left = COMMAND_BYTES;
    let mut kept = Vec::new();
    for word in command {
        // Many empty words take room as well.
        let size = word.len().max(8);
        if size > left {
            let cut = (0..=left.min(word.len())).rev();
            let cut = cut.into_iter().find(|&at| word.is_char_boundary(at));
            kept.push(format!("{}…", &word[..cut.unwrap_or(0)]));
            break;
        }
        left -= size;
        kept.push(word.clone());
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, OpenOptions};
    use std::io::Write;

    fn end(session_id: u64) -> SessionEnd {
        SessionEnd {
            session_id,
            exit_code: Some(0),
            signal: None,
            timed_out: false,
            detached: false,
            started_at: "a".into(),
            ended_at: "b".into(),
            duration_ms: 1,
            last_sequence: 2,
            totals: Vec::new(),
        }
    }

    #[test]
    fn the_newest_thousand_are_kept_and_the_file_is_bounded() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::at(temporary.path());
        let (mut journal, _) = Journal::take_over(&folder, &[]).unwrap();
        for id in 1..=6000 {
            journal.started(id, &["sh".to_owned()], "a".into());
            journal.ended(end(id)).unwrap();
        }
        let held = Journal::read(&folder).unwrap();
        assert_eq!(held.len(), KEPT);
        assert_eq!(*held.first_key_value().unwrap().0, 5001);
        assert!(held.values().all(|session| session.end.is_some()));
        let lines = fs::read_to_string(folder.sessions())
            .unwrap()
            .lines()
            .count();
        assert!(lines <= 4 * KEPT, "{lines}");
    }

    #[test]
    fn the_newest_end_is_kept_whatever_the_clock_says_and_however_many_run() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::at(temporary.path());
        let (mut journal, _) = Journal::take_over(&folder, &[]).unwrap();
        let many = KEPT as u64;
        for id in 1..=2 * many {
            journal.started(id, &["sh".to_owned()], "a".into());
        }
        let ends_at = |id, at: &str| SessionEnd {
            ended_at: at.to_owned(),
            ..end(id)
        };
        for id in 1..=many {
            journal.ended(ends_at(id, "c")).unwrap();
        }
        // The clock was put back; once more with another supervisor.
        for id in [many + 1, many + 2] {
            journal.ended(ends_at(id, "b")).unwrap();
            assert!(journal.get(id).unwrap().end.is_some());
            journal.started(many + id, &["sh".to_owned()], "a".into());
            assert!(journal.get(id).unwrap().end.is_some());
            journal.write_anew().unwrap();
            let held = Journal::kept(&folder).unwrap();
            assert_eq!(held.over.back(), Some(&id));
            assert_eq!(held.over.len(), KEPT);
            (journal.kept, journal.file) = (held, None);
        }
        assert!(journal.get(1).is_none() && journal.get(2).is_none());
    }

    #[test]
    fn a_session_that_runs_is_kept_whatever_came_after_it() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::at(temporary.path());
        let (mut journal, _) = Journal::take_over(&folder, &[]).unwrap();
        journal.started(1, &["server".to_owned()], "a".into());
        for id in 2..=3000 {
            journal.started(id, &["sh".to_owned()], "a".into());
            journal.ended(end(id)).unwrap();
        }
        assert!(Journal::read(&folder).unwrap()[&1].end.is_none());
        let last = SessionEnd {
            ended_at: "c".into(),
            ..end(1)
        };
        journal.ended(last).unwrap();
        journal.started(3001, &["sh".to_owned()], "a".into());
        journal.ended(end(3001)).unwrap();
        assert!(journal.get(1).unwrap().end.is_some());
        let held = Journal::read(&folder).unwrap();
        assert_eq!(held.len(), KEPT);
        assert!(held[&1].end.is_some());
    }

    #[test]
    fn a_torn_line_costs_only_itself_and_running_ones_count_as_crashed() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::at(temporary.path());
        let (mut journal, crashed) = Journal::take_over(&folder, &[]).unwrap();
        assert_eq!(crashed, 0);
        journal.started(1, &["a".to_owned()], "t".into());
        journal.ended(end(1)).unwrap();
        journal.started(2, &["b".to_owned()], "t".into());
        drop(journal);
        let mut file = OpenOptions::new()
            .append(true)
            .open(folder.sessions())
            .unwrap();
        file.write_all(b"{\"sessionId\":3,\"comm").unwrap();
        let (journal, crashed) = Journal::take_over(&folder, &[]).unwrap();
        assert_eq!(crashed, 1);
        assert!(journal.get(1).unwrap().end.is_some());
        assert!(journal.get(2).unwrap().crashed);
        assert!(journal.get(3).is_none());
    }

    #[test]
    fn what_the_log_says_of_an_end_is_known_though_the_record_has_no_more_than_the_start() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::at(temporary.path());
        let (mut journal, _) = Journal::take_over(&folder, &[]).unwrap();
        journal.started(1, &["a".to_owned()], "t".into());
        let logs = temporary.path().join("logs");
        let options = silt_log::WriterOptions::default();
        let mut writer = silt_log::Writer::create(&logs, &options).unwrap();
        for session in [1, 2] {
            let exit = silt_log::Exit {
                code: Some(7),
                signal: None,
                started_ns: 0,
                ended_ns: 1,
                timed_out: true,
            };
            writer.append(session, silt_log::Source::Stdout, b"a\n");
            writer.end_session(session, &exit);
        }
        drop(writer);
        let writer = silt_log::Writer::create(&logs, &options).unwrap();
        let (journal, crashed) = Journal::take_over(&folder, writer.ended_before()).unwrap();
        assert_eq!(crashed, 0);
        for session in [1, 2] {
            let end = journal.get(session).unwrap().end.as_ref().unwrap();
            assert_eq!((end.exit_code, end.timed_out), (Some(7), true));
        }
    }

    #[test]
    fn a_long_command_is_cut_between_characters() {
        let cut = shortened(&["sh".to_owned(), "ä".repeat(5000)]);
        assert!(cut[1].len() < COMMAND_BYTES && cut[1].ends_with('…'));
        assert!(shortened(&vec![String::new(); 100_000]).len() < 1000);
    }
}
