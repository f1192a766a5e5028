//! Two sides compared: asks for runs, takes their outcomes.

use serde::Serialize;

use super::error::ExperimentError;
use super::plan::Plan;
use super::results::{Results, results};
use super::run::{Next, Outcome, Progress, Run, Side};
use super::schedule::{choose, pairs_to_go};
use super::series::{Series, baseline_first};
use crate::stats::{StatsError, check_times, quantile};

/// A comparison under way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Comparison {
    plan: Plan,
    series: Vec<Series>,
    /// The run that was asked for, and the place of its benchmark.
    pending: Option<(usize, Run)>,
    cancelled: bool,
}

impl Comparison {
    pub(super) fn new(plan: Plan) -> Result<Self, ExperimentError> {
        plan.check()?;
        let series = plan.benchmarks.iter().map(|benchmark| Series::new(&plan.design, benchmark.margin));
        let series = series.collect::<Result<_, _>>()?;
        Ok(Self { plan, series, pending: None, cancelled: false })
    }

    /// One that was written out, if it ever was one.
    pub(super) fn taken_up(
        plan: Plan,
        series: Vec<Series>,
        pending: Option<(usize, Run)>,
        cancelled: bool,
    ) -> Result<Self, ExperimentError> {
        plan.check()?;
        let sound = |(index, series): (usize, &Series)| series.is_sound(&plan.design, plan.seed, index);
        let sound = series.len() == plan.benchmarks.len() && series.iter().enumerate().all(sound);
        let experiment = Self { plan, series, pending, cancelled };
        let asked = |(index, run): &(usize, Run)| experiment.run(*index).as_ref() == Some(run);
        if sound && experiment.pending.as_ref().is_none_or(asked) {
            Ok(experiment)
        } else {
            Err(ExperimentError::BadState)
        }
    }

    pub(super) fn next(&mut self) -> Next {
        if self.cancelled {
            return Next::Done;
        }
        if self.pending.is_none() {
            self.pending = choose(&self.plan, &self.series).and_then(|index| Some((index, self.run(index)?)));
        }
        self.pending.as_ref().map_or(Next::Done, |(_, run)| Next::Run(run.clone()))
    }

    pub(super) fn record(&mut self, outcome: Outcome) -> Result<(), ExperimentError> {
        let Some((index, run)) = self.pending.clone() else {
            return Err(ExperimentError::NothingPending);
        };
        let (design, alpha) = (&self.plan.design, self.plan.alpha_of(index));
        let Some(series) = self.series.get_mut(index) else {
            return Err(ExperimentError::NothingPending);
        };
        match outcome.values() {
            Ok((values, wall_s)) => {
                check_seconds(wall_s)?;
                let unusable = |cause| ExperimentError::Values { benchmark: run.benchmark.clone(), cause };
                let median = median(&values).map_err(unusable)?;
                if run.warmup {
                    series.warmed_up += 1;
                } else {
                    series.take(run.side, median, design, alpha).map_err(unusable)?;
                }
                series.spent_s += wall_s;
            }
            Err(ended) => series.ended = Some(ended),
        }
        series.runs += 1;
        self.pending = None;
        Ok(())
    }

    pub(super) fn cancel(&mut self) {
        self.cancelled = true;
        self.pending = None;
    }

    pub(super) fn only_controls_left(&self) -> bool {
        let open = self.plan.benchmarks.iter().zip(&self.series).filter(|(_, s)| s.is_open(&self.plan.design));
        let mut open = open.map(|(benchmark, _)| benchmark.control).peekable();
        open.peek().is_some() && open.all(|control| control)
    }

    pub(super) fn progress(&self) -> Progress {
        let done = self.series.iter().map(|s| s.runs).sum();
        let to_go = |(index, s): (usize, &Series)| {
            let warmups = (2 * self.plan.warmups).saturating_sub(s.warmed_up);
            let halves = s.baseline.len() + s.current.len() - 2 * s.pairs();
            let runs = pairs_to_go(&self.plan, index, s).saturating_mul(2).saturating_sub(halves);
            if s.is_open(&self.plan.design) { runs.saturating_add(warmups) } else { 0 }
        };
        let open = self.series.iter().filter(|s| s.is_open(&self.plan.design));
        let expected = if self.cancelled {
            done
        } else {
            self.series.iter().enumerate().map(to_go).fold(done, usize::saturating_add)
        };
        Progress {
            done,
            expected,
            decided: self.series.len() - open.count(),
            benchmarks: self.series.len(),
            spent_s: self.series.iter().map(|s| s.spent_s).sum(),
        }
    }

    pub(super) fn results(&self) -> Results {
        results(&self.plan, &self.series, self.cancelled)
    }

    pub(super) fn medians(&self, benchmark: usize) -> Option<(f64, f64)> {
        let series = self.series.get(benchmark)?;
        let side = |values: &[f64]| quantile(values.get(..series.pairs())?, 0.5).ok();
        side(&series.baseline).zip(side(&series.current))
    }

    pub(super) fn plan(&self) -> &Plan {
        &self.plan
    }

    fn run(&self, index: usize) -> Option<Run> {
        let (series, benchmark) = (self.series.get(index)?, self.plan.benchmarks.get(index)?.id.clone());
        if series.warmed_up < 2 * self.plan.warmups {
            let side = if series.warmed_up.is_multiple_of(2) { Side::Baseline } else { Side::Current };
            return Some(Run { benchmark, side, pair: 0, first: side == Side::Baseline, warmup: true });
        }
        let (pair, first) = (series.pairs(), !series.half_a_pair());
        let side = if baseline_first(self.plan.seed, index, pair) == first { Side::Baseline } else { Side::Current };
        Some(Run { benchmark, side, pair, first, warmup: false })
    }
}

/// The median of values that are all finite and above zero.
pub(super) fn median(values: &[f64]) -> Result<f64, StatsError> {
    check_times(values)?;
    quantile(values, 0.5)
}

/// Whether a run's time is one.
pub(super) fn check_seconds(wall_s: f64) -> Result<(), ExperimentError> {
    if wall_s.is_finite() && wall_s >= 0.0 { Ok(()) } else { Err(ExperimentError::BadTime(wall_s)) }
}
