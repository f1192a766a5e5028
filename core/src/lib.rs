//! The pure half of libLightspeed: bytes and numbers in, values out.
//!
//! Flow, one way: `source → language → blocks → fingerprint`, `coverage`, both into `impact`; `stats → experiment` and
//! `stats → sweep` stand alone; what leaves the process as a document is in `report`. No module does IO, reads a clock, the environment or randomness.
#![forbid(unsafe_code)]

pub mod blocks;
mod checksum;
pub mod coverage;
pub mod experiment;
pub mod fingerprint;
pub mod frame;
pub mod impact;
pub mod import_time;
mod number;
pub mod report;
pub mod source;
pub mod stats;
pub mod survey;
#[cfg(feature = "sweep")]
pub mod sweep;
#[cfg(feature = "parse")]
mod unicode;
