//! `lightspeed measure`: run what is affected and compare.

use crate::args::MeasureArgs;
use crate::exit::{Exit, Failure};
use crate::github_measure::told;
use crate::terminal::look;
use crate::{print, print_json};
use lightspeed::cancel::Cancel;
use lightspeed::session::{BenchmarkResult, MeasureOptions, MeasureReport, PairedOptions};
use lightspeed::suite::SuiteConfig;
use lightspeed::text::measure::text;
use lightspeed_core::stats::{Gate, Verdict};

/// Runs the command.
pub fn run(args: &MeasureArgs, cancel: Cancel) -> Result<Exit, Failure> {
    let session = args.session.open(cancel)?;
    let options = MeasureOptions {
        timing: args.timing.timing(),
        step_id: args.step_id.clone(),
        margin: args.margin,
        alpha: args.alpha,
        strict_host: args.strict_host,
        paired: args.paired.then(|| PairedOptions {
            base: args.changes.base.clone(),
            most_pairs: args.max_pairs as usize,
            budget_s: args.time_budget,
            seed: args.seed.unwrap_or_else(lightspeed::pair::random_seed),
        }),
    };
    let mut reporter = args.session.volume.reporter();
    let (_, report) =
        session.measure(&args.changes.options_for(args.paired)?, &options, &mut |event| reporter.hear(&event))?;
    drop(reporter);
    if args.session.json {
        print_json(&report)?;
    } else {
        print(&text(&report, look()))?;
    }
    // Commands have budgets, so their gates decide; those of other suites only where they were asked to.
    let gates = matches!(session.config(), SuiteConfig::Commands(_)) || args.fail_on_regression;
    let limits = Limits { factor: args.factor, gates };
    let exit = exit(&report, args, limits);
    if args.github {
        let root = session.source_root().ok();
        told(&report, exit, limits, root.as_deref()).tell(args.session.json, args.session.volume);
    }
    Ok(exit)
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

fn exit(report: &MeasureReport, args: &MeasureArgs, limits: Limits) -> Exit {
    let gate = |gate: Gate| report.benchmarks.values().any(|result| result.gate == Some(gate));
    let inconclusive = || report.benchmarks.values().any(|result| result.verdict == Some(Verdict::Inconclusive));
    if report.counts.failed > 0 {
        Exit::BenchmarkFailed
    } else if report.benchmarks.values().any(|result| limits.are_broken_by(result)) {
        Exit::Finding
    } else if report.counts.selected > 0 && report.counts.measured == 0 {
        Exit::NothingMeasured
    } else if args.fail_on_inconclusive && inconclusive() {
        Exit::Inconclusive
    } else if args.fail_on_warn && gate(Gate::Warn) {
        Exit::Warned
    } else {
        Exit::Ok
    }
}
