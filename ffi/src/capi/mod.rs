//! The C face: one file a noun over the safe API. The only unsafe code of the project.
//!
//! The conventions are those of docs/c-api.md; `include/lightspeed.h` is generated from these files.
#![allow(unsafe_code)]
#![allow(non_camel_case_types, reason = "types carry the names that they have in C")]
#![allow(clippy::missing_safety_doc, reason = "docs/c-api.md says once what every pointer from C must be")]

mod blocks;
mod buf;
mod cancel;
mod error;
mod options;
mod panic;
mod pointer;
mod report;
mod selection;
mod session;
mod status;
mod str;
#[doc(hidden)]
pub mod testing;
#[cfg(test)]
mod tests;
mod version;

pub use blocks::*;
pub use buf::*;
pub use cancel::*;
pub use error::*;
pub use report::*;
pub use selection::*;
pub use session::*;
pub use status::*;
pub use str::*;
pub use version::*;
