//! Surveys without a session: put together from coverage reports by whoever runs the benchmarks, saved and loaded as
//! bytes, asked about files that are handed in.
//!
//! The steps: a [`SurveyBuilder`] takes the source files and what each benchmark executed; [`Index::new`] makes the
//! survey ready to be asked; [`change`] says what became of a file; [`select`](crate::impact::select) answers.

#[cfg(feature = "parse")]
mod builder;
#[cfg(feature = "parse")]
mod change;
mod snapshot;

#[cfg(feature = "parse")]
pub use builder::{BenchmarkNumber, Located, SurveyBuilder, SurveyError};
#[cfg(feature = "parse")]
pub use change::change;
pub use snapshot::{SnapshotError, decode, encode};
