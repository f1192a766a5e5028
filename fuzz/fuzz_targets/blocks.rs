//! Arbitrary bytes as Python source.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lightspeed_fuzz::check_blocks(bytes));
