//! From one segment to the next: the successor becomes visible, whole and
//! synced, only after the predecessor's last byte.

use super::background::{Job, MAY_BE_UNSYNCED};
use super::chain::{Chain, RETRY_AFTER, SUM_ROOM, lines_of};
use super::folder::WriterFolder;
use super::retention::Sealed;
use super::segment::{SegmentWriter, is_no_room};
use crate::control::{Control, FORMAT_VERSION, Header, Previous, StatedGap, log_id_text};
use crate::mutation::mutation;
use crate::{Gap, GapReason, Log, segment_name, sys};
use rustix::fd::AsFd;
use rustix::io::Errno;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

/// How often a full disk is asked for the sake of entries that come.
const ASK_AGAIN_AFTER: Duration = Duration::from_millis(1);

impl Chain {
    /// Starts the first segment of this writer. What an earlier writer left as
    /// its newest is then sealed: nothing is appended to it any more. If it was
    /// killed, those before may wait to be synced as well.
    ///
    /// # Errors
    /// What kept it from being made.
    pub(crate) fn open_first(&mut self, folder: &mut WriterFolder) -> sys::Result<()> {
        self.open_evicting(folder)?;
        let count = if mutation!("leave-unsynced-what-was-left") {
            1
        } else {
            MAY_BE_UNSYNCED
        };
        for left in self.retention.newest(count) {
            let name = segment_name::plain(self.log, left.number);
            let Ok(file) = sys::open_append(folder.fd(), &name) else {
                continue;
            };
            if mutation!("complete-torn-line") {
                let _ = sys::write(file.as_fd(), b"\n");
            }
            if let Ok(identity) = sys::identity(file.as_fd()) {
                // A refusal costs space until the segment goes, and no entry.
                let _ = sys::release_reserved(file.as_fd(), identity.size);
            }
            folder.background.seal(Job {
                file,
                log: self.log,
                number: left.number,
                bytes: Arc::clone(&left.bytes),
                sync_failed: false,
            });
        }
        Ok(())
    }

    pub(super) fn rotate(&mut self, folder: &mut WriterFolder) {
        let Some(head) = &self.head else { return };
        let sealing = head.number;
        if mutation!("successor-before-last-byte") {
            return self.rotate_too_early(folder);
        }
        self.seal_with_sum();
        self.write(folder);
        if self
            .head
            .as_ref()
            .is_some_and(|head| head.number == sealing)
        {
            self.seal(folder);
            self.open_next(folder);
        }
    }

    /// A deliberate bug: the last bytes come after the next segment is there.
    fn rotate_too_early(&mut self, folder: &mut WriterFolder) {
        let Some(head) = &mut self.head else { return };
        let last = std::mem::take(&mut self.buffer);
        self.buffered_entries = 0;
        self.newest_written = self.newest;
        head.written += last.len() as u64;
        head.crc = crc32c::crc32c_append(head.crc, &last);
        let file = sys::duplicate(head.file.as_fd());
        self.seal(folder);
        self.open_next(folder);
        if let Ok(file) = file {
            let _ = sys::write(file.as_fd(), &last);
        }
    }

    pub(super) fn seal_with_sum(&mut self) {
        if let Some(head) = &mut self.head {
            head.add_sum(&mut self.buffer);
        }
    }

    /// Nothing is appended to the head any more.
    pub(super) fn seal(&mut self, folder: &WriterFolder) {
        let Some(mut head) = self.head.take() else {
            return;
        };
        head.release();
        if self.syncs_at_seal && !mutation!("seal-without-sync") {
            // Tried again in the background.
            let _ = head.sync();
        }
        self.previous = Some(Previous {
            length: head.written,
            crc32c: format!("{:08x}", head.crc),
        });
        let newest = std::mem::replace(&mut self.newest_written, i64::MIN);
        self.greatest = self.greatest.max(newest);
        if self.buffered_entries == 0 {
            self.newest = i64::MIN;
        }
        let bytes = Arc::new(AtomicU64::new(head.written));
        self.retention.add(Sealed {
            number: head.number,
            bytes: Arc::clone(&bytes),
            newest,
        });
        folder.background.seal(Job {
            file: head.file,
            log: self.log,
            number: head.number,
            bytes,
            sync_failed: head.sync_failed,
        });
    }

    /// Makes the next segment, with what the last one did not take, the oldest ones
    /// going for it where needed. Without success there is no head.
    pub(super) fn open_next(&mut self, folder: &mut WriterFolder) {
        self.retry_at = None;
        if self.open_evicting(folder).is_err() {
            self.retry_at = Some(sys::moment() + RETRY_AFTER);
        }
    }

    /// Whether it is too early to ask a full disk again for an entry that comes.
    pub(super) fn was_asked_just_now(&self) -> bool {
        self.retry_at
            .is_some_and(|at| at > sys::moment() + RETRY_AFTER - ASK_AGAIN_AFTER)
    }

    fn open_evicting(&mut self, folder: &mut WriterFolder) -> sys::Result<()> {
        loop {
            match self.try_open(folder) {
                Err(error) if is_no_room(error) && self.retention.evict_oldest(folder) => {}
                other => return other,
            }
        }
    }

    fn try_open(&mut self, folder: &mut WriterFolder) -> sys::Result<()> {
        let next_kept = self.next_sequence - self.buffered_entries;
        let gap = match self.losing {
            Some(from) => Some(Gap {
                log: self.log,
                from,
                to: next_kept - 1,
                lost: Some(next_kept - from),
                reason: GapReason::DiskFull,
            }),
            None => self.found_gap,
        };
        let limit = next_kept + self.segment_bytes / 64 + 1;
        let number = self.next_number;
        let marked = &mut folder.mark.logs[self.log as usize];
        marked.segment = number;
        marked.limit = marked.limit.max(limit);
        marked.next = Some(next_kept);
        folder.write_mark()?;
        // Not before: the last segment there is may go for it.
        self.retention.make_room(folder, self.segment_bytes);

        let temporary = segment_name::temporary(self.log);
        match sys::remove(folder.fd(), &temporary) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(error) => return Err(error),
        }
        let file = sys::create(folder.fd(), &temporary)?;
        let head = self.prepare(folder, file, number, limit, gap);
        let made = head.and_then(|head| {
            sys::rename_new(
                folder.fd(),
                &temporary,
                &segment_name::plain(self.log, number),
            )?;
            Ok(head)
        });
        let head = match made {
            Ok(head) => head,
            Err(error) => {
                let _ = sys::remove(folder.fd(), &temporary);
                return Err(error);
            }
        };
        // If this fails, the mark still keeps the numbers of a segment that a
        // machine crash takes away from being given again.
        let _ = sys::sync_all(folder.fd());
        // For people only.
        let _ = sys::swap_link(
            folder.fd(),
            &segment_name::link(self.log),
            &segment_name::plain(self.log, number),
        );
        self.next_number += 1;
        self.found_gap = None;
        self.losing = None;
        folder.mark.logs[self.log as usize].losing = None;
        self.head = Some(head);
        self.kept_controls.clear();
        self.buffer.clear();
        self.buffered_entries = 0;
        self.newest_written = self.newest;
        Ok(())
    }

    /// Writes and syncs a file that no reader sees yet: its header, and what the last
    /// segment did not take. One that can not take that is none.
    fn prepare(
        &self,
        folder: &WriterFolder,
        file: rustix::fd::OwnedFd,
        number: u64,
        limit: u64,
        gap: Option<Gap>,
    ) -> sys::Result<SegmentWriter> {
        let identity = sys::identity(file.as_fd())?;
        let tag = u32::from_le_bytes(sys::random_bytes());
        let next_kept = self.next_sequence - self.buffered_entries;
        let mut header = Vec::new();
        Control::Seg(Header {
            v: FORMAT_VERSION,
            log: self.log.name().to_owned(),
            log_id: log_id_text(&folder.log_id),
            ancestors: folder.ancestors.clone(),
            segment: number,
            tag: format!("{tag:08x}"),
            inode: identity.inode,
            born: identity.born_ns,
            first: gap.map_or(next_kept, |gap| gap.from),
            limit,
            gap: gap.map(StatedGap::of),
            boot: folder.mark.boot.clone(),
            greatest: self.greatest,
            session: folder.mark.session,
            previous: self.previous.clone(),
        })
        .write(&mut header);
        let mut head = SegmentWriter::new(file, number, tag, limit);
        let mut lines = header;
        head.line_added(&mut lines, 0);
        let kept = self.kept_controls.iter().map(Vec::as_slice);
        for line in kept.chain(lines_of(&self.buffer)) {
            if !Control::is_sum(line) {
                let start = lines.len();
                lines.extend_from_slice(line);
                head.line_added(&mut lines, start);
            }
        }
        if self.log == Log::Exec {
            head.reserve(lines.len() as u64 + SUM_ROOM, self.segment_bytes)?;
        }
        if head.write(&lines) < lines.len() {
            return Err(head.failed.unwrap_or(Errno::NOSPC));
        }
        sys::sync_all(head.file.as_fd())?;
        head.dirty = false;
        Ok(head)
    }
}
