//! Damage is found and named by the entries that it touches; what is no damage
//! is not taken for it.

mod damage;
mod folder;
mod no_damage;
