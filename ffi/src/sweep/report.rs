//! The document of a sweep: every run, what they say of each point, how that scales.

use super::derived;
use super::journal::Head;
use super::options::{Subject, SweepOptions};
use super::sample::SweepSample;
use super::subject::filled;
use super::warning::{SweepWarning, of_results, oversubscribed};
use crate::pair::{Direction, Tool};
use crate::session::HostClass;
use lightspeed_core::frame::Metric;
use lightspeed_core::stats::Status;
use lightspeed_core::sweep::{Drift, Gain, LineResult, Point, PointResult, Spread, SweepDesign, Value, analyse};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Version of [`SweepReport`] as a document.
pub const SCHEMA: &str = "lightspeed.sweep/1";

/// All that is known of a sweep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepReport {
    /// [`SCHEMA`].
    pub schema: String,
    /// What wrote it.
    pub tool: Tool,
    /// Unlike any other sweep's; kept where one goes on.
    pub id: String,
    /// UTC, RFC 3339.
    pub started_at: String,
    /// The machine.
    pub host: HostClass,
    /// What decides what runs do.
    pub hash: String,
    /// Where every run was written as soon as it had ended.
    pub journal: PathBuf,
    /// What was asked for.
    pub bench: SweepOptions,
    /// What points are compared by.
    pub metric: MetricText,
    /// Whether it was interrupted: there might have been more runs.
    pub interrupted: bool,
    /// Each point, the last axis changing first.
    pub points: Vec<PointReport>,
    /// Points that differ along one axis alone, and the law along it.
    pub lines: Vec<LineResult>,
    /// How the machine's speed moved; nothing where that does not show.
    pub drift: Option<Drift>,
    /// What to keep in mind.
    pub warnings: Vec<SweepWarning>,
    /// Every run in the order of time, warm-ups and failures included.
    pub samples: Vec<SweepSample>,
}

/// A metric by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetricText {
    /// Its name.
    pub name: String,
    /// What it counts; empty for a bare number.
    pub unit: String,
    /// Which way is better.
    pub better: Direction,
}

/// One point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PointReport {
    /// `workers=2,level=6`
    pub id: String,
    /// Its value on each axis.
    pub values: BTreeMap<String, Value>,
    /// The command that was run; null for a benchmark.
    pub command: Option<Vec<String>>,
    /// How it ended: `ok`, or how its last run did; `not_run_budget` where it has no run.
    pub status: Status,
    /// Why it is not `ok`.
    pub reason: Option<String>,
    /// The end of what its failed run wrote to standard error.
    pub stderr: Option<String>,
    /// Its runs that count, by the metric of comparison.
    pub spread: Option<Spread>,
    /// All its metrics; derived ones where they have a value in every run, else null.
    pub metrics: BTreeMap<String, MetricReport>,
    /// The point that it is compared with, by its place: the smallest of its line.
    pub base: usize,
    /// How many times as good as that it is.
    pub speedup: Option<Gain>,
    /// The speed-up for each worker, where an axis counts them.
    pub efficiency: Option<Gain>,
    /// Why there is no speed-up, or no interval for it.
    pub note: Option<String>,
}

/// One metric of one point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetricReport {
    /// What it counts.
    pub unit: String,
    /// Which way is better.
    pub better: Direction,
    /// Its values; null where a run has none, as where the denominator of a derived one is 0.
    pub spread: Option<Spread>,
}

impl PointReport {
    /// Whether it could go on, and has fewer runs than asked for.
    #[must_use]
    pub fn is_unfinished(&self, repeats: usize) -> bool {
        let ended = matches!(self.status, Status::Failed | Status::TimedOut | Status::Skipped);
        !ended && self.spread.is_none_or(|spread| spread.n < repeats)
    }
}

impl SweepReport {
    /// What `samples` say; those of a point that failed later are in no number.
    #[must_use]
    pub fn new(
        head: &Head,
        options: &SweepOptions,
        points: &[Point],
        samples: Vec<SweepSample>,
        journal: PathBuf,
    ) -> Self {
        let runs = Runs::new(options, points, &samples);
        let metric = runs.compared_by();
        let design = SweepDesign { better: metric.better, ..options.design.clone() };
        let values = runs.values(&metric.name);
        let analysis = analyse(&design, points, &values, options.alpha, options.seed);
        let reports = analysis.points.into_iter().zip(points).enumerate();
        let points: Vec<PointReport> = reports.map(|(place, (found, point))| runs.point(place, found, point)).collect();
        let mut warnings: Vec<SweepWarning> = oversubscribed(options).into_iter().collect();
        warnings.extend(of_results(options, &points, analysis.drift.as_ref()));
        SweepReport {
            schema: SCHEMA.to_owned(),
            tool: head.tool.clone(),
            id: head.id.clone(),
            started_at: head.started_at.clone(),
            host: head.host.clone(),
            hash: head.hash.clone(),
            journal,
            bench: options.clone(),
            metric,
            interrupted: false,
            points,
            lines: analysis.lines,
            drift: analysis.drift,
            warnings,
            samples,
        }
    }

    /// Points that failed or timed out.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.points.iter().filter(|point| matches!(point.status, Status::Failed | Status::TimedOut)).count()
    }
}

/// The numbers of a run by their names, derived ones included.
type Numbers = BTreeMap<String, f64>;

/// The runs of a point.
#[derive(Clone, Default)]
struct PointRuns<'r> {
    last: Option<&'r SweepSample>,
    /// Those that count, by round; none where the last one failed.
    counted: BTreeMap<usize, Numbers>,
}

/// The runs of all points.
struct Runs<'r> {
    options: &'r SweepOptions,
    points: Vec<PointRuns<'r>>,
    /// Every metric that a run told, as it was told last.
    told: BTreeMap<&'r str, &'r Metric>,
}

impl<'r> Runs<'r> {
    fn new(options: &'r SweepOptions, points: &[Point], samples: &'r [SweepSample]) -> Self {
        let mut runs: Vec<PointRuns<'r>> = vec![PointRuns::default(); points.len()];
        for sample in samples {
            let Some(own) = runs.get_mut(sample.point) else { continue };
            own.last = Some(sample);
            if sample.status == Status::Ok && !sample.warmup {
                own.counted.insert(sample.round, numbers(options, &points[sample.point], sample));
            }
        }
        let failed = |own: &&mut PointRuns<'_>| own.last.is_some_and(|last| last.status != Status::Ok);
        runs.iter_mut().filter(failed).for_each(|own| own.counted.clear());
        let told = samples.iter().flat_map(|sample| &sample.metrics).map(|(name, metric)| (name.as_str(), metric));
        Runs { options, points: runs, told: told.collect() }
    }

    fn text(&self, name: &str) -> MetricText {
        let derived = self.options.derived.iter().find(|derived| derived.name == name);
        let told = self.told.get(name);
        let unit = derived.map(|d| d.unit.clone()).or_else(|| told.map(|metric| metric.unit.clone()));
        let better = derived.map(|d| d.better).or_else(|| told.map(|metric| metric.better));
        MetricText { name: name.to_owned(), unit: unit.unwrap_or_default(), better: better.unwrap_or_default() }
    }

    fn compared_by(&self) -> MetricText {
        let text = self.text(&self.options.metric);
        MetricText { better: self.options.better.unwrap_or(text.better), ..text }
    }

    /// The values of a metric at each point, by round; none where a run has none, because values of one round are compared.
    fn values(&self, name: &str) -> Vec<Vec<f64>> {
        let of = |runs: &PointRuns<'_>| runs.counted.values().map(|numbers| numbers.get(name).copied()).collect();
        self.points.iter().map(|runs| Option::unwrap_or_default(of(runs))).collect()
    }

    fn point(&self, place: usize, found: PointResult, point: &Point) -> PointReport {
        let PointRuns { last, counted } = &self.points[place];
        let derived = self.options.derived.iter().map(|derived| &derived.name);
        let metric = |name: &String| {
            let values: Vec<f64> = counted.values().filter_map(|numbers| numbers.get(name).copied()).collect();
            let MetricText { unit, better, .. } = self.text(name);
            let spread = Spread::of(&values).filter(|_| values.len() == counted.len());
            (name.clone(), MetricReport { unit, better, spread })
        };
        let told = counted.values().flat_map(Numbers::keys).filter(|name| self.told.contains_key(name.as_str()));
        let (status, reason) = match last {
            Some(last) if last.status != Status::Ok || !last.warmup => (last.status, last.reason.clone()),
            _ => (Status::NotRunBudget, Some("it has no run that counts".to_owned())),
        };
        let lacking = status == Status::Ok && found.spread.is_none();
        let note = if lacking { Some(format!("not every run gave {}", self.options.metric)) } else { found.note };
        let command = match &self.options.subject {
            Subject::Command(template) => filled(template, point, self.options).ok().map(|program| program.command),
            Subject::Benchmark { .. } => None,
        };
        PointReport {
            id: found.id,
            values: found.values,
            command,
            status,
            reason,
            stderr: last.and_then(|last| last.stderr.clone()),
            spread: found.spread,
            metrics: told.chain(derived).map(metric).collect(),
            base: found.base,
            speedup: found.speedup,
            efficiency: found.efficiency,
            note,
        }
    }
}

/// All numbers of a run, derived ones included. Expressions are over declared names: what else a frame tells changes none
/// of them, not even where it is called as an axis.
fn numbers(options: &SweepOptions, point: &Point, sample: &SweepSample) -> Numbers {
    let mut numbers: Numbers = sample.metrics.iter().map(|(name, metric)| (name.clone(), metric.value)).collect();
    let axes = options.design.axes.iter().zip(&point.values);
    let declared = options.names();
    let mut known = numbers.clone();
    known.retain(|name, _| declared.contains(name));
    known.extend(axes.filter_map(|(axis, value)| Some((axis.name.clone(), value.size()?))));
    for each in &options.derived {
        match derived::value(each, &known) {
            Some(value) => numbers.insert(each.name.clone(), value),
            None => numbers.remove(&each.name),
        };
    }
    numbers
}
