//! Which results end a command with which exit code.

use crate::exit::Exit;
use clap::Args;
use lightspeed::session::{BenchmarkResult, Counts, Status};
use lightspeed_core::stats::{Gate, Verdict};

/// What is worth another exit code.
#[derive(Args, Debug)]
pub struct GateArgs {
    /// Exit with 2 if a benchmark regressed by more than this factor
    #[arg(long, value_name = "FACTOR", value_parser = factor)]
    pub factor: Option<f64>,
    /// Exit with 2 if a benchmark is proven slower beyond the margin (commands: beyond a budget, without this flag too)
    #[arg(long)]
    pub fail_on_regression: bool,
    /// Exit with 3 where there is a warning
    #[arg(long)]
    pub fail_on_warn: bool,
    /// Exit with 4 where the runs cannot tell
    #[arg(long)]
    pub fail_on_inconclusive: bool,
}

/// What a regression must be beyond to be a finding.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// This factor, where there is one.
    factor: Option<f64>,
    /// What its gate says.
    gates: bool,
}

impl Limits {
    /// Whether it became too slow, and the evidence carries that.
    pub fn are_broken_by(self, result: &BenchmarkResult) -> bool {
        let regressed = result.verdict == Some(Verdict::Regressed);
        let beyond = |factor| result.ratio.is_some_and(|ratio| ratio > factor);
        (regressed && self.factor.is_some_and(beyond)) || (self.gates && result.gate == Some(Gate::Fail))
    }
}

impl GateArgs {
    /// What a regression must be beyond. Commands have budgets, so their gates decide; those of other suites only where they were
    /// asked to.
    pub fn limits(&self, commands: bool) -> Limits {
        Limits { factor: self.factor, gates: commands || self.fail_on_regression }
    }

    /// Whether something other than a benchmark's time regressed, where that is asked for.
    pub fn counts(&self, verdict: Option<Verdict>, ratio: Option<f64>) -> bool {
        let beyond = self.factor.is_some_and(|factor| ratio.is_some_and(|ratio| ratio > factor));
        verdict == Some(Verdict::Regressed) && (self.fail_on_regression || beyond)
    }

    /// How results end the command.
    pub fn exit<'r>(
        &self,
        counts: &Counts,
        limits: Limits,
        results: impl Iterator<Item = &'r BenchmarkResult> + Clone,
    ) -> Exit {
        let gate = |gate: Gate| results.clone().any(|result| result.gate == Some(gate));
        // What is new has nothing to be compared with.
        let comparable = || results.clone().any(|result| result.status != Status::New);
        let inconclusive = || results.clone().any(|result| result.verdict == Some(Verdict::Inconclusive));
        if counts.failed > 0 {
            Exit::BenchmarkFailed
        } else if results.clone().any(|result| limits.are_broken_by(result)) {
            Exit::Finding
        } else if counts.selected > 0 && counts.measured == 0 && comparable() {
            Exit::NothingMeasured
        } else if self.fail_on_inconclusive && inconclusive() {
            Exit::Inconclusive
        } else if self.fail_on_warn && gate(Gate::Warn) {
            Exit::Warned
        } else {
            Exit::Ok
        }
    }
}

fn factor(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if value.is_finite() && value >= 1.0 { Ok(value) } else { Err("must be at least 1 (1.05 allows 5 %)".to_owned()) }
}
