//! What came of one benchmark, as plain numbers.

use super::{lightspeed_error, lightspeed_str};
use crate::session;
use lightspeed_core::experiment;
use lightspeed_core::stats::{Gate, Status, Verdict};
use std::ffi::CStr;

/// What happened to a benchmark.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lightspeed_outcome {
    /// Measured, and there is something to compare with.
    Ok = 0,
    /// It raised an error, exited or crashed.
    Failed = 1,
    /// Its time was up.
    TimedOut = 2,
    /// It asked to be skipped.
    Skipped = 3,
    /// It ran and gave no number that could be compared.
    Unmeasurable = 4,
    /// Measured, but the baseline is one of something else.
    Incomparable = 5,
    /// Measured, but there is no baseline.
    NoBaseline = 6,
    /// Measured; there was no such benchmark before.
    New = 7,
    /// There is no such benchmark any more.
    Removed = 8,
    /// The budget was spent, or the experiment ended, before its turn.
    NotRunBudget = 9,
}

/// What the evidence says.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lightspeed_verdict {
    /// There is no evidence: nothing was compared.
    None = 0,
    /// Slower, beyond the margin.
    Regressed = 1,
    /// Faster, beyond the margin.
    Improved = 2,
    /// Slower, perhaps by less than the margin.
    SlowerMinor = 3,
    /// Faster, perhaps by less than the margin.
    FasterMinor = 4,
    /// No change beyond the margin.
    Equivalent = 5,
    /// These runs cannot tell.
    Inconclusive = 6,
}

/// What to do. Later ones are worse.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lightspeed_gate {
    /// Nothing depends on it.
    None = 0,
    /// Let it through.
    Pass = 1,
    /// Let it through, and say so.
    Warn = 2,
    /// Stop it.
    Fail = 3,
    /// A benchmark is broken: nothing can be said.
    Error = 4,
}

/// What came of one benchmark. A number that there is none of is NaN.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lightspeed_result {
    /// What happened, a `lightspeed_outcome`; later releases may have more of them.
    pub outcome: i32,
    /// What the evidence says, a `lightspeed_verdict`; LIGHTSPEED_VERDICT_NONE where there is none.
    pub verdict: i32,
    /// What to do about it, a `lightspeed_gate`; LIGHTSPEED_GATE_NONE for a negative control and a point of a sweep.
    pub gate: i32,
    /// 1 for a negative control, which runs along to show whether the environment moves; else 0.
    pub control: i32,
    /// Median before the change, in the benchmark's unit; of a sweep at the smallest point of the line.
    pub baseline: f64,
    /// Median now, in the benchmark's unit; of a sweep at this point.
    pub current: f64,
    /// Estimate of current/baseline.
    pub ratio: f64,
    /// Lower end of the ratio's interval at 1 − alpha; NaN also where the samples do not bound it.
    pub low: f64,
    /// Upper end of that interval.
    pub high: f64,
    /// The change in per cent; a rise is positive.
    pub delta_pct: f64,
    /// Two-sided p-value of "no difference"; NaN where pairs were run until they decided.
    pub p_value: f64,
    /// Evidence against "no change beyond the margin", valid whenever one stops; NaN also where it exceeds a double.
    pub e_value: f64,
    /// The smallest change beyond the margin, a fraction, that runs like these could have shown.
    pub smallest_effect: f64,
    /// Complete pairs; of a sweep the rounds; of two samples, the values of the smaller one; 0 where a session did not measure in pairs.
    pub pairs: usize,
}

impl lightspeed_verdict {
    /// The name in documents of a verdict that C gave; none for NONE.
    pub(super) fn checked(number: i32) -> Result<Option<&'static str>, lightspeed_error> {
        let known = [
            None,
            Some(Verdict::Regressed),
            Some(Verdict::Improved),
            Some(Verdict::SlowerMinor),
            Some(Verdict::FasterMinor),
            Some(Verdict::Equivalent),
            Some(Verdict::Inconclusive),
        ];
        let found = usize::try_from(number).ok().and_then(|number| known.get(number));
        let unknown = || lightspeed_error::argument(format!("verdict is {number}: that is no lightspeed_verdict"));
        found.map(|verdict| verdict.map(Verdict::as_str)).ok_or_else(unknown)
    }
}

const OUTCOMES: [&CStr; 10] = [
    c"OK",
    c"FAILED",
    c"TIMED_OUT",
    c"SKIPPED",
    c"UNMEASURABLE",
    c"INCOMPARABLE",
    c"NO_BASELINE",
    c"NEW",
    c"REMOVED",
    c"NOT_RUN_BUDGET",
];
const VERDICTS: [&CStr; 7] =
    [c"NONE", c"REGRESSED", c"IMPROVED", c"SLOWER_MINOR", c"FASTER_MINOR", c"EQUIVALENT", c"INCONCLUSIVE"];
const GATES: [&CStr; 5] = [c"NONE", c"PASS", c"WARN", c"FAIL", c"ERROR"];

/// The name of a `lightspeed_outcome` without its prefix, `TIMED_OUT`; `UNKNOWN` for a number that this release does not
/// know. Static and NUL-terminated. From any thread.
#[unsafe(no_mangle)]
pub extern "C" fn lightspeed_outcome_name(outcome: i32) -> lightspeed_str {
    name(&OUTCOMES, outcome)
}

/// The name of a `lightspeed_verdict` without its prefix, `SLOWER_MINOR`; `UNKNOWN` for a number that this release does
/// not know. Static and NUL-terminated. From any thread.
#[unsafe(no_mangle)]
pub extern "C" fn lightspeed_verdict_name(verdict: i32) -> lightspeed_str {
    name(&VERDICTS, verdict)
}

/// The name of a `lightspeed_gate` without its prefix, `WARN`; `UNKNOWN` for a number that this release does not know.
/// Static and NUL-terminated. From any thread.
#[unsafe(no_mangle)]
pub extern "C" fn lightspeed_gate_name(gate: i32) -> lightspeed_str {
    name(&GATES, gate)
}

fn name(names: &[&'static CStr], number: i32) -> lightspeed_str {
    let known = usize::try_from(number).ok().and_then(|number| names.get(number));
    lightspeed_str::terminated(known.copied().unwrap_or(c"UNKNOWN"))
}

/// A number, or NaN where there is none.
pub(super) fn or_nan(number: Option<f64>) -> f64 {
    number.unwrap_or(f64::NAN)
}

impl lightspeed_result {
    /// Without any number.
    pub(super) fn new(status: Status, verdict: Option<Verdict>, gate: Option<Gate>) -> Self {
        Self {
            outcome: lightspeed_outcome::from(status) as i32,
            verdict: verdict.map_or(lightspeed_verdict::None, Into::into) as i32,
            gate: gate.map_or(lightspeed_gate::None, Into::into) as i32,
            control: 0,
            baseline: f64::NAN,
            current: f64::NAN,
            ratio: f64::NAN,
            low: f64::NAN,
            high: f64::NAN,
            delta_pct: f64::NAN,
            p_value: f64::NAN,
            e_value: f64::NAN,
            smallest_effect: f64::NAN,
            pairs: 0,
        }
    }

    /// As a session measured it.
    pub(super) fn of_measurement(found: &session::BenchmarkResult) -> Self {
        Self {
            baseline: or_nan(found.baseline),
            current: or_nan(found.current),
            ratio: or_nan(found.ratio),
            low: or_nan(found.interval.and_then(|interval| interval.low)),
            high: or_nan(found.interval.and_then(|interval| interval.high)),
            delta_pct: or_nan(found.delta_pct),
            p_value: or_nan(found.p_value),
            e_value: or_nan(found.e_value),
            smallest_effect: or_nan(found.smallest_effect),
            pairs: found.pairs.unwrap_or(0),
            ..Self::new(found.status, found.verdict, found.gate)
        }
    }

    /// As an experiment has it, with the medians of both sides.
    pub(super) fn of_experiment(
        found: &experiment::BenchmarkResult,
        medians: Option<(f64, f64)>,
        gate: Option<Gate>,
    ) -> Self {
        let inference = found.inference.as_ref();
        let ratio = or_nan(inference.and_then(|inference| inference.estimate));
        Self {
            control: found.control.into(),
            baseline: or_nan(medians.map(|medians| medians.0)),
            current: or_nan(medians.map(|medians| medians.1)),
            ratio,
            low: or_nan(inference.and_then(|inference| inference.interval.low)),
            high: or_nan(inference.and_then(|inference| inference.interval.high)),
            delta_pct: (ratio - 1.0) * 100.0,
            p_value: or_nan(inference.and_then(|inference| inference.p_value)),
            e_value: or_nan(inference.and_then(|inference| inference.e_value)),
            smallest_effect: or_nan(found.smallest_effect),
            pairs: found.pairs,
            ..Self::new(found.status, found.verdict, gate)
        }
    }
}

impl From<Status> for lightspeed_outcome {
    fn from(status: Status) -> Self {
        match status {
            Status::Ok => Self::Ok,
            Status::Failed => Self::Failed,
            Status::TimedOut => Self::TimedOut,
            Status::Skipped => Self::Skipped,
            Status::Unmeasurable => Self::Unmeasurable,
            Status::Incomparable => Self::Incomparable,
            Status::NoBaseline => Self::NoBaseline,
            Status::New => Self::New,
            Status::Removed => Self::Removed,
            Status::NotRunBudget => Self::NotRunBudget,
        }
    }
}

impl From<Verdict> for lightspeed_verdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Regressed => Self::Regressed,
            Verdict::Improved => Self::Improved,
            Verdict::SlowerMinor => Self::SlowerMinor,
            Verdict::FasterMinor => Self::FasterMinor,
            Verdict::Equivalent => Self::Equivalent,
            Verdict::Inconclusive => Self::Inconclusive,
        }
    }
}

impl From<Gate> for lightspeed_gate {
    fn from(gate: Gate) -> Self {
        match gate {
            Gate::Pass => Self::Pass,
            Gate::Warn => Self::Warn,
            Gate::Fail => Self::Fail,
            Gate::Error => Self::Error,
        }
    }
}
