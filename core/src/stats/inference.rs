//! The one shape in which every method gives its result.

use serde::{Deserialize, Serialize};

use super::warning::Warning;

/// What a method found. Every number is finite; what does not exist is `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inference {
    /// How it was found.
    pub method: Method,
    /// Where the p-value and the interval come from; `None` where neither needs a distribution.
    pub distribution: Option<Distribution>,
    /// Values on each side; for pairs, their number twice.
    pub n: Sizes,
    /// What `estimate` and `interval` are about.
    pub estimand: Estimand,
    /// The best single answer.
    pub estimate: Option<f64>,
    /// Its interval.
    pub interval: Interval,
    /// The method's own statistic, as its function says.
    pub statistic: Option<f64>,
    /// Degrees of freedom of the statistic, where it has any.
    pub degrees_of_freedom: Option<f64>,
    /// Probability of data at least as far out if there were no difference, two-sided.
    pub p_value: Option<f64>,
    /// The smallest p-value that samples of these sizes could give.
    pub p_min: Option<f64>,
    /// Evidence against "no change beyond the margin", valid whenever one stops; `None` where it exceeds a double too.
    pub e_value: Option<f64>,
    /// Natural logarithm of the e-value.
    pub ln_e_value: Option<f64>,
    /// The random numbers that were used.
    pub draws: Option<Draws>,
    /// What must hold for the numbers to mean what they say.
    pub assumptions: Vec<Assumption>,
    /// What to keep in mind.
    pub warnings: Vec<Warning>,
}

impl Inference {
    /// A result without numbers yet.
    pub(super) fn new(method: Method, n: (usize, usize), estimand: Estimand, alpha: f64) -> Self {
        Self {
            method,
            distribution: None,
            n: Sizes { baseline: n.0, current: n.1 },
            estimand,
            estimate: None,
            interval: Interval { low: None, high: None, level: 1.0 - alpha },
            statistic: None,
            degrees_of_freedom: None,
            p_value: None,
            p_min: None,
            e_value: None,
            ln_e_value: None,
            draws: None,
            assumptions: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

/// How many values there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sizes {
    /// In the baseline.
    pub baseline: usize,
    /// In the current sample.
    pub current: usize,
}

/// An interval; an end that the data do not bound is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Probability with which such intervals hold the truth: 0.95, or more where a distribution has steps.
    pub level: f64,
}

/// How a result was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Mann–Whitney on the medians of the runs: enough runs on both sides.
    RunMedians,
    /// Few runs: Mann–Whitney on all values and Welch's t on the medians of the runs must both agree; the interval
    /// covers both.
    SamplesAndRuns,
    /// One run on a side: Mann–Whitney on all values, the interval widened by a factor of two each way.
    SingleRun,
    /// Values that do not vary, compared as they are.
    Deterministic,
    /// Mann–Whitney U.
    MannWhitney,
    /// Hodges–Lehmann ratio of two samples.
    HodgesLehmann,
    /// Welch's t on logarithms.
    Welch,
    /// Wilcoxon's signed ranks.
    SignedRank,
    /// Random signs of the differences.
    SignFlip,
    /// Bias-corrected and accelerated bootstrap.
    Bootstrap,
    /// Bets on the signs of differences, with stakes by the ranks of their sizes.
    SignedRankBetting,
    /// Bets on the signs of differences.
    SignBetting,
    /// Half-normal mixture of bets on symmetric differences.
    SymmetricMixture,
    /// Geometric mean of ratios.
    GeometricMean,
}

/// Where a p-value or an interval comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Distribution {
    /// Counted out, given the ties of these samples.
    Exact,
    /// Normal; for ranks with tie and continuity corrections.
    Normal,
    /// Student's t.
    Student,
    /// Drawn from a seeded generator.
    MonteCarlo,
}

/// What an estimate is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Estimand {
    /// current/baseline.
    Ratio,
    /// current − baseline, in the unit of the samples.
    Difference,
}

/// The random numbers behind a result: the same seed gives the same result everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draws {
    /// Seed of the generator.
    pub seed: u64,
    /// How often the data were redrawn.
    pub count: usize,
}

/// What must hold for a result to mean what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assumption {
    /// Values do not influence each other.
    IndependentValues,
    /// Pairs do not influence each other.
    IndependentPairs,
    /// The two samples differ by a factor (or, for a difference, by a shift) and in nothing else.
    SameShape,
    /// Logarithms of the values are normal.
    LogNormal,
    /// Differences within pairs fall symmetrically around their centre.
    SymmetricDifferences,
    /// Given the pairs before it, the next difference is above the true median with probability of at most ½, and
    /// likewise below.
    MedianOfEachPair,
    /// Enough values for the sample to stand for its source.
    LargeSample,
    /// The same code always gives the same value.
    Deterministic,
    /// Errors of different benchmarks do not influence each other.
    IndependentBenchmarks,
}
