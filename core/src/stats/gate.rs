//! What happened to a benchmark, and what to do about it: two fields beside the verdict.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::verdict::Verdict;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Measured, and there is something to compare with.
    Ok,
    /// It raised an error, exited or crashed.
    Failed,
    /// Its time was up.
    TimedOut,
    /// It asked to be skipped.
    Skipped,
    /// It ran and gave no number that could be compared.
    Unmeasurable,
    /// Measured, but the baseline is one of something else.
    Incomparable,
    /// Measured, but there is no baseline.
    NoBaseline,
    /// Measured; there was no such benchmark before.
    New,
    /// There is no such benchmark any more.
    Removed,
    /// The budget was spent before its turn.
    NotRunBudget,
}

impl Status {
    /// The name used in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::TimedOut => "timed_out",
            Self::Skipped => "skipped",
            Self::Unmeasurable => "unmeasurable",
            Self::Incomparable => "incomparable",
            Self::NoBaseline => "no_baseline",
            Self::New => "new",
            Self::Removed => "removed",
            Self::NotRunBudget => "not_run_budget",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What to do. Later ones are worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// Let it through.
    Pass,
    /// Let it through, and say so.
    Warn,
    /// Stop it.
    Fail,
    /// A benchmark is broken: nothing can be said.
    Error,
}

impl Gate {
    /// The name used in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What to do about what. A benchmark that failed or ran out of time is always an error: noise cannot excuse it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GatePolicy {
    /// Slower, beyond the margin.
    pub regressed: Gate,
    /// Slower, perhaps by less than the margin.
    pub slower_minor: Gate,
    /// The runs cannot tell.
    pub inconclusive: Gate,
    /// Nothing to compare with: no baseline, or one of something else.
    pub not_compared: Gate,
    /// Selected and not measured: no number, or the budget was spent.
    pub not_measured: Gate,
}

impl Default for GatePolicy {
    /// What is proven stops; what is not known warns.
    fn default() -> Self {
        Self {
            regressed: Gate::Fail,
            slower_minor: Gate::Warn,
            inconclusive: Gate::Warn,
            not_compared: Gate::Warn,
            not_measured: Gate::Warn,
        }
    }
}

impl GatePolicy {
    /// What to do about one benchmark.
    pub fn judge(&self, status: Status, verdict: Option<Verdict>) -> Gate {
        match (status, verdict) {
            (Status::Failed | Status::TimedOut, _) => Gate::Error,
            (Status::Unmeasurable | Status::NotRunBudget, _) => self.not_measured,
            (Status::NoBaseline | Status::Incomparable, _) => self.not_compared,
            (Status::Skipped | Status::New | Status::Removed, _) => Gate::Pass,
            (Status::Ok, Some(Verdict::Regressed)) => self.regressed,
            (Status::Ok, Some(Verdict::SlowerMinor)) => self.slower_minor,
            (Status::Ok, Some(Verdict::Inconclusive) | None) => self.inconclusive,
            (Status::Ok, Some(Verdict::Improved | Verdict::FasterMinor | Verdict::Equivalent)) => Gate::Pass,
        }
    }

    /// The worst of all benchmarks; `None` where there were none, which is not a pass.
    pub fn judge_all(&self, benchmarks: impl IntoIterator<Item = (Status, Option<Verdict>)>) -> Option<Gate> {
        benchmarks.into_iter().map(|(status, verdict)| self.judge(status, verdict)).max()
    }
}
