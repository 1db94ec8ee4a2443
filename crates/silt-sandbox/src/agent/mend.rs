//! What to change on a machine that does not allow the `namespace` runtime.

use std::fs::read_to_string;

/// Read from the switches by which distributions forbid user namespaces.
pub(super) fn mend() -> String {
    let is =
        |file: &str, value: &str| read_to_string(file).is_ok_and(|content| content.trim() == value);
    let switch = if is("/proc/sys/user/max_user_namespaces", "0") {
        "allow user namespaces with `sysctl user.max_user_namespaces=15000`"
    } else if is("/proc/sys/kernel/unprivileged_userns_clone", "0") {
        "allow user namespaces with `sysctl kernel.unprivileged_userns_clone=1`"
    } else if is(
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
    ) {
        "allow user namespaces with an AppArmor profile for this executable that has `userns,`, \
         or with `sysctl kernel.apparmor_restrict_unprivileged_userns=0`"
    } else {
        "allow unprivileged user namespaces; in a container that means a seccomp profile \
         that permits `unshare` and `mount`, and a `/proc` without masked paths"
    };
    format!("{switch}; or ask for the runtime `process` by name, which isolates nothing")
}
