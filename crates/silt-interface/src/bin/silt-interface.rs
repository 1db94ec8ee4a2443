//! Prints `interface.json`.

fn main() {
    print!("{}", silt_interface::interface_json());
}
