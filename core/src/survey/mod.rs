//! Surveys without a session: put together from coverage reports by whoever runs the benchmarks, saved and loaded as
//! bytes, asked about files that are handed in.
//!
//! The steps: a [`SurveyBuilder`] takes the source files and what each benchmark executed;
//! [`Index::new`](crate::impact::Index::new) makes the survey ready to be asked; [`answer`] says what files affect.

#[cfg(feature = "parse")]
mod answer;
mod bitmap;
#[cfg(feature = "parse")]
mod builder;
#[cfg(feature = "parse")]
mod change;
#[cfg(feature = "parse")]
mod go;
mod snapshot;

#[cfg(feature = "parse")]
pub use answer::{FileNow, Question, answer, ask};
pub use bitmap::{bitmap_from_bytes, bitmap_to_bytes};
#[cfg(feature = "parse")]
pub use builder::{BenchmarkNumber, Located, SurveyBuilder, SurveyError};
#[cfg(feature = "parse")]
pub use change::{change, change_by};
pub use snapshot::{Extras, SnapshotError, decode, decode_with, encode, encode_with, is_consistent};
