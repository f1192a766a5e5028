//! Numbers other than times, before and after a change, as people read them: peaks of memory and what benchmarks tell of themselves.

use super::units::{Unit, format_percent, format_value};
use crate::session::{BenchmarkResult, MemoryReport, ValueChange};
use lightspeed_core::stats::Verdict;

/// A number with what it is of.
#[derive(Clone, Debug)]
pub struct Named<'r> {
    /// The instance.
    pub id: &'r str,
    /// The metric, or the tool that tells a peak.
    pub name: &'r str,
    /// Both sides.
    pub change: &'r ValueChange,
}

/// The metrics that instances told.
#[must_use]
pub fn metrics<'r>(results: impl Iterator<Item = (&'r String, &'r BenchmarkResult)>) -> Vec<Named<'r>> {
    let of = |(id, result): (&'r String, &'r BenchmarkResult)| {
        result.metrics.iter().map(move |(name, change)| Named { id, name, change })
    };
    results.flat_map(of).collect()
}

/// The peaks of memory.
#[must_use]
pub fn peaks(report: &MemoryReport) -> Vec<Named<'_>> {
    let mut found = Vec::new();
    for (id, result) in &report.benchmarks {
        found.extend(result.peaks.iter().map(|(tool, change)| Named { id, name: tool.as_str(), change }));
    }
    found
}

/// The metrics that instances told, with a line above that names the `sides` and an empty one below; nothing where there are none.
#[must_use]
pub fn told<'r>(results: impl Iterator<Item = (&'r String, &'r BenchmarkResult)>, sides: &str) -> Vec<String> {
    let found = metrics(results);
    if found.is_empty() {
        return Vec::new();
    }
    let head = format!("told by the benchmarks: {sides}, change");
    [head].into_iter().chain(lines(&found)).chain([String::new()]).collect()
}

/// A line for each: before, now, the change, and what it is of. What noise could explain has a `~`.
#[must_use]
pub fn lines(values: &[Named<'_>]) -> Vec<String> {
    let line = |named: &Named<'_>| {
        let [before, now] = shown(named.change);
        let change = delta(named.change);
        format!("{before:>12} {now:>12} {change:>9}  {} {}", named.id, named.name)
    };
    values.iter().map(line).collect()
}

/// Both sides with their unit.
#[must_use]
pub fn shown(change: &ValueChange) -> [String; 2] {
    let unit = Unit::parse(&change.unit);
    [change.baseline, change.current].map(|value| value.map_or("–".to_owned(), |value| format_value(value, &unit)))
}

/// The change in per cent, with `~` where noise could explain it.
#[must_use]
pub fn delta(change: &ValueChange) -> String {
    let Some(percent) = change.delta_pct else { return "–".to_owned() };
    let mark = if carried(change) { "" } else { " ~" };
    format!("{}{mark}", format_percent(percent, 1))
}

/// Whether the evidence carries a verdict.
fn carried(change: &ValueChange) -> bool {
    change.verdict.is_some_and(|verdict| verdict != Verdict::Inconclusive)
}
