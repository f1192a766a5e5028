//! What a source change affects: dependency index + changed files → affected benchmark instances, with reasons.
//!
//! Soundness comes first: where a rule is in doubt the instance is affected.

mod change;
mod closure;
mod diff;
mod explain;
mod file;
mod go;
mod heat;
mod index;
mod mention;
mod module;
mod native;
mod postings;
mod reason;
mod runner;
mod select;

pub use change::{After, Change};
#[cfg(feature = "parse")]
pub(crate) use go::{GoPackages, go_imports};
pub use heat::{Grouping, Heat, SuiteMap, heat, suite_map};
pub use index::{Benchmark, Execution, FileKind, Index, IndexedFile, Instance, Observed, Phase, Survey, renumber};
pub use native::{Extensions, fits, is_native_source};
pub use reason::{Link, Reason, Rule};
pub use select::{Hotfile, Policy, Request, Selection, select};

/// Unit number that stands for "opened as data" in the rows of a source file.
pub const OPENED_UNIT: u32 = u32::MAX;
