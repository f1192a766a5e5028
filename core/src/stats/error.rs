//! What can be wrong with the numbers handed in.

/// Why a statistic could not be computed. No number is returned beside it.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum StatsError {
    /// A sample without values.
    #[error("a sample is empty: at least one value is needed")]
    Empty,
    /// A sample too small for the method.
    #[error("a sample has {n} values: this method needs at least {needed}")]
    TooFew {
        /// Values given.
        n: usize,
        /// Values needed.
        needed: usize,
    },
    /// NaN or an infinity.
    #[error("value {index} of a sample is not a finite number: remove it or measure again")]
    NotFinite {
        /// Position in the sample, from 0.
        index: usize,
    },
    /// Zero or less where ratios are formed.
    #[error("value {index} of a sample is not above zero: ratios need positive values")]
    NotPositive {
        /// Position in the sample, from 0.
        index: usize,
    },
    /// The result does not fit a double.
    #[error("the values are too far apart: the result does not fit a 64-bit float")]
    Overflow,
    /// A margin that is negative or not finite.
    #[error("the margin {0} is not usable: give a finite fraction of 0 or more")]
    BadMargin(f64),
    /// An error level outside (0, 1).
    #[error("the error level {0} is not usable: give a number above 0 and below 1")]
    BadAlpha(f64),
    /// Pairs whose two sides differ in number.
    #[error("{baseline} baseline values do not pair with {current} current ones: give as many of each")]
    UnequalLengths {
        /// Baseline values.
        baseline: usize,
        /// Current values.
        current: usize,
    },
    /// A p-value that is no probability.
    #[error("p-value {index} is not a number from 0 to 1: leave out what was not tested")]
    BadPValue {
        /// Position in the family, from 0.
        index: usize,
    },
    /// The variance of a mixture of bets.
    #[error("the mixture's rho {0} is not usable: give a finite number above 0")]
    BadRho(f64),
    /// Resamples that are too few or too many.
    #[error("{given} resamples are not usable: draw from {least} to {most}")]
    BadResamples {
        /// Given.
        given: usize,
        /// Smallest number accepted.
        least: usize,
        /// Largest number accepted.
        most: usize,
    },
    /// More values than the method can work on in reasonable time.
    #[error("a sample has {n} values: this method takes at most {most}")]
    TooMany {
        /// Values given.
        n: usize,
        /// Values accepted.
        most: usize,
    },
    /// A result without an estimated ratio where one is needed.
    #[error("result {index} has no ratio: leave it out")]
    NoRatio {
        /// Position among the results, from 0.
        index: usize,
    },
    /// Intervals of different levels that were to be combined.
    #[error("the interval of result {index} has another level: compute all of them with the same alpha")]
    OtherLevel {
        /// Position among the results, from 0.
        index: usize,
    },
    /// A quantile outside [0, 1].
    #[error("the quantile {0} is not usable: give a number from 0 to 1")]
    BadQuantile(f64),
}

impl StatsError {
    /// Its name in documents and in the vectors of the tests: that of the variant.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::TooFew { .. } => "TooFew",
            Self::NotFinite { .. } => "NotFinite",
            Self::NotPositive { .. } => "NotPositive",
            Self::Overflow => "Overflow",
            Self::BadMargin(_) => "BadMargin",
            Self::BadAlpha(_) => "BadAlpha",
            Self::UnequalLengths { .. } => "UnequalLengths",
            Self::BadPValue { .. } => "BadPValue",
            Self::BadRho(_) => "BadRho",
            Self::BadResamples { .. } => "BadResamples",
            Self::TooMany { .. } => "TooMany",
            Self::NoRatio { .. } => "NoRatio",
            Self::OtherLevel { .. } => "OtherLevel",
            Self::BadQuantile(_) => "BadQuantile",
        }
    }
}

/// Refuses an empty sample and the first value that is not finite.
pub(super) fn check_finite(sample: &[f64]) -> Result<(), StatsError> {
    if sample.is_empty() {
        return Err(StatsError::Empty);
    }
    match sample.iter().position(|v| !v.is_finite()) {
        Some(index) => Err(StatsError::NotFinite { index }),
        None => Ok(()),
    }
}

/// Refuses what [`check_finite`] refuses and the first value that is not above zero.
pub(crate) fn check_positive(sample: &[f64]) -> Result<(), StatsError> {
    check_finite(sample)?;
    match sample.iter().position(|v| *v <= 0.0) {
        Some(index) => Err(StatsError::NotPositive { index }),
        None => Ok(()),
    }
}

/// What `check` refuses in one of the runs, with the position among the values of all.
pub(super) fn check_runs<R: AsRef<[f64]>>(
    runs: &[R],
    check: impl Fn(&[f64]) -> Result<(), StatsError>,
) -> Result<(), StatsError> {
    let mut before = 0;
    for run in runs.iter().map(AsRef::as_ref) {
        check(run).map_err(|error| match error {
            StatsError::NotFinite { index } => StatsError::NotFinite { index: before + index },
            StatsError::NotPositive { index } => StatsError::NotPositive { index: before + index },
            other => other,
        })?;
        before += run.len();
    }
    Ok(())
}

/// Refuses an error level outside (0, 1).
pub(super) fn check_alpha(alpha: f64) -> Result<(), StatsError> {
    if alpha > 0.0 && alpha < 1.0 { Ok(()) } else { Err(StatsError::BadAlpha(alpha)) }
}

/// Refuses a margin that is negative or not finite.
pub(super) fn check_margin(margin: f64) -> Result<(), StatsError> {
    if margin.is_finite() && margin >= 0.0 { Ok(()) } else { Err(StatsError::BadMargin(margin)) }
}

/// Refuses to draw more values than a few seconds allow.
pub(super) fn check_work(n: usize, draws: usize) -> Result<(), StatsError> {
    const MOST: usize = 1 << 31;
    let most = MOST / draws.max(1);
    if n <= most { Ok(()) } else { Err(StatsError::TooMany { n, most }) }
}

/// Passes a finite number on.
pub(super) fn finite(value: f64) -> Result<f64, StatsError> {
    if value.is_finite() { Ok(value) } else { Err(StatsError::Overflow) }
}
