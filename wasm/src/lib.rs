//! The core for browsers and Node, one file a noun. Texts that go in and come out are JSON; failures are `Error` objects
//! with a `code`. Starts nothing and fetches nothing.
#![deny(unsafe_code)]

mod blocks;
mod coverage;
mod error;
mod experiment;
mod files;
mod index;
mod inflate;
mod json;
mod panic;
mod rows;
mod selection;
mod snapshot;
mod stats;
mod suite_map;
mod survey;

pub use blocks::{blob_id, blocks};
pub use coverage::coverage;
pub use error::Error;
pub use experiment::Experiment;
pub use files::Files;
pub use index::Index;
pub use inflate::inflate;
pub use rows::IndexRows;
pub use selection::Selection;
pub use snapshot::Snapshot;
pub use stats::stats;
pub use suite_map::SuiteMap;
pub use survey::SurveyBuilder;
