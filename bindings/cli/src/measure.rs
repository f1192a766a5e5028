//! `lightspeed measure`: run what is affected and compare.

use crate::args::MeasureArgs;
use crate::exit::{Exit, Failure};
use crate::progress::Reporter;
use crate::select::{notes, summary};
use crate::table::{Look, Row, render};
use crate::units::Unit;
use crate::{print, print_json};
use lightspeed::cancel::Cancel;
use lightspeed::session::{BenchmarkResult, MeasureOptions, MeasureReport, PairedOptions, SelectReport, Status};
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
    let mut reporter = Reporter::default();
    let (selection, report) =
        session.measure(&args.changes.options_for(args.paired)?, &options, &mut |event| reporter.hear(&event))?;
    drop(reporter);
    if args.session.json {
        print_json(&report)?;
    } else {
        print(&text(&selection, &report))?;
    }
    let budgets = matches!(session.config(), SuiteConfig::Commands(_));
    Ok(exit(&report, args, budgets))
}

/// Commands have `budgets`, so their gates decide; other suites only where they were asked to.
fn exit(report: &MeasureReport, args: &MeasureArgs, budgets: bool) -> Exit {
    let regressed = |r: &BenchmarkResult| {
        let proven = r.verdict.is_some_and(|v| v == Verdict::Regressed);
        proven && args.factor.is_some_and(|f| r.ratio.is_some_and(|ratio| ratio > f))
    };
    let gate = |gate: Gate| report.benchmarks.values().any(|result| result.gate == Some(gate));
    let inconclusive = || report.benchmarks.values().any(|result| result.verdict == Some(Verdict::Inconclusive));
    if report.counts.failed > 0 {
        Exit::BenchmarkFailed
    } else if report.benchmarks.values().any(regressed) || ((budgets || args.fail_on_regression) && gate(Gate::Fail)) {
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

fn text(selection: &SelectReport, report: &MeasureReport) -> String {
    let mut lines = vec![summary(selection)];
    let rows: Vec<Row> = report.benchmarks.iter().map(|(id, result)| row(id, result)).collect();
    if !rows.is_empty() {
        lines.push(String::new());
        lines.push(render(&rows, Look::of_stdout()).trim_end().to_owned());
        lines.push(String::new());
    }
    lines.extend(notes(selection));
    if report.counts.selected > 0 {
        lines.push(counts(report));
    }
    lines.join("\n")
}

fn counts(report: &MeasureReport) -> String {
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

fn row(id: &str, result: &BenchmarkResult) -> Row {
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
