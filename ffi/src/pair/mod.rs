//! Two commands, run in turn until it is known whether they differ.

mod budget;
mod decide;
mod error;
mod metric;
mod options;
mod receipt;
mod run;

pub use budget::Budget;
pub use error::PairError;
pub use lightspeed_core::frame::Direction;
pub use metric::Metric;
pub use options::{PairOptions, Program};
pub use receipt::{
    MetricReport, Order, PairReceipt, PairSample, PairStats, PairVerdict, RunInfo, RunSample, SCHEMA, Tool,
};
pub use run::{PairRun, random_seed, run_pair};
