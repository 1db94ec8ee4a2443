#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| silt_log::fuzzing::text(bytes));
