//! The state machine: asks for runs, takes their outcomes.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::comparison::Comparison;
use super::error::ExperimentError;
#[cfg(feature = "sweep")]
use super::plan::Design;
use super::plan::Plan;
use super::results::Results;
use super::run::{Next, Outcome, Progress};
#[cfg(feature = "sweep")]
use super::sweep::Sweep;

/// An experiment under way. Serialise it as JSON after any step, and what is read back goes on where this one would.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Saved")]
pub struct Experiment(Kind);

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
enum Kind {
    Comparison(Comparison),
    #[cfg(feature = "sweep")]
    Sweep(Sweep),
}

impl Experiment {
    /// Nothing run yet.
    ///
    /// # Errors
    /// No benchmarks, one named twice, counts or times that are not above zero, an unusable margin, bet or error level; axes that make no
    /// points.
    pub fn new(plan: Plan) -> Result<Self, ExperimentError> {
        Ok(Self(match plan.design {
            #[cfg(feature = "sweep")]
            Design::Sweep(_) => Kind::Sweep(Sweep::new(plan)?),
            _ => Kind::Comparison(Comparison::new(plan)?),
        }))
    }

    #[allow(clippy::should_implement_trait, reason = "an iterator could not be recorded to between two items")]
    /// What to run now; the same until its outcome was recorded.
    pub fn next(&mut self) -> Next {
        match &mut self.0 {
            Kind::Comparison(comparison) => comparison.next(),
            #[cfg(feature = "sweep")]
            Kind::Sweep(sweep) => sweep.next(),
        }
    }

    /// Takes the outcome of the run that [`next`](Self::next) named. A benchmark that gives no values is not run again.
    ///
    /// # Errors
    /// Nothing was asked for; values or a time that are not usable. The state stays as it was, and the run is still
    /// the next one: record it again, or record that it failed.
    pub fn record(&mut self, outcome: Outcome) -> Result<(), ExperimentError> {
        match &mut self.0 {
            Kind::Comparison(comparison) => comparison.record(outcome),
            #[cfg(feature = "sweep")]
            Kind::Sweep(sweep) => sweep.record(outcome),
        }
    }

    /// Asks for nothing more. What was recorded stays and has results.
    pub fn cancel(&mut self) {
        match &mut self.0 {
            Kind::Comparison(comparison) => comparison.cancel(),
            #[cfg(feature = "sweep")]
            Kind::Sweep(sweep) => sweep.cancel(),
        }
    }

    /// Whether negative controls are all that is left to run: they have nobody to run along with any more.
    pub fn only_controls_left(&self) -> bool {
        match &self.0 {
            Kind::Comparison(comparison) => comparison.only_controls_left(),
            #[cfg(feature = "sweep")]
            Kind::Sweep(_) => false,
        }
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        match &self.0 {
            Kind::Comparison(comparison) => comparison.progress(),
            #[cfg(feature = "sweep")]
            Kind::Sweep(sweep) => sweep.progress(),
        }
    }

    /// What the runs so far say. Can be asked at any time.
    pub fn results(&self) -> Results {
        match &self.0 {
            Kind::Comparison(comparison) => comparison.results(),
            #[cfg(feature = "sweep")]
            Kind::Sweep(sweep) => sweep.results(),
        }
    }

    /// Medians of what the runs of a benchmark's complete pairs gave, before the change and after it; of a sweep, at the point that this
    /// one is compared with and at this one.
    pub fn medians(&self, benchmark: usize) -> Option<(f64, f64)> {
        match &self.0 {
            Kind::Comparison(comparison) => comparison.medians(benchmark),
            #[cfg(feature = "sweep")]
            Kind::Sweep(sweep) => sweep.medians(benchmark),
        }
    }

    /// The plan it follows. That of a sweep names its points as benchmarks.
    pub fn plan(&self) -> &Plan {
        match &self.0 {
            Kind::Comparison(comparison) => comparison.plan(),
            #[cfg(feature = "sweep")]
            Kind::Sweep(sweep) => sweep.plan(),
        }
    }
}

/// The state as it is read back. What was recorded is read when the plan is known.
#[derive(Deserialize)]
struct Saved {
    plan: Plan,
    series: Box<RawValue>,
    pending: Box<RawValue>,
    cancelled: bool,
}

impl TryFrom<Saved> for Experiment {
    type Error = ExperimentError;

    fn try_from(saved: Saved) -> Result<Self, ExperimentError> {
        let Saved { plan, series, pending, cancelled } = saved;
        Ok(Self(match plan.design {
            #[cfg(feature = "sweep")]
            Design::Sweep(_) => Kind::Sweep(Sweep::taken_up(plan, recorded(&series)?, recorded(&pending)?, cancelled)?),
            _ => Kind::Comparison(Comparison::taken_up(plan, recorded(&series)?, recorded(&pending)?, cancelled)?),
        }))
    }
}

fn recorded<T: DeserializeOwned>(text: &RawValue) -> Result<T, ExperimentError> {
    serde_json::from_str(text.get()).map_err(|_| ExperimentError::BadState)
}
