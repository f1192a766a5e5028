//! The C face: one file a noun over the safe API. The only unsafe code of the project.
//!
//! The conventions are those of docs/c-api.md; `include/lightspeed.h` is generated from these files.
#![allow(unsafe_code)]
#![allow(non_camel_case_types, reason = "types carry the names that they have in C")]
#![allow(clippy::missing_safety_doc, reason = "docs/c-api.md says once what every pointer from C must be")]

mod blocks;
mod buf;
mod cancel;
mod coverage;
mod design;
mod error;
mod experiment;
mod explain;
mod index;
mod init;
mod measure;
mod measurement;
mod options;
mod pair;
mod panic;
mod pointer;
mod progress;
mod report;
mod result;
mod select;
mod selection;
mod session;
mod stats;
mod status;
mod store;
mod str;
mod survey;
#[doc(hidden)]
pub mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_experiment;
#[cfg(test)]
mod tests_harness;
#[cfg(test)]
mod tests_measure;
#[cfg(test)]
mod tests_pair;
#[cfg(test)]
mod tests_progress;
#[cfg(test)]
mod tests_stats;
mod version;

pub use blocks::*;
pub use buf::*;
pub use cancel::*;
pub use coverage::*;
pub use design::*;
pub use error::*;
pub use experiment::*;
pub use explain::*;
pub use index::*;
pub use init::*;
pub use measure::*;
pub use measurement::*;
pub use pair::*;
pub use progress::*;
pub use report::*;
pub use result::*;
pub use select::*;
pub use selection::*;
pub use session::*;
pub use stats::*;
pub use status::*;
pub use store::*;
pub use str::*;
pub use survey::*;
pub use version::*;
