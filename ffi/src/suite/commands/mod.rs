//! Suites of commands, described in lightspeed.toml.

mod config;
mod document;
mod mistake;
mod values;

pub use config::{CommandBenchmark, CommandConfig, CoverageSource, FILE_NAME};
pub use document::{ReportFormat, schema};
