//! A sweep: asks for runs of points, takes their outcomes.

use serde::{Deserialize, Serialize};

use super::comparison::{check_seconds, median};
use super::error::ExperimentError;
use super::plan::{Design, Plan, Planned};
use super::results::{BenchmarkResult, Results, not_run};
use super::run::{Next, Outcome, Progress, Run, Side};
use crate::frame::Direction;
use crate::stats::{Reward, Status, quantile, signed_rank};
use crate::sweep::{Point, SweepDesign, analyse, bases, round};

/// A sweep under way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Sweep {
    plan: Plan,
    series: Vec<Series>,
    /// Whether the outcome of the next run is waited for.
    pending: bool,
    cancelled: bool,
    #[serde(skip)]
    design: SweepDesign,
    #[serde(skip)]
    points: Vec<Point>,
    /// The point that each is compared with.
    #[serde(skip)]
    bases: Vec<usize>,
}

/// What was recorded of one point.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Series {
    warmed_up: usize,
    /// Medians of its runs that count.
    values: Vec<f64>,
    runs: usize,
    spent_s: f64,
    /// It ended otherwise than by its numbers, with the reason.
    ended: Option<(Status, String)>,
}

impl Series {
    /// The round that it is at; warm-ups are rounds too.
    fn round(&self) -> usize {
        self.warmed_up + self.values.len()
    }
}

impl Sweep {
    pub(super) fn new(mut plan: Plan) -> Result<Self, ExperimentError> {
        let Design::Sweep(design) = plan.design.clone() else { return Err(ExperimentError::BadState) };
        let points = design.points()?;
        let ids: Vec<String> = points.iter().map(|point| point.id(&design.axes)).collect();
        if plan.benchmarks.is_empty() {
            plan.benchmarks = ids.into_iter().map(|id| Planned { margin: 0.0, ..Planned::new(id) }).collect();
        } else if !plan.benchmarks.iter().map(|benchmark| &benchmark.id).eq(&ids) {
            return Err(ExperimentError::OtherPoints);
        }
        plan.check()?;
        let (series, bases) = (vec![Series::default(); points.len()], bases(&design.lines(&points), points.len()));
        Ok(Self { plan, series, pending: false, cancelled: false, design, points, bases })
    }

    /// One that was written out, if it ever was one.
    pub(super) fn taken_up(
        plan: Plan,
        series: Vec<Series>,
        pending: bool,
        cancelled: bool,
    ) -> Result<Self, ExperimentError> {
        let (warmups, fresh) = (plan.warmups, Self::new(plan)?);
        let fits = |series: &Series| {
            series.warmed_up <= warmups
                && (series.values.is_empty() || series.warmed_up == warmups)
                && series.values.len() <= fresh.design.repeats
                && series.runs == series.round() + usize::from(series.ended.is_some())
                && series.values.iter().all(|value| value.is_finite() && *value > 0.0)
                && check_seconds(series.spent_s).is_ok()
        };
        if series.len() != fresh.series.len() || !series.iter().all(fits) {
            return Err(ExperimentError::BadState);
        }
        let sweep = Self { series, pending, cancelled, ..fresh };
        if pending && sweep.chosen().is_none() { Err(ExperimentError::BadState) } else { Ok(sweep) }
    }

    pub(super) fn next(&mut self) -> Next {
        let chosen = self.chosen();
        self.pending = chosen.is_some();
        chosen.map_or(Next::Done, |index| Next::Run(self.run(index)))
    }

    pub(super) fn record(&mut self, outcome: Outcome) -> Result<(), ExperimentError> {
        let Some(index) = self.chosen().filter(|_| self.pending) else { return Err(ExperimentError::NothingPending) };
        let series = &mut self.series[index];
        match outcome.values() {
            Ok((values, wall_s)) => {
                check_seconds(wall_s)?;
                let benchmark = || self.plan.benchmarks[index].id.clone();
                let value =
                    median(&values).map_err(|cause| ExperimentError::Values { benchmark: benchmark(), cause })?;
                if series.warmed_up < self.plan.warmups {
                    series.warmed_up += 1;
                } else {
                    series.values.push(value);
                }
                series.spent_s += wall_s;
            }
            Err(ended) => series.ended = Some(ended),
        }
        series.runs += 1;
        self.pending = false;
        Ok(())
    }

    pub(super) fn cancel(&mut self) {
        self.cancelled = true;
        self.pending = false;
    }

    pub(super) fn progress(&self) -> Progress {
        let done = self.series.iter().map(|series| series.runs).sum();
        let open = || self.series.iter().filter(|series| self.is_open(series));
        let to_go = if self.cancelled { 0 } else { open().map(|series| self.rounds() - series.round()).sum() };
        Progress {
            done,
            expected: done + to_go,
            decided: self.series.len() - open().count(),
            benchmarks: self.series.len(),
            spent_s: self.spent_s(),
        }
    }

    pub(super) fn results(&self) -> Results {
        let counted = |series: &Series| if series.ended.is_some() { Vec::new() } else { series.values.clone() };
        let values: Vec<Vec<f64>> = self.series.iter().map(counted).collect();
        let analysis = analyse(&self.design, &self.points, &values, self.plan.alpha, self.plan.seed);
        let benchmarks = analysis.points.iter().enumerate().map(|(index, found)| {
            let (series, planned) = (&self.series[index], &self.plan.benchmarks[index]);
            let (status, reason) = match &series.ended {
                Some((status, reason)) => (*status, Some(reason.clone())),
                None if series.values.is_empty() => (Status::NotRunBudget, Some(not_run(&self.plan, self.cancelled))),
                None => (Status::Ok, found.note.clone()),
            };
            let rounds = values[found.base].len().min(values[index].len());
            let sides = (&values[found.base][..rounds], &values[index][..rounds]);
            let inference = signed_rank(sides.0, sides.1, self.plan.alpha).ok();
            // A reward is for less; where more is better it would have the wrong sign.
            let is_less = self.design.better == Direction::Lower;
            BenchmarkResult {
                reward: inference.as_ref().filter(|_| is_less).and_then(Reward::of),
                inference,
                ..BenchmarkResult::unmeasured(planned, (status, reason), series.values.len(), series.spent_s)
            }
        });
        Results {
            benchmarks: benchmarks.collect(),
            environment_drift: None,
            noise_floor: None,
            false_positive_rate: None,
            seed: self.plan.seed,
            sweep: Some(analysis),
        }
    }

    pub(super) fn medians(&self, index: usize) -> Option<(f64, f64)> {
        let median = |index: usize| quantile(&self.series.get(index)?.values, 0.5).ok();
        median(*self.bases.get(index)?).zip(median(index))
    }

    pub(super) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The point whose turn it is: of those that are the fewest rounds along, the first in the order of their round.
    fn chosen(&self) -> Option<usize> {
        if self.cancelled || self.plan.budget_s.is_some_and(|budget| self.spent_s() >= budget) {
            return None;
        }
        let least = self.series.iter().filter(|series| self.is_open(series)).map(Series::round).min()?;
        let order = round(self.series.len(), least, self.plan.seed);
        order.into_iter().find(|&index| {
            let series = &self.series[index];
            series.round() == least && self.is_open(series)
        })
    }

    fn run(&self, index: usize) -> Run {
        let series = &self.series[index];
        let warmup = series.warmed_up < self.plan.warmups;
        Run {
            benchmark: self.plan.benchmarks[index].id.clone(),
            side: Side::Baseline,
            pair: if warmup { series.warmed_up } else { series.values.len() },
            first: true,
            warmup,
        }
    }

    fn rounds(&self) -> usize {
        self.plan.warmups + self.design.repeats
    }

    fn is_open(&self, series: &Series) -> bool {
        series.ended.is_none() && series.round() < self.rounds()
    }

    fn spent_s(&self) -> f64 {
        self.series.iter().map(|series| series.spent_s).sum()
    }
}
