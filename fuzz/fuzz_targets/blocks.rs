//! Arbitrary bytes as Python source.
#![no_main]

use lightspeed_core::source::Language;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lightspeed_fuzz::check_blocks(Language::Python, bytes));
