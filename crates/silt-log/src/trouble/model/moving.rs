//! What the owner of a folder does with it.

use super::action::{Action, Kind};
use super::place::{Left, Place};
use super::world::{Backup, Shared, World};
use crate::sys::memory::{self, Disk};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

pub(super) fn apply(world: &Shared, action: &Action) -> bool {
    let mut world = world.borrow_mut();
    match action.kind {
        Kind::Backup => backup(&mut world),
        Kind::Restore => restore(&mut world, action.with[0]),
        Kind::Remove => remove(&mut world, action.with[0]),
        _ => unreachable!("{action} is not an owner's"),
    }
}

fn backup(world: &mut World) -> bool {
    let place = world.place.borrow();
    if place.log_id.is_none() || place.removed || place.unsettled && world.writer.is_none() {
        return false;
    }
    let backup = Backup {
        family: place.family,
        tree: memory::with(|disk| disk.copy_of(&place.path)),
        truth: place.truth.clone(),
        log_id: place.log_id,
        log_ids: place.log_ids.clone(),
        power_went: place.power_went,
        left: match place.left {
            // A copy has no writer.
            Left::Not => Left::Died,
            left => left,
        },
        trouble_ever: place.trouble_ever,
        vague: place.vague || place.trouble_ever,
    };
    drop(place);
    world.backup = Some(backup);
    true
}

/// Moves what is at a path out of the way.
fn rename_away(disk: &mut Disk, path: &Path, number: u64) -> PathBuf {
    let gone = PathBuf::from(format!("/gone-{number}"));
    disk.rename_path(path, &gone).expect("it is there");
    disk.sync_root();
    gone
}

fn restore(world: &mut World, how: u16) -> bool {
    if world.writer.is_some() || world.backup.is_none() {
        return false;
    }
    let old = Rc::clone(&world.place);
    let (there, mut path, removed) = {
        let old = old.borrow();
        let there = memory::with(|disk| disk.inode_at(&old.path)).is_ok();
        (there, old.path.clone(), old.removed)
    };
    if removed || !there {
        return false;
    }
    world.folders += 1;
    let number = world.folders;
    let Some(backup) = &world.backup else {
        return false;
    };
    memory::with(|disk| match how % 3 {
        0 => {
            old.borrow_mut().path = rename_away(disk, &path, number);
            old.borrow_mut().removed = true;
            disk.put(&path, &backup.tree).unwrap();
        }
        1 => {
            path = PathBuf::from(format!("/copy-{number}"));
            disk.put(&path, &backup.tree).unwrap();
        }
        _ => disk.replace(&path, &backup.tree).unwrap(),
    });
    let mut place = Place::at(path);
    place.family = backup.family;
    place.truth = backup.truth.clone();
    place.log_id = backup.log_id;
    place.log_ids = backup.log_ids.clone();
    place.power_went = backup.power_went;
    place.copied = true;
    place.vague = backup.vague || world.boots > 0;
    place.trouble_before = true;
    place.trouble_ever = backup.trouble_ever;
    place.left = backup.left;
    place.look();
    place.is_a_copy();
    if how % 3 == 2 {
        world
            .readers
            .retain(|reader| !Rc::ptr_eq(&reader.place, &old));
    }
    world.place = Rc::new(RefCell::new(place));
    true
}

fn remove(world: &mut World, how: u16) -> bool {
    let place = Rc::clone(&world.place);
    let mut place = place.borrow_mut();
    let there = memory::with(|disk| disk.inode_at(&place.path)).is_ok();
    if place.removed || !there || place.log_id.is_none() {
        return false;
    }
    world.folders += 1;
    let number = world.folders;
    let writer = world.writer.is_some();
    memory::with(|disk| {
        place.path = rename_away(disk, &place.path, number);
        if how.is_multiple_of(2) && !writer {
            disk.remove_tree(&place.path).expect("it is there");
            disk.sync_root();
        }
    });
    place.removed = true;
    true
}
