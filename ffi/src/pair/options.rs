//! What a pair is to run, how often, and what counts as a change.

use super::PairError;
use super::budget::Budget;
use super::metric::Metric;
use crate::process::{Command, ProcessError};
use lightspeed_core::stats::GatePolicy;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// One of the two commands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// The program and its arguments; no shell reads them.
    pub command: Vec<String>,
    /// Where it runs.
    pub cwd: PathBuf,
    /// Variables to set, or (null) to remove, on top of this process's own.
    pub env: Vec<(String, Option<String>)>,
}

impl Program {
    /// The process that it describes, with the limits of any.
    pub(crate) fn to_command(&self) -> Command {
        let mut command = Command::new(&self.command, &self.cwd);
        command.env = self.env.iter().map(|(k, v)| (k.into(), v.as_ref().map(Into::into))).collect();
        command
    }

    /// Refuses names that no variable can have.
    pub(crate) fn check_variables(&self) -> Result<(), String> {
        let is_none = |name: &&String| name.is_empty() || name.contains(['=', '\0']);
        match self.env.iter().map(|(name, _)| name).find(is_none) {
            Some(name) => Err(format!(
                "{name:?} cannot be the name of an environment variable: a name is not empty and has no '=' in it"
            )),
            None => Ok(()),
        }
    }

    /// Refuses what could not be started, as far as that shows without trying.
    pub(crate) fn check_startable(&self) -> Result<(), ProcessError> {
        let Some(first) = self.command.first().filter(|first| !first.is_empty()) else {
            return Err(ProcessError::EmptyCommand);
        };
        if !self.cwd.is_dir() {
            return Err(ProcessError::WorkingDirectory { program: first.clone(), cwd: self.cwd.clone() });
        }
        let path = match self.env.iter().rev().find(|(name, _)| name == "PATH") {
            Some((_, value)) => value.as_ref().map(Into::into),
            None => std::env::var_os("PATH"),
        };
        if which::which_in(first, path, &self.cwd).is_ok() {
            return Ok(());
        }
        let there = first.contains('/') && self.cwd.join(first).exists();
        let program = first.clone();
        Err(if there { ProcessError::NotExecutable { program } } else { ProcessError::NotFound { program } })
    }
}

/// All that a pair is told beforehand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairOptions {
    /// What it is called in reports.
    pub name: String,
    /// Before the change.
    pub baseline: Program,
    /// After the change.
    pub current: Program,
    /// Seconds that a run may take.
    pub timeout_s: f64,
    /// How many bytes are kept of each output of a run (the last ones).
    pub output_cap: usize,
    /// Pairs that come first and do not count.
    pub warmup: usize,
    /// Pairs at least. Where that is also the most, no look is taken at the evidence before the end.
    pub least_pairs: usize,
    /// Pairs at most.
    pub most_pairs: usize,
    /// Probability of calling a change where there is none, over all budgets together.
    pub alpha: f64,
    /// Decides the order in the pairs.
    pub seed: u64,
    /// How much work one run does, where it should be told by the piece.
    pub work_units: Option<f64>,
    /// Exit codes other than 0 are no failure.
    pub allow_nonzero: bool,
    /// How much worse it may become. Nothing but these decides.
    pub budgets: Vec<Budget>,
    /// What to do about what.
    pub gate: GatePolicy,
}

impl PairOptions {
    /// Until decided, in 60 pairs at most; 5 % of wall time do not matter; a minute for each run.
    #[must_use]
    pub fn new(baseline: Program, current: Program, seed: u64) -> Self {
        PairOptions {
            name: "pair".to_owned(),
            baseline,
            current,
            timeout_s: 60.0,
            output_cap: 8 << 10,
            warmup: 1,
            least_pairs: 0,
            most_pairs: 60,
            alpha: 0.05,
            seed,
            work_units: None,
            allow_nonzero: false,
            budgets: vec![Budget::share(Metric::Wall, 0.05)],
            gate: GatePolicy::default(),
        }
    }

    /// Whether the number of pairs is fixed beforehand.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        self.least_pairs >= self.most_pairs
    }

    /// The error level of each budget: together they are wrong with probability of at most α.
    pub(super) fn alpha_each(&self) -> f64 {
        self.alpha / self.budgets.len().max(1) as f64
    }

    pub(super) fn check(&self) -> Result<(), PairError> {
        let refused = |text: String| Err(PairError::Options(text));
        if self.most_pairs == 0 {
            return refused("no pair at all may be run: allow at least one".to_owned());
        }
        if !(self.timeout_s.is_finite() && self.timeout_s > 0.0) {
            return refused(format!(
                "a timeout of {} s cannot be met: give a positive number of seconds",
                self.timeout_s
            ));
        }
        if !(self.alpha > 0.0 && self.alpha < 1.0) {
            return refused(format!("the error level {} is not usable: give a number above 0 and below 1", self.alpha));
        }
        if self.work_units.is_some_and(|units| !(units.is_finite() && units > 0.0)) {
            return refused("the number of work units must be above zero".to_owned());
        }
        if self.budgets.is_empty() {
            return refused("there is no budget, so nothing could be decided: give one".to_owned());
        }
        for (i, budget) in self.budgets.iter().enumerate() {
            let metric = budget.metric.as_str();
            if self.budgets[..i].iter().any(|other| other.metric == budget.metric) {
                return refused(format!("there are two budgets for {metric}: give one"));
            }
            if budget.metric == Metric::Throughput && self.work_units.is_none() {
                return refused("a budget for throughput needs the number of work units of a run".to_owned());
            }
            for limit in [Some(budget.fail), budget.warn].into_iter().flatten() {
                let sound = |x: f64| x.is_finite() && x >= 0.0;
                if !sound(limit.fraction) || !sound(limit.absolute) {
                    return refused(format!("the budget for {metric} must be finite and not negative"));
                }
            }
        }
        [&self.baseline, &self.current].into_iter().try_for_each(Program::check_variables).map_err(PairError::Options)
    }
}
