//! The last step before serving: every right that was needed so far is given up.

use rustix::process::{
    DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit,
};
use rustix::thread::{
    CapabilitySet, CapabilitySets, clear_ambient_capability_set,
    remove_capability_from_bounding_set, set_capabilities, set_no_new_privs,
};

use super::super::wire::{Refusal, Rlimits};
use super::seccomp;

pub(super) fn seal(rlimits: &Rlimits) -> Result<(), Refusal> {
    let machine = |action: &'static str| move |errno| Refusal::machine(action, errno);
    if let Some(processes) = rlimits.processes {
        // In a user namespace of its own the kernel counts this sandbox alone.
        let hard = getrlimit(Resource::Nproc)
            .maximum
            .unwrap_or(u64::MAX)
            .min(processes);
        let limit = Rlimit {
            current: Some(hard),
            maximum: Some(hard),
        };
        setrlimit(Resource::Nproc, limit).map_err(machine("limit the processes"))?;
    }
    for bit in 0..64 {
        // The kernel knows fewer than 64; the first unknown one ends the list.
        if remove_capability_from_bounding_set(CapabilitySet::from_bits_retain(1 << bit)).is_err() {
            break;
        }
    }
    clear_ambient_capability_set().map_err(machine("drop the ambient capabilities"))?;
    let none = CapabilitySet::empty();
    set_capabilities(
        None,
        CapabilitySets {
            effective: none,
            permitted: none,
            inheritable: none,
        },
    )
    .map_err(machine("drop all capabilities"))?;
    set_no_new_privs(true).map_err(machine("forbid new privileges"))?;
    // Commands have the agent's id; this keeps them from reading or tracing it.
    set_dumpable_behavior(DumpableBehavior::NotDumpable)
        .map_err(machine("protect the agent's memory"))?;
    seccomp::apply()
}
