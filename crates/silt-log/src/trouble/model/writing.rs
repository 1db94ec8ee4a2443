//! What a writer does, and what befalls it.

use super::action::{Action, Kind};
use super::bytes::some_bytes;
use super::saved::Saved;
use super::under_fate::{finish, power_is_back, watch, with_writer};
use super::world::{Busy, Shared};
use crate::sys::memory;
use crate::{Compress, Error, Exit, Log, Source, Sync, Writer, WriterOptions};
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

const PAUSES_US: [u64; 8] = [
    200, 1_100, 10_000, 51_000, 101_000, 250_000, 1_100_000, 5_000_000,
];
const STEPS_MS: [i64; 8] = [
    -3_600_000, -2_000, -1_000, -999, -300, 300, 5_000, 3_600_000,
];

pub(super) fn apply(world: &Shared, action: &Action) -> bool {
    let [a, b, c, d] = action.with;
    match action.kind {
        Kind::Time => {
            let pause = PAUSES_US[usize::from(a) % PAUSES_US.len()];
            world.borrow_mut().pass(Duration::from_micros(pause));
            true
        }
        Kind::Clock => {
            let step = STEPS_MS[usize::from(a) % STEPS_MS.len()];
            world.borrow_mut().step_clock(step * 1_000_000);
            true
        }
        Kind::Restart => restart(world, action),
        Kind::Room => memory::with(|disk| {
            let was_full = disk.is_full();
            disk.set_room(None);
            was_full
        }),
        Kind::PowerCut if world.borrow().writer.is_none() => {
            let survivor = memory::with(|disk| disk.without_power());
            world.borrow().fate.borrow_mut().survivor = Some(survivor);
            power_is_back(world);
            true
        }
        _ if world.borrow().writer.is_none() => false,
        Kind::Append => append(world, action),
        Kind::Flush => with_writer(world, action, true, |world, mut writer| {
            let (now, came) = (world.borrow().now, world.borrow().wall_ns);
            place(world, |place| place.truth.flush(now, came));
            writer.flush();
            Some(writer)
        }),
        Kind::Event => {
            let log = Log::ALL[usize::from(a) % 3];
            let (unique, came) = unique(world);
            let text = format!("event {unique}");
            place(world, |place| place.truth.event(log, &text, came));
            with_writer(world, action, false, |_, mut writer| {
                writer.event(log, &text);
                Some(writer)
            })
        }
        Kind::EndOfFile => {
            let Some(session) = session(world, a) else {
                return false;
            };
            let source = source(b);
            with_writer(world, action, false, |world, mut writer| {
                let came = world.borrow().wall_ns;
                place(world, |place| {
                    place.truth.end_of_file(session, source, came)
                });
                writer.end_of_file(session, source);
                Some(writer)
            })
        }
        Kind::EndSession => end_session(world, action),
        Kind::BeginSession => begin_session(world, action),
        Kind::Work => with_writer(world, action, false, |_, writer| {
            writer.catch_up();
            Some(writer)
        }),
        Kind::End => with_writer(world, action, true, |world, writer| {
            let came = world.borrow().wall_ns;
            place(world, |place| {
                for (session, source) in place.truth.unfinished() {
                    place.truth.end_of_file(session, source, came);
                }
            });
            writer.end();
            None
        }),
        Kind::Die => {
            world.borrow().fate.borrow_mut().dies_in = Some((a % 40, b * 2));
            if c.is_multiple_of(3) {
                // At once, with what it had not written.
                with_writer(world, action, false, |world, writer| {
                    world.borrow().fate.borrow_mut().dead = true;
                    Some(writer)
                })
            } else {
                true
            }
        }
        Kind::PowerCut => {
            world.borrow().fate.borrow_mut().power_goes_in = Some(a % 60);
            true
        }
        Kind::Full => {
            memory::with(|disk| disk.set_room(Some(u64::from(a) * u64::from(b % 8))));
            true
        }
        Kind::Refuse => {
            world.borrow().fate.borrow_mut().refused_in = Some((c % 40, d));
            true
        }
        _ => unreachable!("{action} is not a writer's"),
    }
}

pub(super) fn place<T>(world: &Shared, look: impl FnOnce(&mut super::place::Place) -> T) -> T {
    let place = Rc::clone(&world.borrow().place);
    let mut place = place.borrow_mut();
    look(&mut place)
}

fn unique(world: &Shared) -> (u64, i64) {
    let mut world = world.borrow_mut();
    world.unique += 1;
    (world.unique, world.wall_ns)
}

fn session(world: &Shared, which: u16) -> Option<u64> {
    let world = world.borrow();
    let count = world.sessions.len();
    (count > 0).then(|| world.sessions[usize::from(which) % count])
}

fn source(which: u16) -> Source {
    [Source::Stdout, Source::Stderr, Source::Output][usize::from(which) % 3]
}

fn append(world: &Shared, action: &Action) -> bool {
    let [a, b, c, d] = action.with;
    let Some(session) = session(world, a) else {
        return begin_session(world, action);
    };
    let (unique, came) = unique(world);
    let bytes = some_bytes(c, d, unique);
    let source = source(b / 7);
    // Most of the time it is flushed at once, as a supervisor does.
    let flushes = !b.is_multiple_of(3);
    let now = world.borrow().now;
    place(world, |place| {
        place.truth.append(session, source, &bytes, now, came);
        if flushes {
            place.truth.flush(now, came);
        }
    });
    with_writer(world, action, flushes, |_, mut writer| {
        writer.append(session, source, &bytes);
        if flushes {
            writer.flush();
        }
        Some(writer)
    })
}

fn begin_session(world: &Shared, action: &Action) -> bool {
    if world.borrow().sessions.len() >= 4 {
        return false;
    }
    with_writer(world, action, false, |world, mut writer| {
        match writer.begin_session() {
            Ok(session) => {
                place(world, |place| {
                    let before = place.session;
                    assert!(session > before, "session {session} after {before}");
                    place.session = session;
                });
                world.borrow_mut().sessions.push(session);
            }
            Err(error) => {
                let fate = Rc::clone(&world.borrow().fate);
                let fate = fate.borrow();
                assert!(fate.dead || fate.troubled, "{error}");
            }
        }
        Some(writer)
    })
}

/// The position that a session is told to begin at.
pub(super) fn save_position(world: &Shared, action: &Action) -> bool {
    if world.borrow().writer.is_none() {
        return false;
    }
    with_writer(world, action, true, |world, mut writer| {
        let (now, came) = (world.borrow().now, world.borrow().wall_ns);
        place(world, |place| place.truth.flush(now, came));
        let text = writer.position_cursor();
        if !world.borrow().fate.borrow().dead {
            let saved = place(world, |place| Saved::new(text, place));
            for log in Log::ALL {
                assert_eq!(saved.at(log), Some(writer.last_sequence(log)));
            }
            world.borrow_mut().keep(saved);
        }
        Some(writer)
    })
}

fn end_session(world: &Shared, action: &Action) -> bool {
    let Some(session) = session(world, action.with[0]) else {
        return false;
    };
    world
        .borrow_mut()
        .sessions
        .retain(|other| *other != session);
    with_writer(world, action, true, |world, mut writer| {
        let (now, came) = (world.borrow().now, world.borrow().wall_ns);
        place(world, |place| {
            place.truth.end_session(session, came);
            place.truth.flush(now, came);
        });
        let exit = Exit {
            code: Some(0),
            signal: None,
            started_ns: 0,
            ended_ns: came,
            timed_out: false,
        };
        writer.end_session(session, &exit);
        Some(writer)
    })
}

fn some_options(action: &Action) -> WriterOptions {
    let [a, b, c, d] = action.with;
    let segment_bytes = [512, 1024, 1500, 4096][usize::from(a) % 4];
    WriterOptions {
        max_bytes: (segment_bytes * [2, 4, 8, 30][usize::from(b) % 4]).max(4096),
        segment_bytes: Some(segment_bytes),
        max_age: [None, None, None, Some(Duration::from_secs(2))][usize::from(b / 4) % 4],
        sync: [Sync::Segment, Sync::Interval, Sync::Write][usize::from(c) % 3],
        compress: if d.is_multiple_of(4) {
            Compress::Zstd
        } else {
            Compress::None
        },
    }
}

fn restart(world: &Shared, action: &Action) -> bool {
    if world.borrow().writer.is_some() {
        return false;
    }
    if world.borrow().place.borrow().removed {
        let mut world = world.borrow_mut();
        world.folders += 1;
        let mut path = PathBuf::from("/logs");
        if memory::with(|disk| disk.inode_at(&path)).is_ok() {
            path = PathBuf::from(format!("/logs-{}", world.folders));
        }
        world.new_place(path);
    }
    let options = some_options(action);
    world.borrow_mut().options = options.clone();
    world.borrow_mut().sessions.clear();
    let path = place(world, |place| {
        place.unsettled = true;
        place.path.clone()
    });
    world.borrow_mut().busy = Busy::Changing;
    watch(world, action);
    let created = Writer::create(&path, &options);
    let fate = Rc::clone(&world.borrow().fate);
    let (dead, troubled) = (fate.borrow().dead, fate.borrow().troubled);
    match created {
        Ok(writer) if !dead => {
            let now_ns = world.borrow().wall_ns;
            place(world, |place| {
                let last = Log::ALL.map(|log| writer.last_sequence(log));
                place.writer_came(now_ns, writer.log_id(), last);
            });
            finish(world, Some(writer), false);
        }
        Ok(writer) => finish(world, Some(writer), false),
        Err(error) => {
            let full = memory::with(|disk| disk.is_full());
            let excused = dead || troubled || full;
            let refused = matches!(error, Error::Io { .. } | Error::Locked { .. });
            assert!(excused && refused, "{error}");
            place(world, |place| {
                place.left = place.left.after_a_death();
                place.trouble_before |= troubled || full;
                place.trouble_ever |= troubled || full;
            });
            finish(world, None, false);
        }
    }
    true
}
