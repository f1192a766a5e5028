//! `lightspeed measure`: run what is affected and compare.

use crate::args::MeasureArgs;
use crate::exit::{Exit, Failure};
use crate::github_measure::told;
use crate::select::Chosen;
use crate::table::{Look, Row, render};
use crate::units::Unit;
use crate::{print, print_json};
use lightspeed::cancel::Cancel;
use lightspeed::session::{BenchmarkResult, MeasureOptions, MeasureReport, PairedOptions, PairedReport, Status};
use lightspeed::suite::SuiteConfig;
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
        print(&text(&report, Look::of_stdout()))?;
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

/// The report as people read it.
pub fn text(report: &MeasureReport, look: Look) -> String {
    let chosen = Chosen::from(report);
    let mut lines = vec![chosen.summary()];
    let rows: Vec<Row> = report.benchmarks.iter().map(|(id, result)| row(id, result)).collect();
    if !rows.is_empty() {
        lines.push(String::new());
        lines.push(render(&rows, look).trim_end().to_owned());
        lines.push(String::new());
    }
    lines.extend(chosen.notes());
    lines.extend(report.paired.iter().flat_map(pairs));
    if report.counts.selected > 0 {
        lines.push(counts(report));
    }
    lines.join("\n")
}

/// What pairs were measured with, so that they can be measured again, and what speaks against them.
fn pairs(paired: &PairedReport) -> impl Iterator<Item = String> {
    let drift = paired.drift.as_ref().map(|drift| {
        let (moved, of) = (drift.moved.len(), drift.controls);
        format!(
            "note: {moved} of {of} unaffected benchmarks moved too: the machine may be what changed ({})",
            drift.moved.join(", ")
        )
    });
    [format!("in pairs with {}, --seed {}", paired.revision, paired.seed)].into_iter().chain(drift)
}

/// How many were measured, and what became of the others, in a line.
pub fn counts(report: &MeasureReport) -> String {
    let counts = &report.counts;
    let mut parts = vec![format!("{} of {} instances measured", counts.measured, counts.total)];
    for (count, what) in
        [(counts.failed, "failed"), (counts.skipped, "skipped"), (counts.unaffected, "unaffected and not run")]
    {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    if counts.measured == 0 {
        parts.push("nothing was measured: that is not the same as no change".to_owned());
    }
    format!("{} ({:.1} s)", parts.join(", "), report.timing.total_s)
}

/// A line of the table.
pub fn row(id: &str, result: &BenchmarkResult) -> Row {
    Row {
        benchmark: id.to_owned(),
        unit: Unit::parse(&result.unit),
        baseline: result.baseline,
        current: result.current,
        delta_pct: result.delta_pct,
        status: result.status.as_str().to_owned(),
        verdict: result.verdict,
        reason: result.reason.clone().filter(|_| result.status != Status::Ok),
    }
}
