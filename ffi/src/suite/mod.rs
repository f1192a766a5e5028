//! Benchmark suites: what they contain, and how one operation on one benchmark went.

mod analysis;
pub mod asv;
mod benchmark;
pub mod commands;
mod compare;
mod config;
mod coverage;
mod error;
mod layer;
mod opened;
mod operation;
mod source_root;

pub use analysis::AnalysisConfig;
pub use benchmark::{Benchmark, Kind};
pub use compare::{Commands, CompareConfig, EnvironmentKind};
pub use config::SuiteConfig;
pub use coverage::{CodeLines, Coverage, Phases};
pub use error::SuiteError;
pub use layer::{Layer, LayerPatterns};
pub use opened::{Circumstances, Runner, Suite};
pub(crate) use operation::OUTPUT_CAP;
pub use operation::{Digest, OpResult, Outcome};
pub use source_root::SourceRoot;

use serde::{Deserialize, Serialize};

/// A file of a suite, or a part of one, that holds no benchmarks because something went wrong in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFailure {
    /// The file, relative to the suite's directory.
    pub file: String,
    /// The class or function that could not be looked into; none where the whole file failed.
    #[serde(default, rename = "where")]
    pub part: Option<String>,
    /// What went wrong, in one line.
    pub error: String,
    /// The traceback, or the end of what was written before a crash.
    #[serde(default)]
    pub detail: String,
}

/// A package of the source root that would be imported from somewhere else, so that a change would not be measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shadow {
    /// The import name.
    pub package: String,
    /// Where it comes from instead.
    pub imported_from: String,
}
