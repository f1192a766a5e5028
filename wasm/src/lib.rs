//! The core for browsers and Node, one file a noun. Texts that go in and come out are JSON; failures are `Error` objects
//! with a `code`. Starts nothing and fetches nothing.
#![deny(unsafe_code)]

mod blocks;
mod error;
mod experiment;
mod inflate;
mod stats;

pub use blocks::blocks;
pub use error::Error;
pub use experiment::Experiment;
pub use inflate::inflate;
pub use stats::stats;
