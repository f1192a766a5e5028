//! What to run next, when to stop, and what the runs say. Starts nothing and reads no clock.
//!
//! [`Experiment::next`] names one process run, the caller does it and hands its values to [`Experiment::record`], until
//! there is nothing left to run. The unit of inference is one run, or one pair of runs; the values of a run collapse
//! to their median. Everything follows from the plan, its seed and what was recorded: the state can be serialised after
//! any step and taken up again.

mod calibration;
mod comparison;
mod error;
mod plan;
mod results;
mod run;
mod schedule;
mod series;
mod state;
#[cfg(feature = "sweep")]
mod sweep;

pub use calibration::Calibration;
pub use error::ExperimentError;
pub use plan::{Design, Plan, Planned};
pub use results::{BenchmarkResult, EnvironmentDrift, Results};
pub use run::{Next, Outcome, Progress, Run, Side};
pub use state::Experiment;
