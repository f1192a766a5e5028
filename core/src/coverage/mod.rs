//! Coverage: executed lines of a phase → executed units; and reports that other tools wrote → executed lines.

mod cobertura;
mod coverage_py;
mod go;
mod lcov;
mod line_map;
mod llvm;
mod report;

pub use line_map::{CodeLines, LineMap};
pub use report::{CoverageError, Format, MOST_LINES, Report, format_of, read, read_as};
