//! Arbitrary bytes as a coverage report.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lightspeed_fuzz::check_coverage(bytes));
