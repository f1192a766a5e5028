//! The charts of a sweep.

use super::units::Unit;
use crate::chart::{Axis, Chart, Mark, Reference, Scale, Series};
use crate::pair::Direction;
use crate::sweep::{PointReport, SweepReport};
use lightspeed_core::sweep::{LineResult, Value};

/// Lines that one chart can show apart.
const MOST_LINES: usize = 8;
/// Points of a law's curve.
const STEPS: usize = 60;
/// The ratio of the largest to the smallest value from which equal ratios are drawn equally long.
const WIDE_RATIO: f64 = 8.0;

/// The metric along the axis of comparison with the laws behind it, then the speed-ups beside the ideal, where an axis counts workers.
/// None where no line has two points with values.
pub(super) fn charts(report: &SweepReport) -> Vec<Chart> {
    let Some(along) = report.bench.design.along() else { return Vec::new() };
    let measured = |line: &&LineResult| {
        line.points.iter().filter(|at| point(report, **at).is_some_and(|p| p.spread.is_some())).count() > 1
    };
    let lines: Vec<&LineResult> = report.lines.iter().filter(measured).collect();
    if lines.is_empty() {
        return Vec::new();
    }
    let shown = &lines[..lines.len().min(MOST_LINES)];
    let left_out = if shown.len() < lines.len() {
        format!("the first {} of {} lines", shown.len(), lines.len())
    } else {
        String::new()
    };
    let x = x_axis(report, along);
    let mut charts = vec![values(report, shown, &x, &left_out)];
    if report.points.iter().any(|point| point.efficiency.is_some()) {
        charts.push(speedups(report, shown, &x, &left_out));
    }
    charts
}

fn values(report: &SweepReport, lines: &[&LineResult], x: &Axis, left_out: &str) -> Chart {
    let mark = |point: &PointReport, x: f64| {
        let spread = point.spread?;
        Some(Mark { x, y: spread.median, interval: spread.min.zip(spread.max) })
    };
    let drawn = |line: &LineResult| Series { curve: curve(report, line, x), ..series(report, line, mark) };
    let series: Vec<Series> = lines.iter().map(|line| drawn(line)).collect();
    let ys = series.iter().flat_map(|series| &series.marks).map(|mark| mark.y);
    let y = Axis { name: report.metric.name.clone(), unit: Unit::parse(&report.metric.unit), scale: scale(ys) };
    Chart { title: left_out.to_owned(), x: x.clone(), y, series, reference: None }
}

fn speedups(report: &SweepReport, lines: &[&LineResult], x: &Axis, left_out: &str) -> Chart {
    let mark = |point: &PointReport, x: f64| {
        let gain = point.speedup?;
        Some(Mark { x, y: gain.estimate, interval: gain.interval.low.zip(gain.interval.high) })
    };
    let series: Vec<Series> = lines.iter().map(|line| series(report, line, mark)).collect();
    // All lines begin with the same number of workers.
    let sizes: Vec<f64> = report.bench.design.along().map_or(Vec::new(), |along| sizes(report, along));
    let least = sizes.iter().copied().fold(f64::INFINITY, f64::min);
    let ideal = sizes.iter().map(|size| (*size, size / least)).collect();
    let y = Axis { name: "speed-up".to_owned(), unit: Unit::Other(String::new()), scale: x.scale.clone() };
    let reference = Some(Reference { name: "ideal".to_owned(), points: ideal });
    Chart { title: left_out.to_owned(), x: x.clone(), y, series, reference }
}

fn series(report: &SweepReport, line: &LineResult, mark: impl Fn(&PointReport, f64) -> Option<Mark>) -> Series {
    let fixed: Vec<String> = line.fixed.iter().map(|(axis, value)| format!("{axis}={value}")).collect();
    let name = if fixed.is_empty() { report.metric.name.clone() } else { fixed.join(", ") };
    let marks = line.points.iter().filter_map(|at| mark(point(report, *at)?, place(report, line, *at)?));
    Series { name, marks: marks.collect(), curve: Vec::new() }
}

/// The law of a line from its first to its last point.
fn curve(report: &SweepReport, line: &LineResult, x: &Axis) -> Vec<(f64, f64)> {
    let Some(fit) = line.scaling.model.and_then(|model| line.scaling.fits.iter().find(|fit| fit.model == model)) else {
        return Vec::new();
    };
    let places: Vec<f64> = line.points.iter().filter_map(|at| place(report, line, *at)).collect();
    let (Some(&from), Some(&to)) = (places.first(), places.last()) else { return Vec::new() };
    let at = |step: usize| {
        let share = step as f64 / STEPS as f64;
        let size = if x.scale == Scale::Log { from * (to / from).powf(share) } else { from + (to - from) * share };
        let cost = fit.model.at(&fit.coefficients, size);
        (size, if report.metric.better == Direction::Higher { 1.0 / cost } else { cost })
    };
    (0..=STEPS).map(at).collect()
}

fn x_axis(report: &SweepReport, along: usize) -> Axis {
    let axis = &report.bench.design.axes[along];
    let scale = if axis.is_sized() {
        scale(sizes(report, along).into_iter())
    } else {
        Scale::Names(axis.values.iter().map(ToString::to_string).collect())
    };
    Axis { name: axis.name.clone(), unit: Unit::Other(String::new()), scale }
}

fn sizes(report: &SweepReport, along: usize) -> Vec<f64> {
    let mut sizes: Vec<f64> = report.bench.design.axes[along].values.iter().filter_map(Value::size).collect();
    sizes.sort_by(f64::total_cmp);
    sizes
}

/// Where a point lies on the axis of comparison: its size, or its place among the names.
fn place(report: &SweepReport, line: &LineResult, at: usize) -> Option<f64> {
    let axis = report.bench.design.axes.iter().find(|axis| axis.name == line.along)?;
    let value = point(report, at)?.values.get(&line.along)?;
    if axis.is_sized() { value.size() } else { axis.values.iter().position(|other| other == value).map(|at| at as f64) }
}

fn point(report: &SweepReport, at: usize) -> Option<&PointReport> {
    report.points.get(at)
}

fn scale(values: impl Iterator<Item = f64>) -> Scale {
    let (least, most) =
        values.fold((f64::INFINITY, 0.0f64), |(least, most), value| (least.min(value), most.max(value)));
    if least > 0.0 && most / least >= WIDE_RATIO { Scale::Log } else { Scale::Linear }
}
