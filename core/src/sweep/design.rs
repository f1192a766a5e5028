//! What is swept, how often, and along which axis points are compared.

use super::SweepError;
use super::axis::{Axis, Value};
use super::point::{Combination, Point, points};
use crate::frame::Direction;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Names of axes that count workers where nobody says which does.
const WORKERS: [&str; 12] = [
    "workers",
    "threads",
    "processes",
    "procs",
    "jobs",
    "cores",
    "cpus",
    "n_workers",
    "n_threads",
    "n_jobs",
    "nproc",
    "parallelism",
];
/// Runs of each point: the fewest that give a speed-up an interval at the usual error level.
const REPEATS: usize = 6;

/// Points of one or more axes, each run as often as the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepDesign {
    /// The axes; the last one changes first.
    pub axes: Vec<Axis>,
    /// How they make points.
    #[serde(default)]
    pub combination: Combination,
    /// Runs of each point that count: as many rounds over all points.
    #[serde(default = "usual_repeats")]
    pub repeats: usize,
    /// The axis along which speed-ups and scaling are told; nothing for the one of several values that counts workers, else the first of
    /// several sizes.
    #[serde(default)]
    pub along: Option<String>,
    /// The axis that counts workers, for the efficiency of each; nothing for one that is called so.
    #[serde(default)]
    pub workers: Option<String>,
    /// Which way values are better.
    #[serde(default)]
    pub better: Direction,
}

/// Points that differ along one axis alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The other axes with their values.
    pub fixed: BTreeMap<String, Value>,
    /// Its points by their places, in the order of the axis.
    pub points: Vec<usize>,
    /// The one with the smallest size, or the first value where there are no sizes.
    pub base: usize,
}

impl SweepDesign {
    /// Every combination, six runs of each.
    #[must_use]
    pub fn new(axes: Vec<Axis>) -> Self {
        SweepDesign {
            axes,
            combination: Combination::default(),
            repeats: REPEATS,
            along: None,
            workers: None,
            better: Direction::default(),
        }
    }

    /// All points.
    ///
    /// # Errors
    /// Axes that make none, or too many; an axis named that there is not; workers that cannot be counted.
    pub fn points(&self) -> Result<Vec<Point>, SweepError> {
        for name in [&self.along, &self.workers].into_iter().flatten() {
            if self.place(name).is_none() {
                let axes = self.axes.iter().map(|axis| axis.name.as_str()).collect::<Vec<_>>().join(", ");
                return Err(SweepError::NoAxis { name: name.clone(), axes });
            }
        }
        if let Some(name) = self.workers.as_ref().filter(|name| !self.place(name).is_some_and(|at| self.counts(at))) {
            return Err(SweepError::Workers(name.clone()));
        }
        points(&self.axes, self.combination)
    }

    /// The place of the axis along which points are compared; nothing where there are no axes.
    #[must_use]
    pub fn along(&self) -> Option<usize> {
        let named = self.along.as_ref().and_then(|name| self.place(name));
        // Along an axis of one value nothing could be compared.
        let counting = || self.workers().filter(|at| self.axes[*at].values.len() > 1);
        let sized = || self.axes.iter().position(|axis| axis.values.len() > 1 && axis.is_sized());
        named.or_else(counting).or_else(sized).or((!self.axes.is_empty()).then_some(0))
    }

    /// The place of the axis that counts workers, if one does.
    #[must_use]
    pub fn workers(&self) -> Option<usize> {
        let called = || {
            let is_called = |axis: &Axis| WORKERS.contains(&axis.name.to_lowercase().as_str());
            (0..self.axes.len()).find(|&at| is_called(&self.axes[at]) && self.counts(at))
        };
        self.workers.as_ref().and_then(|name| self.place(name)).or_else(called)
    }

    /// All points in lines along the axis of comparison, in the order of their first points. Zipped axes make one line.
    #[must_use]
    pub fn lines(&self, points: &[Point]) -> Vec<Line> {
        let Some(along) = self.along() else { return Vec::new() };
        let others = |point: &Point| -> BTreeMap<String, Value> {
            let named = self.axes.iter().zip(&point.values).enumerate();
            let other = named.filter(|(at, _)| *at != along && self.combination == Combination::Cartesian);
            other.map(|(_, (axis, value))| (axis.name.clone(), value.clone())).collect()
        };
        let mut lines: Vec<(BTreeMap<String, Value>, Vec<usize>)> = Vec::new();
        // Numbers have no order that a map could use; their texts do.
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        for (place, point) in points.iter().enumerate() {
            let fixed = others(point);
            let line = *known.entry(format!("{fixed:?}")).or_insert_with(|| {
                lines.push((fixed, Vec::new()));
                lines.len() - 1
            });
            lines[line].1.push(place);
        }
        let line = |(fixed, mut members): (BTreeMap<String, Value>, Vec<usize>)| {
            let size = |place: usize| points[place].values[along].size().unwrap_or(0.0);
            if self.axes[along].is_sized() {
                members.sort_by(|a, b| size(*a).total_cmp(&size(*b)));
            }
            let base = members.first().copied().unwrap_or(0);
            Line { fixed, points: members, base }
        };
        lines.into_iter().map(line).collect()
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.axes.iter().position(|axis| axis.name == name)
    }

    /// Whether an axis could count workers.
    fn counts(&self, place: usize) -> bool {
        self.axes.get(place).is_some_and(|axis| axis.values.iter().all(|value| matches!(value, Value::Int(1..))))
    }
}

/// The place of the point that each of so many is compared with.
#[must_use]
pub fn bases(lines: &[Line], points: usize) -> Vec<usize> {
    let mut bases = vec![0; points];
    for line in lines {
        line.points.iter().for_each(|&place| bases[place] = line.base);
    }
    bases
}

fn usual_repeats() -> usize {
    REPEATS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn design(axes: &[&str]) -> SweepDesign {
        SweepDesign::new(axes.iter().map(|text| Axis::parse(text).unwrap()).collect())
    }

    fn along(design: &SweepDesign) -> (&str, Option<&str>) {
        let name = |at: usize| design.axes[at].name.as_str();
        (name(design.along().unwrap()), design.workers().map(name))
    }

    #[test]
    fn the_axis_of_comparison_counts_workers_or_has_sizes_or_is_the_first() {
        assert_eq!(along(&design(&["level=1,6", "threads=1,2"])), ("threads", Some("threads")));
        assert_eq!(along(&design(&["mode=a,b", "n=1,2"])), ("n", None));
        assert_eq!(along(&design(&["threads=4", "n=1,2"])), ("n", Some("threads")));
        assert_eq!(along(&design(&["mode=a,b", "n=0,1"])), ("mode", None));
        assert_eq!(along(&design(&["mode=a,b", "workers=0,1"])), ("mode", None));
        let named = SweepDesign { along: Some("mode".to_owned()), ..design(&["mode=a,b", "jobs=1,2"]) };
        assert_eq!(along(&named), ("mode", Some("jobs")));
    }

    #[test]
    fn axes_that_are_named_are_there_and_count_if_they_are_to() {
        let missing = SweepDesign { along: Some("m".to_owned()), ..design(&["n=1,2"]) };
        assert!(matches!(missing.points(), Err(SweepError::NoAxis { .. })));
        let wrong = SweepDesign { workers: Some("n".to_owned()), ..design(&["n=0.5,2"]) };
        assert_eq!(wrong.points(), Err(SweepError::Workers("n".to_owned())));
    }

    #[test]
    fn lines_differ_along_one_axis_and_begin_with_the_smallest() {
        let design = design(&["mode=a,b", "n=4,1,2"]);
        let points = design.points().unwrap();
        let lines = design.lines(&points);
        let ids = |line: &Line| line.points.iter().map(|at| points[*at].id(&design.axes)).collect::<Vec<_>>();
        assert_eq!(ids(&lines[0]), ["mode=a,n=1", "mode=a,n=2", "mode=a,n=4"]);
        assert_eq!((lines.len(), lines[1].base, lines[1].fixed["mode"].to_string()), (2, 4, "b".to_owned()));
        let zipped = SweepDesign { combination: Combination::Zipped, ..self::design(&["n=4,1", "m=8,2"]) };
        let lines = zipped.lines(&zipped.points().unwrap());
        assert_eq!((lines.len(), lines[0].points.clone(), lines[0].fixed.len()), (1, vec![1, 0], 0));
    }
}
