//! The baseline, or the results of a step.

use super::Look;
use super::table::{Row, render};
use super::units::{Unit, format_value};
use crate::session::{Results, StepBenchmark, StepReport};
use lightspeed_core::stats::Verdict;

/// The results as people read them.
pub fn text(results: &Results, look: Look) -> String {
    let Some(step_report) = &results.step else { return baselines(results) };
    let rows = step(step_report);
    if rows.is_empty() { format!("step {} has no results", step_report.step_id) } else { render(&rows, look) }
}

fn baselines(results: &Results) -> String {
    if results.baselines.is_empty() {
        return "there is no baseline yet: run `lightspeed init`".to_owned();
    }
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING).set_header(["benchmark", "baseline", "99 % interval", "samples"]);
    for (id, baseline) in &results.baselines {
        let unit = Unit::parse(baseline.unit.as_deref().unwrap_or("seconds"));
        let bound = |value: Option<f64>| value.map_or_else(|| "?".to_owned(), |v| format_value(v, &unit));
        let interval = format!("{} … {}", bound(baseline.stats.ci_99_a), bound(baseline.stats.ci_99_b));
        let samples = baseline.stats.repeat.map_or_else(|| "?".to_owned(), |n| n.to_string());
        table.add_row([id.clone(), format_value(baseline.stats.median, &unit), interval, samples]);
    }
    let steps =
        if results.steps.is_empty() { String::new() } else { format!("\n\nsteps: {}", results.steps.join(", ")) };
    format!("{}{steps}", table.trim_fmt())
}

fn step(step: &StepReport) -> Vec<Row> {
    let row = |(id, result): (&String, &StepBenchmark)| Row {
        benchmark: id.clone(),
        unit: Unit::parse(result.evidence.unit.as_deref().unwrap_or("seconds")),
        baseline: result.baseline,
        current: result.stats.map(|s| s.median),
        delta_pct: result.delta_pct,
        status: result.status.clone(),
        verdict: result.verdict.as_deref().and_then(Verdict::parse),
        reason: result.reason.clone(),
    };
    step.benchmarks.iter().map(row).collect()
}
