//! What the pairs of a metric say about its budget.

use super::budget::Budget;
use super::metric::Metric;
use super::options::PairOptions;
use super::receipt::{MetricReport, PairSample};
use lightspeed_core::frame::Direction;
use lightspeed_core::stats::{
    Bet, EProcess, Gate, Inference, Margin, MarginOptions, StatsError, Status, Verdict, quantile, signed_rank,
    summarize,
};

/// Evidence on one budget, as it comes in.
pub(super) struct Trial {
    budget: Budget,
    fail: EProcess,
    warn: Option<EProcess>,
    /// The share that the limit of `fail` comes to.
    margin: f64,
    alpha: f64,
    /// Why there is none.
    pub(super) broken: Option<String>,
}

/// Values of a metric, one a pair, in order.
struct Values {
    baseline: Vec<f64>,
    current: Vec<f64>,
}

/// What became of one budget.
struct Finding {
    inference: Inference,
    margin: f64,
    verdict: Verdict,
    warned: bool,
    smallest_effect: Option<f64>,
    pairs_needed: Option<usize>,
}

impl Trial {
    /// No pair seen yet. An absolute limit becomes a share of what the warm-ups of the baseline took.
    pub(super) fn new(budget: Budget, options: &PairOptions, warmups: &[PairSample]) -> Result<Self, StatsError> {
        let scale: Vec<f64> = warmups
            .iter()
            .filter_map(|pair| budget.metric.of(pair.baseline.as_ref()?, options.work_units))
            .filter(|value| *value > 0.0)
            .collect();
        let share = |limit: &MarginOptions| -> Result<f64, StatsError> {
            if limit.absolute > 0.0 && !scale.is_empty() {
                return Ok(Margin::new(limit, quantile(&scale, 0.5)?, None)?.fraction);
            }
            Ok(limit.fraction)
        };
        let margin = share(&budget.fail)?;
        Ok(Trial {
            budget,
            margin,
            fail: EProcess::new(Bet::default(), margin)?,
            warn: budget.warn.as_ref().map(|limit| EProcess::new(Bet::default(), share(limit)?)).transpose()?,
            alpha: options.alpha_each(),
            broken: None,
        })
    }

    /// Takes a pair; values without a ratio end the trial.
    pub(super) fn take(&mut self, pair: &PairSample, options: &PairOptions) {
        let value = |side: &Option<_>| self.budget.metric.of(side.as_ref()?, options.work_units);
        let pushed = match (value(&pair.baseline), value(&pair.current)) {
            (Some(before), Some(now)) => {
                let (before, now) = oriented(self.budget.metric, before, now);
                let mut all = std::iter::once(&mut self.fail).chain(&mut self.warn);
                all.try_for_each(|process| process.push(before, now)).map_err(|error| error.to_string())
            }
            _ => Err("the system does not tell it for every run".to_owned()),
        };
        if let Err(reason) = pushed {
            self.broken.get_or_insert(reason);
        }
    }

    /// Whether more pairs could change what is said.
    pub(super) fn is_settled(&self) -> bool {
        let settled = |process: &EProcess| {
            let verdict = process.verdict(self.alpha).unwrap_or(Verdict::Inconclusive);
            matches!(verdict, Verdict::Regressed | Verdict::Improved | Verdict::Equivalent)
        };
        self.broken.is_some() || (settled(&self.fail) && self.warn.as_ref().is_none_or(settled))
    }

    /// Pairs in all with which it may be settled, `most` where no number is in sight.
    pub(super) fn pairs_needed(&self, most: usize) -> usize {
        if self.is_settled() {
            return 0;
        }
        let needed = |process: &EProcess| process.pairs_needed(self.alpha).ok().flatten().unwrap_or(most);
        needed(&self.fail).max(self.warn.as_ref().map_or(0, needed))
    }

    fn finding(&self) -> Result<Finding, StatsError> {
        let warned = match &self.warn {
            Some(process) => process.verdict(self.alpha)? == Verdict::Regressed,
            None => false,
        };
        Ok(Finding {
            inference: self.fail.inference(self.alpha)?,
            margin: self.margin,
            verdict: self.fail.verdict(self.alpha)?,
            warned,
            smallest_effect: self.fail.smallest_effect(self.alpha)?,
            pairs_needed: self.fail.pairs_needed(self.alpha)?,
        })
    }
}

/// What a fixed number of pairs says, looked at once.
fn fixed(budget: &Budget, values: &Values, alpha: f64) -> Result<Finding, StatsError> {
    let scale = quantile(&values.baseline, 0.5)?;
    let share = |limit: &MarginOptions| Ok::<_, StatsError>(Margin::new(limit, scale, None)?.fraction);
    let margin = share(&budget.fail)?;
    let inference = values.signed_rank(budget.metric, alpha)?;
    let verdict = Verdict::of(&inference, margin);
    let warned = match &budget.warn {
        Some(limit) => Verdict::of(&inference, share(limit)?) == Verdict::Regressed,
        None => false,
    };
    let smallest_effect = inference.smallest_effect(margin);
    let pairs_needed = inference.values_needed(margin).filter(|_| verdict == Verdict::Inconclusive);
    Ok(Finding { inference, margin, verdict, warned, smallest_effect, pairs_needed })
}

impl Values {
    fn of(metric: Metric, pairs: &[&PairSample], work_units: Option<f64>) -> Option<Self> {
        let side = |of: fn(&PairSample) -> Option<&super::receipt::RunSample>| {
            pairs.iter().map(|pair| metric.of(of(pair)?, work_units)).collect::<Option<Vec<f64>>>()
        };
        let values = Values { baseline: side(|p| p.baseline.as_ref())?, current: side(|p| p.current.as_ref())? };
        (!values.baseline.is_empty()).then_some(values)
    }

    fn signed_rank(&self, metric: Metric, alpha: f64) -> Result<Inference, StatsError> {
        let oriented = self.baseline.iter().zip(&self.current).map(|(&before, &now)| oriented(metric, before, now));
        let (baseline, current): (Vec<f64>, Vec<f64>) = oriented.unzip();
        signed_rank(&baseline, &current, alpha)
    }
}

/// The values as a change for the worse is a rise.
fn oriented(metric: Metric, before: f64, now: f64) -> (f64, f64) {
    match metric.direction() {
        Direction::Lower => (before, now),
        Direction::Higher => (1.0 / before, 1.0 / now),
    }
}

/// Reports of all metrics that every pair has a value of, and of those with a budget in any case. `trials` are those of
/// the budgets, where looks were taken.
pub(super) fn reports(options: &PairOptions, pairs: &[&PairSample], trials: &[Trial]) -> Vec<MetricReport> {
    Metric::ALL.into_iter().filter_map(|metric| report(metric, options, pairs, trials)).collect()
}

fn report(metric: Metric, options: &PairOptions, pairs: &[&PairSample], trials: &[Trial]) -> Option<MetricReport> {
    let budget = options.budgets.iter().find(|budget| budget.metric == metric);
    let mut report = MetricReport {
        metric,
        unit: metric.unit().to_owned(),
        direction: metric.direction(),
        difference: None,
        per_unit: None,
        baseline: None,
        current: None,
        inference: None,
        budget: budget.copied(),
        margin: None,
        verdict: None,
        gate: None,
        smallest_effect: None,
        pairs_needed: None,
        reason: None,
    };
    let Some(values) = Values::of(metric, pairs, options.work_units) else {
        let reason =
            if pairs.is_empty() { "no pair was completed" } else { "the system does not tell it for every run" };
        report.settle(Err(reason.to_owned()), options);
        return budget.is_some().then_some(report);
    };
    let differences: Vec<f64> = values.current.iter().zip(&values.baseline).map(|(now, before)| now - before).collect();
    let (baseline, current) = (summarize(&values.baseline).ok()?, summarize(&values.current).ok()?);
    let units = options.work_units.filter(|_| metric.unit() == "ns");
    report.per_unit = units.map(|units| (baseline.median / units, current.median / units));
    report.difference = quantile(&differences, 0.5).ok();
    (report.baseline, report.current) = (Some(baseline), Some(current));
    let Some(budget) = budget else {
        report.inference = values.signed_rank(metric, options.alpha).ok();
        return Some(report);
    };
    let found = match trials.iter().find(|trial| trial.budget.metric == metric) {
        Some(Trial { broken: Some(reason), .. }) => Err(reason.clone()),
        Some(trial) => trial.finding().map_err(|error| error.to_string()),
        None => fixed(budget, &values, options.alpha_each()).map_err(|error| error.to_string()),
    };
    report.settle(found, options);
    Some(report)
}

impl MetricReport {
    fn settle(&mut self, found: Result<Finding, String>, options: &PairOptions) {
        match found {
            Ok(found) => {
                let gate = options.gate.judge(Status::Ok, Some(found.verdict));
                self.gate = Some(if found.warned { gate.max(Gate::Warn) } else { gate });
                (self.verdict, self.margin) = (Some(found.verdict), Some(found.margin));
                (self.smallest_effect, self.pairs_needed) = (found.smallest_effect, found.pairs_needed);
                self.inference = Some(found.inference);
            }
            Err(reason) => {
                self.gate = Some(options.gate.judge(Status::Unmeasurable, None));
                self.reason = Some(reason);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::options::Program;
    use super::super::receipt::{Order, RunSample};
    use super::*;

    /// A run that took so long; the clock is a seed.
    fn run(wall_ns: f64) -> Option<RunSample> {
        Some(RunSample { wall_ns: wall_ns as u64, exit_code: Some(0), ..RunSample::default() })
    }

    /// Standard normal, by twelve even numbers.
    fn normal(state: &mut u64) -> f64 {
        let even = |_| {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (*state >> 11) as f64 / (1_u64 << 53) as f64
        };
        (0..12).map(even).sum::<f64>() - 6.0
    }

    /// How many of 200 pairs of commands are called a change, the second slower by this factor.
    fn called(factor: f64) -> usize {
        let program = || Program { command: vec!["true".to_owned()], cwd: "/".into(), env: Vec::new() };
        let mut options = PairOptions::new(program(), program(), 1);
        options.budgets = vec![Budget::share(Metric::Wall, 0.0)];
        let mut state = 7;
        let mut one = || {
            let mut trial = Trial::new(options.budgets[0], &options, &[]).unwrap();
            for pair_index in 0..options.most_pairs {
                let mut took = |factor: f64| run(1e7 * factor * (0.02 * normal(&mut state)).exp());
                let (baseline, current) = (took(1.0), took(factor));
                let order = Order::BaselineFirst;
                trial.take(&PairSample { pair_index, warmup: false, order, baseline, current }, &options);
                if trial.is_settled() {
                    return true;
                }
            }
            false
        };
        (0..200).filter(|_| one()).count()
    }

    #[test]
    fn of_two_hundred_pairs_of_one_command_few_are_called_a_change() {
        let (none, slower) = (called(1.0), called(1.03));
        assert!(none <= 10, "{none} of 200");
        assert!(slower >= 190, "{slower} of 200");
    }
}
