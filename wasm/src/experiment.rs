//! An experiment under way: what to run next, when to stop, what the runs say.

use lightspeed_core::experiment;
use wasm_bindgen::prelude::*;

use crate::Error;
use crate::json::{read, write};

/// Says what to run next and takes what came of it, until nothing is left to run.
#[wasm_bindgen]
pub struct Experiment(experiment::Experiment);

#[wasm_bindgen]
impl Experiment {
    /// Nothing run yet. `plan` is a plan as JSON: `design`, `benchmarks`, `alpha`, `seed`, `warmups`, `budget_s`.
    ///
    /// # Errors
    /// A text that is no plan, a plan that makes no sense.
    #[wasm_bindgen(constructor)]
    pub fn new(plan: &str) -> Result<Self, Error> {
        Ok(Self(experiment::Experiment::new(read("the plan", plan)?)?))
    }

    /// Takes up the experiment whose `state()` this is, where it was.
    ///
    /// # Errors
    /// A text that `state()` did not write.
    pub fn resume(state: &str) -> Result<Self, Error> {
        Ok(Self(read("the saved state", state)?))
    }

    /// What to run now, as JSON; the same until its outcome was recorded. Its `kind` is `run` or `done`.
    ///
    /// # Errors
    /// None that a caller could cause.
    #[allow(clippy::should_implement_trait, reason = "its name in every language")]
    pub fn next(&mut self) -> Result<String, Error> {
        write("the next run", &self.0.next())
    }

    /// Takes the outcome of the run that `next()` named, as JSON: its `kind` is `values` (with `values` and `wall_s`),
    /// `failed` (with a `reason`), `timed_out` or `skipped`.
    ///
    /// # Errors
    /// A text that is no outcome, unusable values, nothing asked for. The state stays as it was.
    pub fn record(&mut self, outcome: &str) -> Result<(), Error> {
        Ok(self.0.record(read("the outcome", outcome)?)?)
    }

    /// Asks for nothing more. What was recorded stays and has results.
    pub fn cancel(&mut self) {
        self.0.cancel();
    }

    /// How far it is, as JSON.
    ///
    /// # Errors
    /// None that a caller could cause.
    pub fn progress(&self) -> Result<String, Error> {
        write("the progress", &self.0.progress())
    }

    /// What the runs so far say, as JSON.
    ///
    /// # Errors
    /// None that a caller could cause.
    pub fn results(&self) -> Result<String, Error> {
        write("the results", &self.0.results())
    }

    /// All there is to it, as JSON that `resume` takes.
    ///
    /// # Errors
    /// None that a caller could cause.
    pub fn state(&self) -> Result<String, Error> {
        write("the state", &self.0)
    }
}
