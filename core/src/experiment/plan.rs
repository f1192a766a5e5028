//! What an experiment is to find out, and at what cost.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::error::ExperimentError;
use crate::stats::{Bet, EProcess, Verdict};
#[cfg(feature = "sweep")]
use crate::sweep::SweepDesign;

/// All an experiment is told beforehand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// How runs are arranged and when they end.
    pub design: Design,
    /// What is measured. Empty for a sweep, whose points they are.
    #[serde(default)]
    pub benchmarks: Vec<Planned>,
    /// Probability of calling a change where there is none, for each benchmark.
    pub alpha: f64,
    /// Decides every order; the same seed gives the same orders everywhere.
    pub seed: u64,
    /// Runs of each side that come first and do not count.
    pub warmups: usize,
    /// Seconds that runs may take together; `None` does not limit them.
    pub budget_s: Option<f64>,
}

/// One benchmark of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    /// Its name.
    pub id: String,
    /// Changes up to this fraction do not matter.
    pub margin: f64,
    /// Proven unaffected by the change: runs along to show whether the environment moves.
    pub control: bool,
    /// Seconds that one run is expected to take, where known.
    pub run_s: Option<f64>,
}

impl Planned {
    /// A benchmark with a margin of 2 % about which nothing else is known.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), margin: 0.02, control: false, run_s: None }
    }
}

/// How runs are arranged. All go in rounds over all benchmarks, so that a drift of the host meets all of them alike;
/// baseline and current follow each other, the order random in blocks of two (AB and BA).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Design {
    /// A fixed number of runs of each side, compared as two samples.
    TwoSamples {
        /// Runs of each side.
        runs: usize,
    },
    /// A fixed number of pairs, compared by signed ranks.
    Pairs {
        /// Pairs of each benchmark.
        pairs: usize,
    },
    /// Pairs until the evidence suffices, looked at after each.
    UntilDecided {
        /// Pairs of each benchmark at most.
        most_pairs: usize,
        /// What is bet on.
        bet: Bet,
        /// The verdicts that end a benchmark; after others it goes on.
        stop_at: Vec<Verdict>,
    },
    /// Both sides are the baseline: what does noise alone look like?
    Calibration {
        /// Comparisons for each benchmark.
        comparisons: usize,
        /// Pairs of each comparison.
        pairs: usize,
    },
    /// One code at every point of some axes.
    #[cfg(feature = "sweep")]
    Sweep(SweepDesign),
}

impl Design {
    /// Pairs until decided, as is usual: signed-rank bets, on to the end where only a minor change is in sight.
    pub fn until_decided(most_pairs: usize) -> Self {
        let stop_at = vec![Verdict::Regressed, Verdict::Improved, Verdict::Equivalent];
        Self::UntilDecided { most_pairs, bet: Bet::default(), stop_at }
    }

    /// Pairs of each benchmark at most; a run of each side counts as one where they are not compared as pairs.
    pub(super) fn most_pairs(&self) -> usize {
        match self {
            Self::TwoSamples { runs } => *runs,
            Self::Pairs { pairs } => *pairs,
            Self::UntilDecided { most_pairs, .. } => *most_pairs,
            Self::Calibration { comparisons, pairs } => comparisons.saturating_mul(*pairs),
            #[cfg(feature = "sweep")]
            Self::Sweep(design) => design.repeats,
        }
    }

    pub(super) fn bet(&self) -> Bet {
        if let Self::UntilDecided { bet, .. } = self { *bet } else { Bet::default() }
    }
}

impl Plan {
    /// A plan for these benchmarks at α = 0.05, without warm-up or budget.
    pub fn new(design: Design, benchmarks: Vec<Planned>, seed: u64) -> Self {
        Self { design, benchmarks, alpha: 0.05, seed, warmups: 0, budget_s: None }
    }

    /// The error level of a benchmark. Controls share α, so that together they are wrong with probability of at most α.
    pub(super) fn alpha_of(&self, index: usize) -> f64 {
        let is_control = self.benchmarks.get(index).is_some_and(|benchmark| benchmark.control);
        let controls = self.benchmarks.iter().filter(|benchmark| benchmark.control).count();
        if is_control { self.alpha / controls as f64 } else { self.alpha }
    }

    pub(super) fn check(&self) -> Result<(), ExperimentError> {
        let mut names = BTreeSet::new();
        for benchmark in &self.benchmarks {
            if !names.insert(&benchmark.id) {
                return Err(ExperimentError::Twice(benchmark.id.clone()));
            }
            above("the expected time of a run", benchmark.run_s)?;
            EProcess::new(self.design.bet(), benchmark.margin)?.verdict(self.alpha)?;
        }
        if names.is_empty() {
            return Err(ExperimentError::NoBenchmarks);
        }
        above("the number of runs", Some(self.design.most_pairs() as f64))?;
        at_most("the number of runs", self.design.most_pairs())?;
        at_most("the number of warm-ups", self.warmups)?;
        above("the budget", self.budget_s)
    }
}

/// Keeps sums over benchmarks within 32 bits, so that they are the same where that is the size of a `usize`.
fn at_most(what: &'static str, n: usize) -> Result<(), ExperimentError> {
    const MOST: usize = 1 << 20;
    if n > MOST { Err(ExperimentError::TooMany { what, n, most: MOST }) } else { Ok(()) }
}

fn above(what: &'static str, value: Option<f64>) -> Result<(), ExperimentError> {
    match value {
        Some(value) if !(value.is_finite() && value > 0.0) => Err(ExperimentError::NotAbove(what)),
        _ => Ok(()),
    }
}
