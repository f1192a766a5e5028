//! Documents that leave the process: their own types, each with its version.

mod blocks;

pub use blocks::{BLOCKS_SCHEMA, BlockReport, BlocksReport, DefinitionReport, DiagnosticReport, FileReport};
