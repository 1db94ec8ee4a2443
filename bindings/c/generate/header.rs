//! Prints `include/silt.h`, made by cbindgen from what is public here.

use std::path::Path;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(folder.join("cbindgen.toml"))
        .unwrap_or_else(|error| panic!("cbindgen.toml: {error}"));
    let bindings = cbindgen::Builder::new()
        .with_config(config)
        .with_src(folder.join("src/lib.rs"))
        .generate();
    match bindings {
        Ok(bindings) => {
            let mut header = Vec::new();
            bindings.write(&mut header);
            // What Rust has under a heading of its own is a sentence in C.
            let header =
                String::from_utf8_lossy(&header).replace("// # Safety\n//\n// ", "// Pointers: ");
            print!("{header}");
        }
        Err(error) => panic!("no header: {error}"),
    }
}
