//! System calls that a command has no business with.
//!
//! Applied once, to pid 1, so that every command has it from its first instruction
//! on. Namespaces and the missing capabilities are the wall; this keeps the parts
//! of the kernel out of reach that have let others through it.

use std::collections::BTreeMap;

use rustix::io::Errno;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter, sock_filter,
};

use super::super::wire::Refusal;

/// Refused whatever the arguments.
const DENIED: [libc::c_long; 48] = [
    // Mounts and namespaces.
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_open_tree,
    libc::SYS_move_mount,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    libc::SYS_setns,
    libc::SYS_chroot,
    // What can be done without a path or through the kernel's own threads.
    libc::SYS_open_by_handle_at,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_userfaultfd,
    // Keys of the caller's session.
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    // The machine.
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_kexec_load,
    libc::SYS_kexec_file_load,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_acct,
    libc::SYS_quotactl,
    libc::SYS_quotactl_fd,
    libc::SYS_syslog,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_adjtimex,
    libc::SYS_clock_adjtime,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_fanotify_init,
    libc::SYS_lookup_dcookie,
    libc::SYS_nfsservctl,
    libc::SYS_uselib,
    libc::SYS_ustat,
    libc::SYS_vhangup,
    libc::SYS_iopl,
    libc::SYS_ioperm,
];

const NEW_NAMESPACE: [i32; 7] = [
    libc::CLONE_NEWNS,
    libc::CLONE_NEWCGROUP,
    libc::CLONE_NEWUTS,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWNET,
];
/// Only `unshare` knows it: for `clone` the bit is part of the exit signal.
const CLONE_NEWTIME: i32 = 0x80;

/// Set-id bits: what is written to the workdir stays on the host, where a file of
/// the caller's with such a bit would lend others the caller's rights.
const SET_ID: [u32; 2] = [libc::S_ISUID, libc::S_ISGID];
const WITH_MODE: [(libc::c_long, u8); 7] = [
    (libc::SYS_chmod, 1),
    (libc::SYS_fchmod, 1),
    (libc::SYS_fchmodat, 2),
    (libc::SYS_fchmodat2, 2),
    (libc::SYS_creat, 1),
    (libc::SYS_mknod, 1),
    (libc::SYS_mknodat, 2),
];

/// The mode of these counts only with a flag that makes a file; flags, then mode.
const OPENS: [(libc::c_long, u8, u8); 2] = [(libc::SYS_open, 1, 2), (libc::SYS_openat, 2, 3)];
const MAKES_A_FILE: [i32; 2] = [libc::O_CREAT, libc::O_TMPFILE & !libc::O_DIRECTORY];

/// The families that network namespaces keep apart; AF_VSOCK, for one, they do not.
const FAMILIES: [i32; 4] = [
    libc::AF_UNIX,
    libc::AF_INET,
    libc::AF_INET6,
    libc::AF_NETLINK,
];

pub(super) fn apply() -> Result<(), Refusal> {
    let refused = |_| Refusal::machine("apply the system call filters", Errno::NOSYS);
    let filter = denied().map_err(|_| Refusal::machine("make the filters", Errno::INVAL))?;
    apply_filter(&unknown()).map_err(refused)?;
    apply_filter(&filter).map_err(refused)
}

/// Calls that look absent (ENOSYS), so that the C library takes the older one whose
/// flags a filter can see; and the x32 numbers, which would walk past every filter.
fn unknown() -> BpfProgram {
    const LOAD: u16 = 0x20;
    const AT_LEAST: u16 = 0x35;
    const EQUAL: u16 = 0x15;
    const RETURN: u16 = 0x06;
    let step = |code, jt, jf, k| sock_filter { code, jt, jf, k };
    let absent = SeccompAction::Errno(libc::ENOSYS as u32);
    vec![
        step(LOAD, 0, 0, 0),
        step(AT_LEAST, 3, 0, 0x4000_0000),
        step(EQUAL, 2, 0, libc::SYS_clone3 as u32),
        step(EQUAL, 1, 0, libc::SYS_openat2 as u32),
        step(RETURN, 0, 0, SeccompAction::Allow.into()),
        step(RETURN, 0, 0, absent.into()),
    ]
}

fn denied() -> Result<BpfProgram, seccompiler::BackendError> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        DENIED.iter().map(|call| (*call, Vec::new())).collect();
    let bit = |argument, bit: u32| condition(argument, SeccompCmpOp::MaskedEq(bit.into()), bit);
    for flag in NEW_NAMESPACE {
        for call in [libc::SYS_clone, libc::SYS_unshare] {
            rule(&mut rules, call, vec![bit(0, flag as u32)?])?;
        }
    }
    rule(
        &mut rules,
        libc::SYS_unshare,
        vec![bit(0, CLONE_NEWTIME as u32)?],
    )?;
    for (call, argument) in WITH_MODE {
        for set_id in SET_ID {
            rule(&mut rules, call, vec![bit(argument, set_id)?])?;
        }
    }
    for (call, flags, mode) in OPENS {
        for set_id in SET_ID {
            for makes in MAKES_A_FILE {
                rule(
                    &mut rules,
                    call,
                    vec![bit(flags, makes as u32)?, bit(mode, set_id)?],
                )?;
            }
        }
    }
    // Typing into a terminal on behalf of who sits there.
    for request in [libc::TIOCSTI, libc::TIOCLINUX] {
        let is = condition(1, SeccompCmpOp::Eq, request as u32)?;
        rule(&mut rules, libc::SYS_ioctl, vec![is])?;
    }
    let other_family = FAMILIES
        .iter()
        .map(|family| condition(0, SeccompCmpOp::Ne, *family as u32))
        .collect::<Result<_, _>>()?;
    rule(&mut rules, libc::SYS_socket, other_family)?;
    SeccompFilter::new(
        rules,
        SeccompAction::Allow,
        SeccompAction::Errno(libc::EPERM as u32),
        TargetArch::x86_64,
    )?
    .try_into()
}

fn condition(
    argument: u8,
    operator: SeccompCmpOp,
    value: u32,
) -> Result<SeccompCondition, seccompiler::BackendError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value.into())
}

fn rule(
    rules: &mut BTreeMap<i64, Vec<SeccompRule>>,
    call: libc::c_long,
    conditions: Vec<SeccompCondition>,
) -> Result<(), seccompiler::BackendError> {
    rules
        .entry(call)
        .or_default()
        .push(SeccompRule::new(conditions)?);
    Ok(())
}
