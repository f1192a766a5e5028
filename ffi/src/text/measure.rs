//! A measurement: what is affected, and how it compares.

use super::Look;
use super::select::Chosen;
use super::table::{Row, render};
use super::units::Unit;
use super::values;
use crate::session::{BenchmarkResult, MeasureReport, PairedReport, Status};

/// The report as people read it.
pub fn text(report: &MeasureReport, look: Look) -> String {
    let chosen = Chosen::from(report);
    let mut lines = vec![chosen.summary()];
    let rows: Vec<Row> = report.benchmarks.iter().map(|(id, result)| row(id, result)).collect();
    if !rows.is_empty() {
        lines.push(String::new());
        lines.push(render(&rows, look).trim_end().to_owned());
        lines.push(String::new());
    }
    lines.extend(values::told(report.benchmarks.iter(), "before, now"));
    lines.extend(chosen.notes());
    lines.extend(report.paired.iter().flat_map(pairs));
    if report.counts.selected > 0 {
        lines.push(counts(report));
    }
    lines.join("\n")
}

/// What pairs were measured with, so that they can be measured again, and what speaks against them.
fn pairs(paired: &PairedReport) -> impl Iterator<Item = String> {
    let drift = paired.drift.as_ref().map(|drift| {
        let (moved, of) = (drift.moved.len(), drift.controls);
        format!(
            "note: {moved} of {of} unaffected benchmarks moved too: the machine may be what changed ({})",
            drift.moved.join(", ")
        )
    });
    [format!("in pairs with {}, --seed {}", paired.revision, paired.seed)].into_iter().chain(drift)
}

/// How many were measured, and what became of the others, in a line.
pub fn counts(report: &MeasureReport) -> String {
    let counts = &report.counts;
    let mut parts = vec![format!("{} of {} instances measured", counts.measured, counts.total)];
    for (count, what) in
        [(counts.failed, "failed"), (counts.skipped, "skipped"), (counts.unaffected, "unaffected and not run")]
    {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    if counts.measured == 0 {
        parts.push("nothing was measured: that is not the same as no change".to_owned());
    }
    format!("{} ({:.1} s)", parts.join(", "), report.timing.total_s)
}

/// A line of the table.
pub fn row(id: &str, result: &BenchmarkResult) -> Row {
    Row {
        benchmark: id.to_owned(),
        unit: Unit::parse(&result.unit),
        baseline: result.baseline,
        current: result.current,
        delta_pct: result.delta_pct,
        status: result.status.as_str().to_owned(),
        verdict: result.verdict,
        reason: result.reason.clone().filter(|_| result.status != Status::Ok),
    }
}
