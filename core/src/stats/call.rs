//! Statistics by name, on JSON: the one face that every binding shares.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};

use super::{
    Bet, BootstrapOptions, CompareOptions, Inference, Margin, MarginOptions, NoiseFloor, Resampled, StatsError,
    benjamini_hochberg, bootstrap, compare, diagnose, e_value, geometric_mean, hodges_lehmann, holm, is_different,
    mann_whitney, outliers, sign_flip, signed_rank, summarize, welch,
};
use crate::number;

/// Why a call has no result.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// No such function.
    #[error("no function '{0}': there are {known}", known = FUNCTIONS.join(", "))]
    UnknownFunction(String),
    /// The input is no JSON, or not what the function takes.
    #[error("the input of {function} is not usable: {cause}")]
    Input {
        /// What was called.
        function: &'static str,
        /// What is wrong, and where.
        cause: serde_json::Error,
    },
    /// The numbers have no such statistic.
    #[error(transparent)]
    Stats(#[from] StatsError),
}

impl CallError {
    /// Its name in documents: that of the variant, or of what is wrong with the numbers.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownFunction(_) => "UnknownFunction",
            Self::Input { .. } => "Input",
            Self::Stats(cause) => cause.code(),
        }
    }
}

type Function = fn(&'static str, &str) -> Result<String, CallError>;

const TABLE: &[(&str, Function)] = &[
    ("benjamini_hochberg", |name, input| adjusted(name, input, benjamini_hochberg)),
    ("bootstrap", |name, input| {
        let Bootstrap { baseline, current, resampled, resamples, seed, alpha } = read(name, input)?;
        write(name, bootstrap(&baseline.0, &current.0, &BootstrapOptions { resampled, resamples, seed, alpha }))
    }),
    ("compare", |name, input| {
        let Compare { baseline, current, margin, alpha } = read(name, input)?;
        let runs = |side: Vec<Values>| side.into_iter().map(|run| run.0).collect::<Vec<_>>();
        write(name, compare(&runs(baseline), &runs(current), &CompareOptions { margin: margin.0, alpha }))
    }),
    ("diagnose", |name, input| {
        let Diagnose { log_ratios, baseline_first, alpha } = read(name, input)?;
        write(name, diagnose(&log_ratios.0, &baseline_first, alpha))
    }),
    ("e_value", |name, input| {
        let EValue { baseline, current, bet, margin, alpha } = read(name, input)?;
        write(name, e_value(&baseline.0, &current.0, bet, margin.0, alpha))
    }),
    ("geometric_mean", |name, input| {
        let GeometricMean { samples, alpha } = read(name, input)?;
        let ratio = |pair: &(Values, Values)| hodges_lehmann(&pair.0.0, &pair.1.0, alpha);
        let ratios = samples.iter().map(ratio).collect::<Result<Vec<_>, _>>();
        write(name, ratios.and_then(|ratios| geometric_mean(&ratios, alpha)))
    }),
    ("hodges_lehmann", |name, input| two(name, input, hodges_lehmann)),
    ("holm", |name, input| adjusted(name, input, holm)),
    ("is_different", |name, input| {
        let IsDifferent { first: Values(a), second: Values(b) } = read(name, input)?;
        let (first, second) = (summarize(&a)?, summarize(&b)?);
        let with_samples = is_different(Some((&a, &b)), &first, &second);
        write(name, Ok(Different { with_samples, without_samples: is_different(None, &first, &second) }))
    }),
    ("mann_whitney", |name, input| two(name, input, mann_whitney)),
    ("margin", |name, input| {
        let MarginOf { fraction, absolute, baseline, floor } = read(name, input)?;
        let options = MarginOptions { fraction: fraction.0, absolute: absolute.0 };
        let floor = floor.map(|floor| NoiseFloor { fraction: floor.0, level: 0.0, n: 0 });
        write(name, Margin::new(&options, baseline.0, floor.as_ref()))
    }),
    ("noise_floor", |name, input| {
        let Floor { log_ratios, alpha } = read(name, input)?;
        write(name, NoiseFloor::new(&log_ratios.0, alpha))
    }),
    ("outliers", |name, input| write(name, outliers(&read::<One>(name, input)?.sample.0))),
    ("sign_flip", |name, input| {
        let SignFlip { baseline, current, alpha, draws, seed } = read(name, input)?;
        write(name, sign_flip(&baseline.0, &current.0, alpha, draws, seed))
    }),
    ("signed_rank", |name, input| two(name, input, signed_rank)),
    ("summarize", |name, input| write(name, summarize(&read::<One>(name, input)?.sample.0))),
    ("welch", |name, input| two(name, input, welch)),
];

/// The names that [`call`] knows, in order.
pub const FUNCTIONS: [&str; TABLE.len()] = {
    let mut names = [""; TABLE.len()];
    let mut i = 0;
    while i < TABLE.len() {
        names[i] = TABLE[i].0;
        i += 1;
    }
    names
};

/// Calls the function of this module that is called `function` with the fields of the JSON object `input`, and returns
/// its result as JSON. The same input gives the same bytes on every platform.
///
/// Fields are called as the function's parameters and options are; `alpha` is 0.05, `margin` 0.02 (0 for e-values) and `seed` 0
/// unless given. Lists of numbers may hold "NaN", "Infinity" and "-Infinity", which JSON has no numbers for, so that they are refused as
/// what they are. `geometric_mean` takes `samples`, pairs of samples whose Hodges–Lehmann ratios it combines; `is_different`
/// takes samples as `first` and `second`, and answers with and without looking at more than their summaries.
///
/// # Errors
/// No function of that name, input that it does not take, and the function's own errors.
pub fn call(function: &str, input: &str) -> Result<String, CallError> {
    match TABLE.iter().find(|(name, _)| *name == function) {
        Some((name, run)) => run(name, input),
        None => Err(CallError::UnknownFunction(function.to_owned())),
    }
}

fn read<T: DeserializeOwned>(function: &'static str, input: &str) -> Result<T, CallError> {
    serde_json::from_str(input).map_err(|cause| CallError::Input { function, cause })
}

fn write(function: &'static str, result: Result<impl Serialize, StatsError>) -> Result<String, CallError> {
    serde_json::to_string(&result?).map_err(|cause| CallError::Input { function, cause })
}

type TwoSample = fn(&[f64], &[f64], f64) -> Result<Inference, StatsError>;

fn two(function: &'static str, input: &str, test: TwoSample) -> Result<String, CallError> {
    let Two { baseline, current, alpha } = read(function, input)?;
    write(function, test(&baseline.0, &current.0, alpha))
}

type Correction = fn(&[f64]) -> Result<Vec<f64>, StatsError>;

fn adjusted(function: &'static str, input: &str, correct: Correction) -> Result<String, CallError> {
    let Family { p_values } = read(function, input)?;
    write(function, correct(&p_values.0).map(|adjusted| Adjusted { adjusted }))
}

/// A number, or the name of one that JSON cannot write.
struct Number(f64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(f64),
            Name(String),
        }
        match Written::deserialize(deserializer) {
            Ok(Written::Number(value)) => Ok(Self(value)),
            Ok(Written::Name(name)) => match number::parse(&name) {
                Some(value) if !value.is_finite() => Ok(Self(value)),
                _ => Err(D::Error::custom(format!("\"{name}\" is no number"))),
            },
            Err(_) => Err(D::Error::custom("not a number")),
        }
    }
}

struct Values(Vec<f64>);

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let numbers = Vec::<Number>::deserialize(deserializer)?;
        Ok(Self(numbers.into_iter().map(|number| number.0).collect()))
    }
}

fn alpha() -> f64 {
    0.05
}

fn margin() -> Number {
    Number(CompareOptions::default().margin)
}

fn nothing() -> Number {
    Number(0.0)
}

fn draws() -> usize {
    9999
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    sample: Values,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Two {
    baseline: Values,
    current: Values,
    #[serde(default = "alpha")]
    alpha: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bootstrap {
    baseline: Values,
    current: Values,
    resampled: Resampled,
    #[serde(default = "draws")]
    resamples: usize,
    #[serde(default)]
    seed: u64,
    #[serde(default = "alpha")]
    alpha: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Compare {
    baseline: Vec<Values>,
    current: Vec<Values>,
    #[serde(default = "margin")]
    margin: Number,
    #[serde(default = "alpha")]
    alpha: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Diagnose {
    log_ratios: Values,
    baseline_first: Vec<bool>,
    #[serde(default = "alpha")]
    alpha: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EValue {
    baseline: Values,
    current: Values,
    #[serde(default)]
    bet: Bet,
    #[serde(default = "nothing")]
    margin: Number,
    #[serde(default = "alpha")]
    alpha: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GeometricMean {
    samples: Vec<(Values, Values)>,
    #[serde(default = "alpha")]
    alpha: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    p_values: Values,
}

#[derive(Serialize)]
struct Adjusted {
    adjusted: Vec<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IsDifferent {
    first: Values,
    second: Values,
}

#[derive(Serialize)]
struct Different {
    with_samples: bool,
    without_samples: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MarginOf {
    #[serde(default = "nothing")]
    fraction: Number,
    #[serde(default = "nothing")]
    absolute: Number,
    baseline: Number,
    floor: Option<Number>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Floor {
    log_ratios: Values,
    #[serde(default = "alpha")]
    alpha: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignFlip {
    baseline: Values,
    current: Values,
    #[serde(default = "alpha")]
    alpha: f64,
    #[serde(default = "draws")]
    draws: usize,
    #[serde(default)]
    seed: u64,
}
