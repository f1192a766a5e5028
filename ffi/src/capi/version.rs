//! Which library this is.

use super::lightspeed_str;
use std::ffi::CStr;

/// Version of the binary interface. A change that an older caller would not survive raises it.
pub const LIGHTSPEED_ABI_VERSION: u32 = 1;

const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
    Ok(version) => version,
    Err(_) => c"",
};

/// The version of the library, as `0.1.0`. Static and NUL-terminated. From any thread.
#[unsafe(no_mangle)]
pub extern "C" fn lightspeed_version() -> lightspeed_str {
    lightspeed_str::terminated(VERSION)
}

/// The version of the binary interface. A program compares it with `LIGHTSPEED_ABI_VERSION` of the header that it was
/// built with, before any other call, and does not go on if they differ. From any thread.
#[unsafe(no_mangle)]
pub extern "C" fn lightspeed_abi_version() -> u32 {
    LIGHTSPEED_ABI_VERSION
}
