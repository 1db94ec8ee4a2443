fn main() {
    // Threads of the library run its code, so that it must stay where it is.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libsilt.so");
    println!("cargo::rerun-if-changed=build.rs");
}
