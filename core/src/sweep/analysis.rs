//! What the runs of a sweep say: each point, how much faster it is than the smallest, and the law along each line.

use super::axis::Value;
use super::design::{Line, SweepDesign, bases};
use super::point::Point;
use super::scaling::{Observation, Scaling, scaling};
use crate::frame::Direction;
use crate::stats::{Interval, quantile, signed_rank, summarize};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the runs of all points say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// Each point, in their order.
    pub points: Vec<PointResult>,
    /// Each line of points that differ along the axis of comparison alone.
    pub lines: Vec<LineResult>,
    /// How the machine's speed moved during the sweep; nothing where too few points or rounds tell, or its interval holds 1.
    pub drift: Option<Drift>,
}

/// One point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PointResult {
    /// `workers=2,payload=16x16`
    pub id: String,
    /// Its value on each axis.
    pub values: BTreeMap<String, Value>,
    /// Its runs that count; nothing where there are none.
    pub spread: Option<Spread>,
    /// The place of the point that it is compared with: the smallest of its line.
    pub base: usize,
    /// How many times as good as the base it is: as fast, where values are times.
    pub speedup: Option<Gain>,
    /// The speed-up for each worker, beside that of the base; nothing where no axis counts workers along the line.
    pub efficiency: Option<Gain>,
    /// Why there is no speed-up, or no interval for it.
    pub note: Option<String>,
}

/// A sample in a few numbers. Of a single value there is no spread.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Number of values.
    pub n: usize,
    /// The middle.
    pub median: f64,
    /// Arithmetic mean.
    pub mean: f64,
    /// Standard deviation with n − 1.
    pub stdev: Option<f64>,
    /// Smallest value.
    pub min: Option<f64>,
    /// Largest value.
    pub max: Option<f64>,
}

/// A ratio with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gain {
    /// The best single answer.
    pub estimate: f64,
    /// Its interval; unbounded where there are too few runs for one.
    pub interval: Interval,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineResult {
    /// The other axes with their values.
    pub fixed: BTreeMap<String, Value>,
    /// The axis along which its points differ.
    pub along: String,
    /// Its points by their places, in the order of that axis.
    pub points: Vec<usize>,
    /// The law behind its values; of their inverses, where more is better.
    pub scaling: Scaling,
}

/// How the machine's speed moved during the sweep, which every point met alike.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// Values of the last third of the rounds to those of the first third.
    pub ratio: f64,
    /// Its interval, from the points as pairs.
    pub interval: Interval,
}

/// The values of each point, by round. A point that failed has none.
///
/// A speed-up is the median of all averages of two rounds' ratios, with the interval that inverts the signed-rank test: values of one round
/// are pairs, since the machine was much the same. At the usual level it takes six rounds.
#[must_use]
pub fn analyse(design: &SweepDesign, points: &[Point], values: &[Vec<f64>], alpha: f64, seed: u64) -> Analysis {
    let lines = design.lines(points);
    let bases = bases(&lines, points.len());
    let of = |place: usize| values.get(place).map_or(&[][..], Vec::as_slice);
    let point = |(place, point): (usize, &Point)| {
        let axes = design.axes.iter().map(|axis| axis.name.clone());
        let mut result = PointResult {
            id: point.id(&design.axes),
            values: axes.zip(point.values.iter().cloned()).collect(),
            spread: Spread::of(of(place)),
            base: bases[place],
            speedup: None,
            efficiency: None,
            note: None,
        };
        match gain(of(bases[place]), of(place), design.better, alpha) {
            Ok(speedup) => {
                result.efficiency = workers_ratio(design, points, bases[place], place).map(|ratio| speedup.over(ratio));
                let few = || format!("too few rounds for an interval: give at least {}", fewest_rounds(alpha));
                result.note = speedup.interval.low.is_none().then(few);
                result.speedup = Some(speedup);
            }
            Err(reason) => result.note = Some(reason),
        }
        result
    };
    Analysis {
        points: points.iter().enumerate().map(point).collect(),
        lines: lines.into_iter().map(|line| line_result(design, points, values, line, seed)).collect(),
        drift: drift(values, alpha),
    }
}

impl Spread {
    /// Of values, if there are any; all finite.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        let summary = summarize(values).ok()?;
        let several = summary.n > 1;
        Some(Spread {
            n: summary.n,
            median: summary.median,
            mean: summary.mean,
            stdev: summary.sd,
            min: several.then_some(summary.min),
            max: several.then_some(summary.max),
        })
    }
}

impl Gain {
    fn over(self, ratio: f64) -> Self {
        let Interval { low, high, level } = self.interval;
        let interval = Interval { low: low.map(|low| low / ratio), high: high.map(|high| high / ratio), level };
        Gain { estimate: self.estimate / ratio, interval }
    }
}

/// How much better a point is than its base.
fn gain(base: &[f64], point: &[f64], better: Direction, alpha: f64) -> Result<Gain, String> {
    let rounds = base.len().min(point.len());
    if point.is_empty() {
        return Err("it gave no values".to_owned());
    }
    if base.is_empty() {
        return Err("the point that it is compared with gave no values".to_owned());
    }
    let (base, point) = (&base[..rounds], &point[..rounds]);
    if base.iter().chain(point).any(|value| *value <= 0.0) {
        return Err("values of 0 and below have no ratio".to_owned());
    }
    let (from, to) = if better == Direction::Lower { (point, base) } else { (base, point) };
    let found = signed_rank(from, to, alpha).map_err(|error| error.to_string())?;
    let estimate = found.estimate.ok_or("values so far apart have no ratio")?;
    Ok(Gain { estimate, interval: found.interval })
}

/// The fewest pairs whose signs alone can be as unlikely as alpha, were there no difference.
fn fewest_rounds(alpha: f64) -> i32 {
    (1..1024).find(|rounds| libm::ldexp(1.0, 1 - rounds) <= alpha).unwrap_or(1024)
}

/// How many times the workers of its base a point has.
fn workers_ratio(design: &SweepDesign, points: &[Point], base: usize, point: usize) -> Option<f64> {
    let workers = design.workers().filter(|workers| design.along() == Some(*workers))?;
    let of = |place: usize| points.get(place)?.values.get(workers)?.size();
    Some(of(point)? / of(base)?)
}

fn line_result(design: &SweepDesign, points: &[Point], values: &[Vec<f64>], line: Line, seed: u64) -> LineResult {
    let along = design.along().unwrap_or(0);
    let mut observations = Vec::new();
    for &place in &line.points {
        let size = points[place].values.get(along).and_then(Value::size).unwrap_or(f64::NAN);
        let cost = |value: f64| if design.better == Direction::Lower { value } else { 1.0 / value };
        let own = values.get(place).map_or(&[][..], Vec::as_slice);
        observations.extend(own.iter().map(|value| Observation { size, seconds: cost(*value) }));
    }
    let axis = design.axes.get(along);
    LineResult {
        fixed: line.fixed,
        along: axis.map_or(String::new(), |axis| axis.name.clone()),
        points: line.points,
        scaling: match axis {
            Some(axis) if axis.is_sized() => scaling(&observations, seed),
            _ => Scaling::none("the values of the axis have no sizes"),
        },
    }
}

/// The last third of the rounds beside the first, each point with itself.
fn drift(values: &[Vec<f64>], alpha: f64) -> Option<Drift> {
    let median = |values: &[f64]| quantile(values, 0.5).ok().filter(|median| *median > 0.0);
    let thirds = |own: &Vec<f64>| {
        let third = own.len() / 3;
        Some((median(own.get(..third)?)?, median(own.get(own.len() - third..)?)?))
    };
    let (first, last): (Vec<f64>, Vec<f64>) = values.iter().filter_map(thirds).unzip();
    let found = signed_rank(&first, &last, alpha).ok()?;
    let interval = found.interval;
    let apart = interval.low.is_some_and(|low| low > 1.0) || interval.high.is_some_and(|high| high < 1.0);
    Some(Drift { ratio: found.estimate.filter(|_| apart)?, interval })
}
