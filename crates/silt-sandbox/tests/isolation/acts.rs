//! The acts. Each tries as hard as it can and says what it got hold of.

use std::ffi::CString;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use crate::host::SECRET;
use crate::{lifetime, own_folder, rights, unavailable};

pub(crate) fn commit(name: &str, args: &[&str]) -> ExitCode {
    match (name, args) {
        ("read", paths) => read(paths),
        ("write", [path]) => say(fs::write(path, "written").is_ok()),
        ("set", [path, text]) => say(fs::write(path, text).is_ok()),
        ("remount", [path, file]) => remount(path, file),
        ("remount-own", [path, file]) => remount_own(path, file),
        ("see", [pid]) => say(Path::new("/proc").join(pid).join("stat").exists()),
        ("signal", [pid]) => signal(pid),
        ("steal", [pid, address]) => steal(pid, address),
        ("attach", [pid]) => attach(pid),
        ("peek", [pid]) => peek(pid),
        ("be-victim", []) => be_victim(),
        ("connect", [address]) => connect(address),
        ("abstract", [name]) => connect_abstract(name),
        ("vsock", []) => vsock(),
        ("userns", []) => user_namespace(),
        ("setuid", [path]) => set_id(path),
        ("device", [path]) => device(path),
        ("linger", [path]) => lifetime::linger(path),
        ("supervise", [runtime, workdir]) => lifetime::supervise(runtime, workdir),
        ("abandon", [path]) => lifetime::abandon(path),
        ("report-ids", []) => rights::report_ids(),
        ("without-namespaces", []) => unavailable::without_namespaces(),
        ("allocate", [bytes]) => allocate(bytes),
        (act, paths) if own_folder::is_act(act) => own_folder::intrude(act, paths),
        _ => panic!("no act {name} {args:?}"),
    }
    ExitCode::SUCCESS
}

fn say(done: bool) {
    println!("{}", if done { "done" } else { "no" });
}

fn read(paths: &[&str]) {
    for path in paths {
        println!("{}", fs::read_to_string(path).unwrap_or_default());
    }
}

/// Every way to make `path` writable again, then a write.
fn remount(path: &str, file: &str) {
    let target = CString::new(path).unwrap();
    let null = std::ptr::null();
    for attempt in 0..2 {
        // SAFETY: valid terminated strings; a structure of the size that is given.
        unsafe {
            let flags = libc::MS_REMOUNT | libc::MS_BIND;
            libc::mount(c"none".as_ptr(), target.as_ptr(), null, flags, null.cast());
            libc::mount(
                c"none".as_ptr(),
                target.as_ptr(),
                null,
                libc::MS_REMOUNT,
                null.cast(),
            );
            let clear = [0_u64, 1, 0, 0];
            libc::syscall(
                libc::SYS_mount_setattr,
                libc::AT_FDCWD,
                target.as_ptr(),
                0,
                clear.as_ptr(),
                32,
            );
            libc::umount2(target.as_ptr(), libc::MNT_DETACH);
        }
        let _ = fs::write(Path::new(path).join(file), "written");
        if attempt == 0 {
            own_namespaces();
        }
    }
}

/// The same against a read-only mount of one's own: shows that the way works.
fn remount_own(path: &str, file: &str) {
    own_namespaces();
    let target = CString::new(path).unwrap();
    let null = std::ptr::null();
    // SAFETY: valid terminated strings.
    unsafe {
        libc::mount(
            target.as_ptr(),
            target.as_ptr(),
            null,
            libc::MS_BIND,
            null.cast(),
        );
        let read_only = libc::MS_REMOUNT | libc::MS_BIND | libc::MS_RDONLY;
        libc::mount(
            c"none".as_ptr(),
            target.as_ptr(),
            null,
            read_only,
            null.cast(),
        );
    }
    assert!(
        fs::write(Path::new(path).join(file), "early").is_err(),
        "not read-only"
    );
    // SAFETY: as above.
    unsafe {
        let flags = libc::MS_REMOUNT | libc::MS_BIND;
        libc::mount(c"none".as_ptr(), target.as_ptr(), null, flags, null.cast());
    }
    let _ = fs::write(Path::new(path).join(file), "written");
}

/// As good as root over mounts of one's own.
pub(crate) fn own_namespaces() -> bool {
    // SAFETY: plain system calls.
    let (uid, gid) = unsafe { (libc::getuid(), libc::getgid()) };
    // SAFETY: one thread, no pointer.
    let done = unsafe { libc::unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWNS) } == 0;
    let _ = fs::write("/proc/self/setgroups", "deny");
    let _ = fs::write("/proc/self/uid_map", format!("{uid} {uid} 1"));
    let _ = fs::write("/proc/self/gid_map", format!("{gid} {gid} 1"));
    done
}

fn user_namespace() {
    // Through both calls; `clone` by its number, since the library has `clone3`.
    // SAFETY: without a stack of its own the child goes on in a copy of this one.
    let child = unsafe {
        libc::syscall(
            libc::SYS_clone,
            libc::CLONE_NEWUSER | libc::SIGCHLD,
            0,
            0,
            0,
            0,
        )
    };
    if child == 0 {
        println!("done");
        std::process::exit(0);
    }
    reap(child);
    // Flags, and as fifth the exit signal; a filter sees neither.
    let args = [
        libc::CLONE_NEWUSER as u64,
        0,
        0,
        0,
        libc::SIGCHLD as u64,
        0,
        0,
        0,
    ];
    // SAFETY: as above; the structure has the size that is given.
    let child = unsafe { libc::syscall(libc::SYS_clone3, args.as_ptr(), 64) };
    if child == 0 {
        println!("done");
        std::process::exit(0);
    }
    reap(child);
    say(own_namespaces());
}

fn reap(child: libc::c_long) {
    if child > 0 {
        // SAFETY: a child of ours, no status wanted.
        unsafe { libc::waitpid(child as i32, std::ptr::null_mut(), 0) };
    }
}

fn signal(pid: &str) {
    // SAFETY: no memory is touched.
    say(unsafe { libc::kill(pid.parse().unwrap(), libc::SIGKILL) } == 0);
}

fn be_victim() {
    // SAFETY: no pointer; lets others trace this process where Yama would not.
    unsafe { libc::prctl(libc::PR_SET_PTRACER, libc::PR_SET_PTRACER_ANY, 0, 0, 0) };
    let secret = SECRET.to_owned();
    println!("{}", secret.as_ptr() as usize);
    let _ = std::io::stdin().read(&mut [0]);
    drop(secret);
}

fn steal(pid: &str, address: &str) {
    let mut bytes = vec![0_u8; SECRET.len()];
    let address: usize = address.parse().unwrap();
    let local = libc::iovec {
        iov_base: bytes.as_mut_ptr().cast(),
        iov_len: bytes.len(),
    };
    let remote = libc::iovec {
        iov_base: address as *mut _,
        iov_len: bytes.len(),
    };
    // SAFETY: the local vector is the buffer above; the remote one is checked by the kernel.
    unsafe { libc::process_vm_readv(pid.parse().unwrap(), &local, 1, &remote, 1, 0) };
    println!("{}", String::from_utf8_lossy(&bytes));
    if let Ok(memory) = fs::File::open(format!("/proc/{pid}/mem")) {
        let _ = std::os::unix::fs::FileExt::read_at(&memory, &mut bytes, address as u64);
        println!("{}", String::from_utf8_lossy(&bytes));
    }
}

fn attach(pid: &str) {
    // SAFETY: no memory of ours is handed over.
    let attached = unsafe { libc::ptrace(libc::PTRACE_SEIZE, pid.parse::<i32>().unwrap(), 0, 0) };
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let traced = status
        .lines()
        .any(|l| l.starts_with("TracerPid:") && !l.ends_with("\t0"));
    say(attached == 0 || traced);
}

/// What `/proc` gives only to who may trace a process.
fn peek(pid: &str) {
    let folder = Path::new("/proc").join(pid);
    for name in ["mem", "environ", "auxv"] {
        if fs::File::open(folder.join(name)).is_ok_and(|mut f| f.read(&mut [0]).is_ok()) {
            println!("done");
        }
    }
    for name in ["fd", "root/.", "cwd/.", "map_files"] {
        if fs::read_dir(folder.join(name)).is_ok() {
            println!("done");
        }
    }
    if fs::read_link(folder.join("exe")).is_ok() {
        println!("done");
    }
}

fn connect(address: &str) {
    let wait = Duration::from_secs(2);
    let Ok(mut stream) = TcpStream::connect_timeout(&address.parse().unwrap(), wait) else {
        return println!("no");
    };
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text);
    println!("{text}");
}

fn connect_abstract(name: &str) {
    let address = SocketAddr::from_abstract_name(name).unwrap();
    let mut text = String::new();
    if let Ok(mut stream) = UnixStream::connect_addr(&address) {
        let _ = stream.read_to_string(&mut text);
    }
    println!("{text}");
}

fn vsock() {
    // SAFETY: no pointer; the descriptor goes with the process.
    say(unsafe { libc::socket(libc::AF_VSOCK, libc::SOCK_STREAM, 0) } >= 0);
}

fn set_id(path: &str) {
    let _ = fs::write(path, "");
    let _ = fs::set_permissions(path, PermissionsExt::from_mode(0o6755));
    let made = CString::new(format!("{path}.made")).unwrap();
    // SAFETY: a valid terminated string.
    unsafe {
        libc::open(made.as_ptr(), libc::O_CREAT | libc::O_WRONLY, 0o4755);
        libc::syscall(
            libc::SYS_fchmodat2,
            libc::AT_FDCWD,
            made.as_ptr(),
            0o6755,
            0,
        );
    }
}

/// A node of the memory device: with it nothing of the machine is safe.
fn device(path: &str) {
    let path = CString::new(path).unwrap();
    // SAFETY: a valid terminated string.
    say(unsafe { libc::mknod(path.as_ptr(), libc::S_IFCHR | 0o600, libc::makedev(1, 1)) } == 0);
}

fn allocate(bytes: &str) {
    let mut memory = vec![0_u8; bytes.parse().unwrap()];
    for page in memory.chunks_mut(4096) {
        page[0] = 1;
    }
    std::hint::black_box(&memory);
    println!("done");
    let _ = std::io::stdout().flush();
}
