//! A command or benchmark at every point of one or more parameter axes.

mod cores;
mod derived;
mod error;
mod journal;
mod options;
mod report;
mod run;
mod sample;
mod subject;
mod warning;

pub use derived::Derived;
pub use error::SweepError;
pub use journal::{Head, JOURNAL_SCHEMA, read_journal};
pub(crate) use options::VALUE;
pub use options::{Subject, SweepOptions};
pub use report::{MetricText, PointReport, SCHEMA, SweepReport};
pub(crate) use run::run_points;
pub use run::{Keeping, run_sweep};
pub use sample::SweepSample;
pub use warning::{SweepWarning, WarningKind};
