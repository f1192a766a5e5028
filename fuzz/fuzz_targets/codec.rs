//! Arbitrary bytes as a stored analysis.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lightspeed_fuzz::check_codec(bytes));
