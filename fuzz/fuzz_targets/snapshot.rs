//! Arbitrary bytes as a survey that was kept.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lightspeed_fuzz::check_snapshot(bytes));
