//! Pairs of commands: each has its own budgets, so each is a pair of the kind that `lightspeed pair` runs.

use super::paired::{Ended, Pairs, PairsRun, Record, not_run};
use super::report::BenchmarkResult;
use super::{MeasureOptions, SelectedInstance};
use crate::pair::{Metric, MetricReport, PairOptions, PairReceipt, PairRun, PairSample, RunSample};
use crate::session::timing::Told;
use crate::session::{Event, Listener, SessionError};
use crate::suite::commands::{CommandBenchmark, CommandSuite, FILE_NAME};
use lightspeed_core::experiment::EnvironmentDrift;
use lightspeed_core::stats::{NoiseFloor, Reward, Status, quantile};
use std::time::Instant;

/// Runs commands in both trees, one pair of each in turn; with a budget, that which is expected to be decided soonest.
///
/// # Errors
/// The caller asked to stop, or `record` failed; what a command itself does is a result.
pub(super) fn pair_commands(
    (before, now): (&CommandSuite, &CommandSuite),
    instances: &[&SelectedInstance<'_>],
    pairs: &Pairs<'_>,
    options: &MeasureOptions,
    listener: Listener<'_>,
    record: Record<'_>,
) -> Result<PairsRun, SessionError> {
    let cancel = pairs.base.cancel;
    let controls = instances.iter().filter(|selected| selected.control).count();
    let mut prepared = Vec::new();
    for &selected in instances {
        match prepare((before, now), selected, pairs, (options, controls))? {
            Ok(pair) => prepared.push((selected, pair)),
            Err(result) => record(selected, result.into())?,
        }
    }
    let mut turns = Vec::new();
    for (selected, pair) in &prepared {
        match PairRun::new(pair, cancel) {
            Ok(run) => turns.push(Turn { selected, run, taken: 0, spent_s: 0.0, open: true }),
            // It cannot be started in one of the trees: its own fault, and the others go on.
            Err(error) => record(selected, failed(selected, error.to_string()).into())?,
        }
    }
    let total = turns.iter().map(|turn| turn.run.to_go() + 1).sum();
    listener(Event::Begin { what: "pairs", total });
    while let Some(turn) = next(&mut turns, pairs.options.budget_s) {
        listener(Event::Item { name: turn.selected.target.id });
        let began = Instant::now();
        // What a pair tells of its own runs are details here.
        let advanced = turn.run.advance(&mut |event| {
            if let Event::Ran { .. } = event {
                listener(event);
            }
        });
        turn.taken += 1;
        turn.spent_s += began.elapsed().as_secs_f64();
        turn.open = match advanced {
            Ok(more) => more,
            Err(error) => return Err(SessionError::Request(error.to_string())),
        };
        listener(Event::Done);
        if cancel.is_cancelled() {
            break;
        }
    }
    let mut ran = PairsRun { runs_s: turns.iter().map(|turn| turn.spent_s).sum(), ..PairsRun::default() };
    let mut moved = Moved::default();
    for turn in turns {
        let selected = turn.selected;
        if turn.open && turn.run.done() == 0 {
            record(selected, not_run(selected).into())?;
            continue;
        }
        let receipt = turn.run.receipt();
        let pairs_needed = receipt.stats.metrics.iter().filter_map(|metric| metric.pairs_needed).max();
        let (before, after) = (told(&receipt, |pair| &pair.baseline), told(&receipt, |pair| &pair.current));
        let mut result = result(selected, now.benchmark(&selected.target.benchmark.name), receipt);
        result.set_told(&before, &after, options);
        if selected.control {
            moved.hear(selected.target.id, &result);
        }
        record(selected, Ended { result, pairs_needed })?;
    }
    (ran.drift, ran.noise_floor) = moved.tell(options.alpha);
    if cancel.is_cancelled() { Err(SessionError::Cancelled) } else { Ok(ran) }
}

/// A command that takes turns with others.
struct Turn<'a> {
    selected: &'a SelectedInstance<'a>,
    run: PairRun<'a>,
    taken: usize,
    spent_s: f64,
    open: bool,
}

/// Whose turn it is; nobody's where the budget is spent, or only controls are left.
fn next<'t, 'a>(turns: &'t mut [Turn<'a>], budget_s: Option<f64>) -> Option<&'t mut Turn<'a>> {
    let spent: f64 = turns.iter().map(|turn| turn.spent_s).sum();
    if budget_s.is_some_and(|budget| spent >= budget) || !turns.iter().any(|turn| turn.open && !turn.selected.control) {
        return None;
    }
    let cost = |turn: &Turn<'_>| {
        let done = turn.run.done() as f64;
        match budget_s {
            // The first pair tells what the others will take.
            Some(_) if done > 0.0 => turn.spent_s / done * turn.run.to_go() as f64,
            _ => 0.0,
        }
    };
    let open = turns.iter_mut().filter(|turn| turn.open);
    open.min_by(|a, b| cost(a).total_cmp(&cost(b)).then(a.taken.cmp(&b.taken)))
}

/// What the negative controls did.
#[derive(Default)]
struct Moved {
    moved: Vec<String>,
    controls: usize,
    log_ratios: Vec<f64>,
}

impl Moved {
    fn hear(&mut self, id: &str, result: &BenchmarkResult) {
        self.log_ratios.extend(result.reward.map(|reward| reward.log_ratio));
        if let Some(verdict) = result.verdict {
            self.controls += 1;
            if verdict.is_change() {
                self.moved.push(id.to_owned());
            }
        }
    }

    fn tell(self, alpha: f64) -> (Option<EnvironmentDrift>, Option<NoiseFloor>) {
        let floor = NoiseFloor::new(&self.log_ratios, alpha).ok();
        let drift = EnvironmentDrift { moved: self.moved, controls: self.controls };
        ((!drift.moved.is_empty()).then_some(drift), floor)
    }
}

/// What a command runs as in both trees; or why it does not.
fn prepare(
    (before, now): (&CommandSuite, &CommandSuite),
    selected: &SelectedInstance<'_>,
    pairs: &Pairs<'_>,
    (options, controls): (&MeasureOptions, usize),
) -> Result<Result<PairOptions, BenchmarkResult>, SessionError> {
    let name = &selected.target.benchmark.name;
    let (Some(own), Some(old)) = (now.benchmark(name), before.benchmark(name)) else {
        let reason = "it is no longer in lightspeed.toml".to_owned();
        return Ok(Err(BenchmarkResult::new(Status::Removed, Some(reason), selected.reasons.clone())));
    };
    if let Some(file) = before.serve(FILE_NAME, pairs.base.cancel).stray(name)? {
        let reason = format!(
            "in {} it executes {file} of the tree as it is: uninstall that copy, or let the environment name no path in it",
            pairs.revision
        );
        return Ok(Err(failed(selected, reason)));
    }
    Ok(Ok(PairOptions {
        name: name.clone(),
        timeout_s: own.timeout.as_secs_f64(),
        warmup: own.warmup as usize,
        most_pairs: pairs.options.most_pairs,
        // Controls share the error level, as those of other suites do.
        alpha: if selected.control { options.alpha / controls as f64 } else { options.alpha },
        work_units: own.work_units,
        budgets: own.budgets.clone(),
        ..PairOptions::new(before.program(old), now.program(own), pairs.options.seed)
    }))
}

/// What the runs of a side wrote in frames, to standard output.
fn told(receipt: &PairReceipt, side: impl Fn(&PairSample) -> &Option<RunSample>) -> Told {
    let mut told = Told::default();
    let counted = receipt.samples.iter().filter(|pair| !pair.warmup).filter_map(|pair| side(pair).as_ref());
    counted.for_each(|run| told.hear(run.stdout.as_deref().unwrap_or_default(), receipt.bench.output_cap));
    told
}

fn failed(selected: &SelectedInstance<'_>, reason: String) -> BenchmarkResult {
    BenchmarkResult::new(Status::Failed, Some(reason), selected.reasons.clone())
}

fn result(
    selected: &SelectedInstance<'_>,
    own: Option<&CommandBenchmark>,
    mut receipt: PairReceipt,
) -> BenchmarkResult {
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
        result.interval = Some(inference.interval.into());
        (result.p_value, result.e_value) = (inference.p_value, inference.e_value);
        result.reward = Reward::of(inference);
        result.warnings = inference.warnings.iter().map(ToString::to_string).collect();
        result.smallest_effect = wall.and_then(|wall| wall.smallest_effect);
    }
    let failed = receipt.samples.last().and_then(|pair| pair.current.as_ref().or(pair.baseline.as_ref()));
    result.stderr = failed.filter(|_| result.status != Status::Ok).and_then(|run| run.stderr.clone());
    let shown = |metric: &MetricReport| own.is_none_or(|own| own.metrics.contains(&metric.metric));
    receipt.stats.metrics.retain(|metric| metric.budget.is_some() || shown(metric));
    result.receipt = Some(Box::new(receipt));
    result
}
