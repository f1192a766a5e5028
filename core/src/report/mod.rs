//! Documents that leave the process: their own types, each with its version.

mod blocks;
mod hyperfine;
mod markdown;
mod selection;
mod surveyed;
mod words;

pub use blocks::{BLOCKS_SCHEMA, BlockReport, BlocksReport, DefinitionReport, DiagnosticReport, FileReport};
pub use hyperfine::{HyperfineExport, HyperfineResult, TimedRun};
pub use markdown::markdown;
pub use selection::{Affected, ChangeText, EnvironmentText, HotfileText, ReasonText, SELECT_SCHEMA, SelectReport};
pub use surveyed::{BlockHeat, InstanceFile, SurveyedFile, block_heat, instance_files, surveyed_files};
pub use words::words;
