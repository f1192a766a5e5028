//! Pairs of commands: each has its own budgets, so each is a pair of the kind that `lightspeed pair` runs.

use super::paired::{Pairs, PairsRun, Record};
use super::report::{BenchmarkResult, Bounds};
use super::{MeasureOptions, SelectedInstance};
use crate::pair::{Metric, PairOptions, PairReceipt, RunSample, run_pair};
use crate::session::{Listener, SessionError};
use crate::suite::commands::{CommandBenchmark, CommandSuite, FILE_NAME};
use lightspeed_core::stats::{Reward, Status, quantile};
use std::time::Instant;

/// Runs commands in both trees, one after the other.
///
/// # Errors
/// The caller asked to stop, or `record` failed; what a command itself does is a result.
pub(super) fn pair_commands(
    suites: (&CommandSuite, &CommandSuite),
    instances: &[&SelectedInstance<'_>],
    pairs: &Pairs<'_>,
    options: &MeasureOptions,
    listener: Listener<'_>,
    record: Record<'_>,
) -> Result<PairsRun, SessionError> {
    let began = Instant::now();
    for selected in instances {
        let spent = pairs.options.budget_s.is_some_and(|budget| began.elapsed().as_secs_f64() >= budget);
        let result = if spent {
            let reason = "the budget was spent before its turn".to_owned();
            BenchmarkResult::new(Status::NotRunBudget, Some(reason), selected.reasons.clone())
        } else {
            pair_command(suites, selected, pairs, options, listener)?
        };
        record(selected, result.into())?;
        if pairs.base.cancel.is_cancelled() {
            return Err(SessionError::Cancelled);
        }
    }
    Ok(PairsRun { runs_s: began.elapsed().as_secs_f64(), ..PairsRun::default() })
}

/// One command in both trees.
fn pair_command(
    (before, now): (&CommandSuite, &CommandSuite),
    selected: &SelectedInstance<'_>,
    pairs: &Pairs<'_>,
    options: &MeasureOptions,
    listener: Listener<'_>,
) -> Result<BenchmarkResult, SessionError> {
    let name = &selected.target.benchmark.name;
    let (Some(own), Some(old)) = (now.benchmark(name), before.benchmark(name)) else {
        let reason = "it is no longer in lightspeed.toml".to_owned();
        return Ok(BenchmarkResult::new(Status::Removed, Some(reason), selected.reasons.clone()));
    };
    if let Some(file) = before.serve(FILE_NAME, pairs.base.cancel).stray(name)? {
        let reason = format!(
            "in {} it executes {file} of the tree as it is: uninstall that copy, or let the environment name no path in it",
            pairs.revision
        );
        return Ok(BenchmarkResult::new(Status::Failed, Some(reason), selected.reasons.clone()));
    }
    let pair = PairOptions {
        name: name.clone(),
        timeout_s: own.timeout.as_secs_f64(),
        warmup: own.warmup as usize,
        most_pairs: pairs.options.most_pairs,
        alpha: options.alpha,
        work_units: own.work_units,
        budgets: own.budgets.clone(),
        ..PairOptions::new(before.program(old), now.program(own), pairs.options.seed)
    };
    match run_pair(&pair, pairs.base.cancel, listener) {
        Ok(receipt) => Ok(result(selected, own, receipt)),
        // It cannot be started in one of the trees: its own fault, and the others go on.
        Err(error) => Ok(BenchmarkResult::new(Status::Failed, Some(error.to_string()), selected.reasons.clone())),
    }
}

fn result(selected: &SelectedInstance<'_>, own: &CommandBenchmark, mut receipt: PairReceipt) -> BenchmarkResult {
    let said = (!receipt.verdict.reasons.is_empty()).then(|| receipt.verdict.reasons.join("; "));
    let mut result = BenchmarkResult::new(receipt.verdict.status, said, selected.reasons.clone());
    result.unit.clone_from(&selected.target.benchmark.unit);
    result.verdict = receipt.verdict.verdict;
    result.gate = Some(receipt.verdict.gate);
    result.pairs = Some(receipt.stats.pairs);
    let seconds = |run: &RunSample| run.wall_ns as f64 / 1e9;
    let counted: Vec<(f64, f64)> = receipt
        .samples
        .iter()
        .filter(|pair| !pair.warmup)
        .filter_map(|pair| Some((seconds(pair.baseline.as_ref()?), seconds(pair.current.as_ref()?))))
        .collect();
    let (baseline, current): (Vec<f64>, Vec<f64>) = counted.into_iter().unzip();
    (result.baseline, result.current) = (quantile(&baseline, 0.5).ok(), quantile(&current, 0.5).ok());
    result.baseline_samples = (!baseline.is_empty()).then_some(baseline);
    result.current_samples = (!current.is_empty()).then_some(current);
    let wall = receipt.stats.metrics.iter().find(|metric| metric.metric == Metric::Wall);
    if let Some(inference) = wall.and_then(|wall| wall.inference.as_ref()) {
        result.ratio = inference.estimate;
        result.delta_pct = inference.estimate.map(|ratio| (ratio - 1.0) * 100.0);
        result.interval = Some(Bounds { low: inference.interval.low, high: inference.interval.high });
        (result.p_value, result.e_value) = (inference.p_value, inference.e_value);
        result.reward = Reward::of(inference);
        result.warnings = inference.warnings.iter().map(ToString::to_string).collect();
        result.smallest_effect = wall.and_then(|wall| wall.smallest_effect);
    }
    let failed = receipt.samples.last().and_then(|pair| pair.current.as_ref().or(pair.baseline.as_ref()));
    result.stderr = failed.filter(|_| result.status != Status::Ok).and_then(|run| run.stderr.clone());
    receipt.stats.metrics.retain(|metric| metric.budget.is_some() || own.metrics.contains(&metric.metric));
    result.receipt = Some(Box::new(receipt));
    result
}
